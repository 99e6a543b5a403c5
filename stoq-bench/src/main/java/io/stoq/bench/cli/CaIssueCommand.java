package io.stoq.bench.cli;

import io.stoq.trustchain.CertificateRequest;
import io.stoq.trustchain.IssueRequest;
import io.stoq.trustchain.IssuedCertificate;
import io.stoq.trustchain.KeyAlgorithm;
import io.stoq.trustchain.NodeFiles;
import io.stoq.trustchain.TrustChain;
import io.stoq.trustchain.TrustChainException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Certifies a node. */
@Command(
        name = "issue",
        description = {
            "Certifies a node, as server and client: writes cert.pem, key.pem and ca.pem.",
            "With --csr the node keeps its key to itself, and key.pem is not written."
        },
        exitCodeOnExecutionException = Stoq.USAGE)
final class CaIssueCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CaOptions ca;

    @Mixin
    private PasswordOptions password;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "DNS names and IPv6 addresses that the node is reached by. Default: those of the request.")
    private List<String> names = List.of();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            required = true,
            description = "Folder for the node's files; made where it is missing.")
    private Path out;

    @Option(names = "--csr", paramLabel = "FILE", description = "The node's request (PKCS #10), PEM.")
    private Path request;

    @Option(
            names = "--algorithm",
            paramLabel = "NAME",
            defaultValue = "P256",
            description = "Of the node's new key: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private KeyAlgorithm algorithm;

    @Option(
            names = "--lifetime",
            paramLabel = "TIME",
            defaultValue = "24h",
            converter = Lifetime.class,
            description = "How long it is valid, as in 90m, 24h or 30d. Default: ${DEFAULT-VALUE}.")
    private Duration lifetime;

    @Override
    public Integer call() throws Exception {
        if (request == null && names.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "no name; give the DNS names and IPv6 addresses of the node, or --csr FILE");
        }
        NodeFiles files = NodeFiles.in(out);
        if (request == null) {
            files.requireNoKey();
        }
        KeyPair keys = request == null ? algorithm.generate() : null;
        CertificateRequest asked =
                keys == null ? CertificateRequest.read(request) : CertificateRequest.create(keys, names);
        IssueRequest wanted = IssueRequest.of(asked).withLifetime(lifetime);
        try (TrustChain authority = password.open(ca.folder())) {
            IssuedCertificate issued = authority.issue(names.isEmpty() ? wanted : wanted.withNames(names));
            write(files, keys, issued, authority);
        }
        return 0;
    }

    private void write(NodeFiles files, KeyPair keys, IssuedCertificate issued, TrustChain authority)
            throws TrustChainException {
        if (keys != null) {
            files.writeKey(keys.getPrivate(), issued.certificate());
        }
        files.write(issued, authority.root());
        spec.commandLine()
                .getOut()
                .println("certificate " + issued.certificate().getSerialNumber().toString(16) + " in "
                        + files.certificate() + ", valid until "
                        + issued.certificate().getNotAfter().toInstant());
    }
}
