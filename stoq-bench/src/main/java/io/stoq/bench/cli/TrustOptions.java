package io.stoq.bench.cli;

import io.stoq.tls.Trust;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Whom a client believes. */
final class TrustOptions {

    @ArgGroup
    private Choice choice;

    /** The platform's authorities where nothing was said. */
    Trust trust() {
        if (choice == null) {
            return Trust.platform();
        }
        if (choice.authorities != null) {
            return Trust.pem(choice.authorities);
        }
        return choice.insecure ? Trust.insecure() : Trust.fingerprint(choice.fingerprint);
    }

    private static final class Choice {

        @Option(
                names = "--trust",
                paramLabel = "FILE",
                description = "Trust the authorities in this PEM file, and no others. Default: the platform's.")
        private Path authorities;

        @Option(
                names = "--fingerprint",
                paramLabel = "HEX",
                description = "Trust exactly the certificate with this SHA-256.")
        private String fingerprint;

        @Option(names = "--insecure", description = "Trust whoever answers; for tests on one machine.")
        private boolean insecure;
    }
}
