package io.stoq.bench.cli;

import io.stoq.trustchain.CertificateFile;
import io.stoq.trustchain.Revocation;
import io.stoq.trustchain.RevocationReason;
import io.stoq.trustchain.TrustChain;
import io.stoq.trustchain.TrustChainException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a certificate back. */
@Command(
        name = "revoke",
        description = "Revokes a certificate and writes the revocation list, crl.pem, anew.",
        exitCodeOnExecutionException = Stoq.USAGE)
final class CaRevokeCommand implements Callable<Integer> {

    private static final Pattern SERIAL = Pattern.compile("[0-9a-fA-F]{32,40}");

    @Spec
    private CommandSpec spec;

    @Mixin
    private CaOptions ca;

    @Mixin
    private PasswordOptions password;

    @Parameters(paramLabel = "FILE|SERIAL", description = "The certificate, PEM, or its serial number in hex.")
    private String certificate;

    @Option(
            names = "--reason",
            paramLabel = "NAME",
            defaultValue = "UNSPECIFIED",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private RevocationReason reason;

    @Override
    public Integer call() throws Exception {
        boolean serial = SERIAL.matcher(certificate).matches();
        CertificateFile file = serial ? null : CertificateFile.read(Path.of(certificate));
        try (TrustChain authority = password.open(ca.folder())) {
            Revocation revocation =
                    serial ? authority.revoke(new BigInteger(certificate, 16), reason) : revoke(authority, file);
            spec.commandLine()
                    .getOut()
                    .println("certificate " + revocation.serial().toString(16) + " revoked at " + revocation.at()
                            + ", listed in " + ca.folder().resolve("crl.pem"));
        }
        return 0;
    }

    private Revocation revoke(TrustChain authority, CertificateFile file) throws UserError {
        try {
            return authority.revoke(file.certificate(), reason);
        } catch (TrustChainException e) {
            throw new UserError(file.file() + ": " + e.getMessage(), e);
        }
    }
}
