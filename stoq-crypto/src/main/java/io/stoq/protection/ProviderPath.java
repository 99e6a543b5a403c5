package io.stoq.protection;

import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/** Security providers of the class and module path, which need not be in the Java runtime's list. */
final class ProviderPath {

    private ProviderPath() {}

    /** @throws IllegalArgumentException if there is none of that name; the message has those that there are */
    static Provider find(String name) {
        Set<String> names = new LinkedHashSet<>();
        Arrays.stream(Security.getProviders()).map(Provider::getName).forEach(names::add);
        Iterator<Provider> providers = ServiceLoader.load(Provider.class).iterator();
        for (Provider provider = next(providers); provider != null; provider = next(providers)) {
            if (provider.getName().equals(name)) {
                return provider;
            }
            names.add(provider.getName());
        }
        throw new IllegalArgumentException("unknown security provider '" + name + "'; there are "
                + String.join(", ", names) + "; another one's jar must be on the class path");
    }

    /** The next that can be loaded; null at the end. */
    private static Provider next(Iterator<Provider> providers) {
        while (true) {
            try {
                return providers.hasNext() ? providers.next() : null;
            } catch (ServiceConfigurationError e) {
                // One that does not fit this runtime is none of ours.
            }
        }
    }
}
