package io.stoq.bench.cli;

import io.stoq.tls.Trust;
import io.stoq.trustchain.CertificateFile;
import io.stoq.trustchain.TrustChainException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at a certificate as a peer would. */
@Command(
        name = "check",
        description = {
            "Looks at a certificate, of whatever authority, as peers would: dates, issuers, names, use, revocation.",
            "Exits with 1 where they would refuse it."
        },
        exitCodeOnExecutionException = Stoq.USAGE)
final class CaCheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The certificate chain, PEM, the node's own first.")
    private Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "Its private key, PEM, to see whether it is.")
    private Path key;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            required = true,
            description = "The authorities that peers trust, PEM.")
    private Path authorities;

    @Option(names = "--crl", paramLabel = "FILE", description = "Revocation lists of the issuers, PEM.")
    private Path revocationLists;

    @Option(names = "--name", paramLabel = "NAME", description = "What peers connect to. Default: its first name.")
    private String name;

    @Override
    public Integer call() throws Exception {
        CertificateFile file = CertificateFile.read(certificate);
        if (key != null) {
            file.keys(key);
        }
        Trust trust = revocationLists == null ? Trust.pem(authorities) : Trust.pem(authorities, revocationLists);
        try {
            file.check(trust, name);
        } catch (TrustChainException e) {
            spec.commandLine().getErr().println("stoq: " + e.getMessage());
            return Stoq.FAILED;
        }
        spec.commandLine()
                .getOut()
                .println(certificate + " is right for " + String.join(" ", file.names()) + " until "
                        + file.certificate().getNotAfter().toInstant());
        return 0;
    }
}
