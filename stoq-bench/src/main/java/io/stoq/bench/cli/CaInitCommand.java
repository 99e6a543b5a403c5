package io.stoq.bench.cli;

import io.stoq.trustchain.AuthorityProfile;
import io.stoq.trustchain.KeyAlgorithm;
import io.stoq.trustchain.TrustChain;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes an authority. */
@Command(
        name = "init",
        description = "Makes an authority: a root, an issuing authority below it, and an empty log.",
        exitCodeOnExecutionException = Stoq.USAGE)
final class CaInitCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CaOptions ca;

    @Mixin
    private PasswordOptions password;

    @Option(
            names = "--name",
            paramLabel = "TEXT",
            description = "What the root is called. Default: STOQ fleet, and a number that no other has.")
    private String name;

    @Option(
            names = "--algorithm",
            paramLabel = "NAME",
            defaultValue = "P256",
            description = "Of its keys: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private KeyAlgorithm algorithm;

    @Option(
            names = "--permit",
            paramLabel = "NAME",
            description = "Certify only names under this domain, or addresses under this IPv6 prefix, as in"
                    + " fleet.example or fd00:1::/32. May be repeated. Default: every name.")
    private List<String> permitted = List.of();

    @Override
    public Integer call() throws Exception {
        AuthorityProfile profile = AuthorityProfile.named(name == null ? defaultName() : name)
                .withAlgorithm(algorithm)
                .withPermitted(permitted);
        Path folder = ca.folder();
        try (TrustChain authority = password.use(true, word -> TrustChain.create(folder, profile, word))) {
            spec.commandLine()
                    .getOut()
                    .println("authority in " + folder + ", trusted with " + folder.resolve("root.pem") + " until "
                            + authority.root().getNotAfter().toInstant());
        }
        return 0;
    }

    /** Two authorities of one name would make errors hard to read. */
    private static String defaultName() {
        return "STOQ fleet %08x".formatted(new SecureRandom().nextInt());
    }
}
