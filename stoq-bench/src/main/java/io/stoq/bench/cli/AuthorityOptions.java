package io.stoq.bench.cli;

import io.stoq.tls.LiveOptions;
import io.stoq.tls.LiveTrust;
import io.stoq.tls.Trust;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Authorities of PEM files, less what they revoked. For a group that need not be given. */
final class AuthorityOptions {

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            required = true,
            description = "Trust the authorities in this PEM file, and no others.")
    private Path authorities;

    @Option(
            names = "--crl",
            paramLabel = "FILE",
            description = "Refuse what the revocation lists in this PEM file name; a list of the issuer must be there.")
    private Path revocationLists;

    /** Read again when the files change, for as long as the process runs. */
    LiveTrust live() {
        return revocationLists == null
                ? LiveTrust.pem(authorities, LiveOptions.defaults())
                : LiveTrust.pem(authorities, revocationLists, LiveOptions.defaults());
    }

    /** As the files are now. */
    Trust trust() {
        return revocationLists == null ? Trust.pem(authorities) : Trust.pem(authorities, revocationLists);
    }
}
