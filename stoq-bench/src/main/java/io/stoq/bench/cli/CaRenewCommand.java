package io.stoq.bench.cli;

import io.stoq.trustchain.CertificateFile;
import io.stoq.trustchain.CertificateRequest;
import io.stoq.trustchain.IssuedCertificate;
import io.stoq.trustchain.NodeFiles;
import io.stoq.trustchain.TrustChain;
import io.stoq.trustchain.TrustChainException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Certifies a node, or the issuing authority, for some more time. */
@Command(
        name = "renew",
        description = "Certifies a node for some more time: same names, same key. Its cert.pem is replaced whole.",
        exitCodeOnExecutionException = Stoq.USAGE)
final class CaRenewCommand implements Callable<Integer> {

    private static final Duration NODE_LIFETIME = Duration.ofHours(24);
    private static final Duration ISSUING_LIFETIME = Duration.ofDays(1826);

    @Spec
    private CommandSpec spec;

    @Mixin
    private CaOptions ca;

    @Mixin
    private PasswordOptions password;

    @Parameters(paramLabel = "DIR", arity = "0..1", description = "The node's folder, with cert.pem and key.pem.")
    private Path node;

    @Option(
            names = "--issuing",
            description = "Renew the issuing authority's certificate instead; needs root.key in the folder.")
    private boolean issuing;

    @Option(
            names = "--lifetime",
            paramLabel = "TIME",
            converter = Lifetime.class,
            description = "How long it is valid, as in 90m, 24h or 30d. Default: 24h, of --issuing 1826d.")
    private Duration lifetime;

    @Override
    public Integer call() throws Exception {
        if (issuing == (node != null)) {
            throw new ParameterException(spec.commandLine(), "give either the folder of a node or --issuing");
        }
        if (issuing) {
            renewIssuing();
        } else {
            renewNode(NodeFiles.in(node));
        }
        return 0;
    }

    private void renewNode(NodeFiles files) throws UserError, TrustChainException {
        CertificateFile current = CertificateFile.read(files.certificate());
        CertificateRequest request = files.renewalRequest();
        try (TrustChain authority = password.open(ca.folder())) {
            IssuedCertificate renewed = renew(authority, current, request);
            files.write(renewed, authority.root());
            print(files.certificate(), renewed.certificate().getNotAfter().toInstant());
        }
    }

    private IssuedCertificate renew(TrustChain authority, CertificateFile current, CertificateRequest request)
            throws UserError {
        try {
            return authority.renew(current.certificate(), request, lifetime == null ? NODE_LIFETIME : lifetime);
        } catch (TrustChainException e) {
            throw new UserError(current.file() + ": " + e.getMessage(), e);
        }
    }

    private void renewIssuing() throws UserError, TrustChainException {
        Path folder = ca.folder();
        Duration asked = lifetime == null ? ISSUING_LIFETIME : lifetime;
        password.use(false, word -> {
            try (TrustChain authority = TrustChain.open(folder, word)) {
                authority.renewIssuing(word, asked);
                print(
                        folder.resolve("issuing.pem"),
                        authority.issuing().getNotAfter().toInstant());
            }
            return null;
        });
    }

    private void print(Path file, Instant end) {
        spec.commandLine().getOut().println(file + " renewed, valid until " + end);
    }
}
