package io.stoq.tls;

import io.stoq.tls.engine.IdentitySelector;
import io.stoq.tls.engine.SigningIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Chooses among several identities by the name that the client asked for. Immutable, for any number of threads. */
final class Identities implements IdentitySelector {

    private final List<Supplier<Identity>> all;

    /** @param all in order of preference, at least one; the first is shown where no name was asked for */
    Identities(List<Supplier<Identity>> all) {
        this.all = List.copyOf(all);
    }

    @Override
    public List<SigningIdentity> candidates(String serverName) {
        List<SigningIdentity> exact = new ArrayList<>();
        List<SigningIdentity> wildcard = new ArrayList<>();
        List<SigningIdentity> others = new ArrayList<>();
        String pattern = wildcardOf(serverName);
        for (Supplier<Identity> supplier : all) {
            Identity identity = supplier.get();
            if (serverName != null && identity.dnsNames().contains(serverName)) {
                exact.add(identity.signing());
            } else if (pattern != null && identity.dnsNames().contains(pattern)) {
                wildcard.add(identity.signing());
            } else {
                others.add(identity.signing());
            }
        }
        exact.addAll(wildcard);
        // A client that asked for nothing, or for a name that is not here, decides itself whether the first will do.
        return exact.isEmpty() ? others : exact;
    }

    /** RFC 9525 §6.3: the asterisk is the whole first label, and stands for one. */
    private static String wildcardOf(String serverName) {
        int dot = serverName == null ? -1 : serverName.indexOf('.');
        return dot < 0 ? null : "*" + serverName.substring(dot);
    }
}
