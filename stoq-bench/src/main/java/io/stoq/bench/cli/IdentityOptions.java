package io.stoq.bench.cli;

import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Who a client is, for servers that ask. */
final class IdentityOptions {

    @ArgGroup(exclusive = false)
    private Files files;

    StoqTls.Builder apply(StoqTls.Builder tls) {
        return files == null ? tls : tls.identity(Identity.ofPem(files.certificate, files.key));
    }

    private static final class Files {

        @Option(
                names = "--cert",
                paramLabel = "FILE",
                required = true,
                description = "Certificate chain to show to servers that ask, PEM, one's own first. Default: none.")
        private Path certificate;

        @Option(names = "--key", paramLabel = "FILE", required = true, description = "Its private key, PEM.")
        private Path key;
    }
}
