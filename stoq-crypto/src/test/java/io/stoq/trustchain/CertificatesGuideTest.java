package io.stoq.trustchain;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.TlsPair;
import io.stoq.tls.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippet of docs/guide/certificates.md: compiled and run here, and compared with what is printed there. */
class CertificatesGuideTest {

    @TempDir
    Path temporary;

    @Test
    void anIdentityIsIssuedAndUsed() throws Exception {
        Path folder = temporary.resolve("ca");
        char[] password = "correct horse".toCharArray();
        TrustChain.create(folder, AuthorityProfile.named("Fleet"), password).close();
        try (TrustChain authority = TrustChain.open(folder, password)) {
            KeyPair keys = KeyAlgorithm.P256.generate();
            CertificateRequest request = CertificateRequest.create(keys, List.of("node.example", "fd00:1::7"));
            Identity identity = authority.issue(IssueRequest.of(request)).identity(keys.getPrivate());
            StoqTls tls = StoqTls.builder()
                    .identity(identity)
                    .trust(Trust.certificates(authority.root()))
                    .requireClientCertificate(true)
                    .applicationProtocols("my-protocol")
                    .build();
            TlsPair pair = new TlsPair(tls, tls, "fd00:1::7", 1).run();
            assertNotNull(pair.client.complete());
            assertNotNull(pair.server.complete());
        }
    }

    @Test
    void theGuidePrintsWhatIsRun() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        String source = squeeze(Files.readString(
                root.resolve("stoq-crypto/src/test/java/io/stoq/trustchain/CertificatesGuideTest.java")));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(root.resolve("docs/guide/certificates.md")));
        assertTrue(block.find());
        assertTrue(source.contains(squeeze(block.group(1))), block.group(1));
    }

    private static String squeeze(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }
}
