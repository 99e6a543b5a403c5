package io.stoq.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** A source that a few words and a way to load make up. */
record LoadedSource(String name, List<Path> files, Supplier<Identity> loader) implements IdentitySource {

    @Override
    public Identity load() {
        return loader.get();
    }

    @Override
    public String toString() {
        return name;
    }
}
