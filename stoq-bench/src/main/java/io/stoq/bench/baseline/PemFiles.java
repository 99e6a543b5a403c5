package io.stoq.bench.baseline;

import io.stoq.tls.Identity;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An identity in files, which is how Netty takes one; they are deleted on closing. */
final class PemFiles implements AutoCloseable {

    private final Path folder;
    private final Path certificate;
    private final Path key;

    PemFiles(Identity identity) throws IOException {
        folder = Files.createTempDirectory("stoq-bench-");
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("key.pem");
        identity.writePem(certificate, key);
    }

    File certificate() {
        return certificate.toFile();
    }

    File key() {
        return key.toFile();
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(key);
        Files.deleteIfExists(certificate);
        Files.deleteIfExists(folder);
    }
}
