package io.stoq.bench.cli;

import io.stoq.tls.Trust;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Whom a client believes. */
final class TrustOptions {

    @ArgGroup(heading = "Whom to believe; the platform's authorities where nothing is said:%n")
    private Choice choice;

    /** The platform's authorities where nothing was said. */
    Trust trust() {
        if (choice == null) {
            return Trust.platform();
        }
        if (choice.authorities != null) {
            return choice.authorities.trust();
        }
        return choice.insecure ? Trust.insecure() : Trust.fingerprint(choice.fingerprint);
    }

    private static final class Choice {

        @ArgGroup(exclusive = false)
        private AuthorityOptions authorities;

        @Option(
                names = "--fingerprint",
                paramLabel = "HEX",
                description = "Trust exactly the certificate with this SHA-256.")
        private String fingerprint;

        @Option(names = "--insecure", description = "Trust whoever answers; for tests on one machine.")
        private boolean insecure;
    }
}
