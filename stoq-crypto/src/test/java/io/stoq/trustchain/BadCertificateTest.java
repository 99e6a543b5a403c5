package io.stoq.trustchain;

import static io.stoq.trustchain.Fleet.assertRefused;
import static io.stoq.trustchain.Fleet.wanted;

import io.stoq.pem.Pem;
import io.stoq.tls.Identity;
import io.stoq.tls.TestAuthority;
import io.stoq.tls.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that can be wrong with a certificate's files: each is said with the file and the reason. */
class BadCertificateTest {

    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final Trust TRUST = Trust.certificates(AUTHORITY.certificate());
    private static final KeyPurposeId BOTH = KeyPurposeId.anyExtendedKeyUsage;

    @TempDir
    Path temporary;

    private Path file;

    @BeforeEach
    void file() {
        file = temporary.resolve("node.pem");
    }

    private CertificateFile write(List<X509Certificate> chain) throws Exception {
        Files.writeString(file, Pem.blocks(chain));
        return CertificateFile.read(file);
    }

    private CertificateFile issued(Duration shift, KeyPurposeId purpose, String... names) throws Exception {
        return write(AUTHORITY.issue("P-256", shift, purpose, names).certificates());
    }

    @Test
    void aGoodOneIsTaken() throws Exception {
        issued(Duration.ZERO, BOTH, "node.example", "fd00::1").check(TRUST, "fd00::1");
    }

    @Test
    void outOfDate() throws Exception {
        CertificateFile expired = issued(Duration.ofDays(-3), BOTH, "node.example");
        assertRefused(() -> expired.check(TRUST, null), "node.pem", "expired at");
        CertificateFile future = issued(Duration.ofDays(3), BOTH, "node.example");
        assertRefused(() -> future.check(TRUST, null), "node.pem", "valid only from");
    }

    @Test
    void forAnotherNameAddressOrUse() throws Exception {
        CertificateFile named = issued(Duration.ZERO, BOTH, "node.example", "fd00::1");
        assertRefused(
                () -> named.check(TRUST, "other.example"), "node.pem", "wrong name", "other.example", "node.example");
        assertRefused(() -> named.check(TRUST, "fd00::2"), "node.pem", "wrong name", "fd00:0:0:0:0:0:0:2");
        CertificateFile client = issued(Duration.ZERO, KeyPurposeId.id_kp_clientAuth, "node.example");
        assertRefused(() -> client.check(TRUST, null), "node.pem", "key usage", "server");
        CertificateFile server = issued(Duration.ZERO, KeyPurposeId.id_kp_serverAuth, "node.example");
        assertRefused(() -> server.check(TRUST, null), "node.pem", "key usage", "client");
        CertificateFile mail = issued(Duration.ZERO, KeyPurposeId.id_kp_emailProtection, "node.example");
        assertRefused(() -> mail.check(TRUST, null), "node.pem", "key usage");
    }

    @Test
    void withoutAnyName() throws Exception {
        CertificateFile unnamed =
                write(AUTHORITY.issueClient("node").certificates().subList(0, 1));
        X509Certificate bare = TestAuthority.sign(
                "bare",
                Fleet.KEYS,
                "bare",
                Fleet.KEYS.getPrivate(),
                false,
                Duration.ZERO,
                KeyPurposeId.id_kp_serverAuth);
        assertRefused(() -> unnamed.check(TRUST, "other.example"), "node.pem");
        CertificateFile none = write(List.of(bare));
        assertRefused(() -> none.check(TRUST, null), "node.pem", "no DNS name and no IP address");
    }

    @Test
    void ofNobodyThatIsTrusted() throws Exception {
        CertificateFile selfSigned = write(Identity.selfSigned("node.example").certificates());
        assertRefused(() -> selfSigned.check(TRUST, null), "node.pem", "untrusted issuer", "self-signed");
        CertificateFile stranger =
                write(TestAuthority.root("stranger").issue("node.example").certificates());
        assertRefused(() -> stranger.check(TRUST, null), "node.pem", "untrusted issuer", "CN=stranger");
    }

    @Test
    void ofABrokenChain() throws Exception {
        List<X509Certificate> chain = AUTHORITY
                .intermediate("middle")
                .issue("P-256", Duration.ZERO, BOTH, "node.example")
                .certificates();
        CertificateFile gap = write(chain.subList(0, 1));
        assertRefused(() -> gap.check(TRUST, null), "node.pem", "untrusted issuer", "CN=middle");
        KeyPair keys = TestAuthority.keys("P-256");
        CertificateFile swapped = write(chain.reversed());
        Path key = Files.writeString(temporary.resolve("node.key"), Pem.block(keys.getPrivate(), keys.getPublic()));
        assertRefused(() -> swapped.keys(key), "node.pem", "is not issued by the next one");
    }

    @Test
    void withTheKeyOfAnother() throws Exception {
        CertificateFile own = issued(Duration.ZERO, BOTH, "node.example");
        KeyPair keys = TestAuthority.keys("P-256");
        Path key = Files.writeString(temporary.resolve("node.key"), Pem.block(keys.getPrivate(), keys.getPublic()));
        assertRefused(() -> own.keys(key), "node.pem", "node.key", "does not belong");
        Path none = Files.writeString(temporary.resolve("none.key"), "");
        assertRefused(() -> own.keys(none), "none.key", "0 private keys");
    }

    @Test
    void whatIsNoCertificateFile() throws Exception {
        assertRefused(() -> CertificateFile.read(file), "node.pem", "does not exist");
        assertRefused(() -> CertificateFile.read(temporary), temporary.toString(), "is a folder");
        String whole = Pem.blocks(AUTHORITY.issue("node.example").certificates());
        for (int length = 1; length < whole.length() - 1; length++) {
            Files.writeString(file, whole.substring(0, length));
            assertRefused(() -> CertificateFile.read(file), "node.pem");
        }
        Files.write(file, new byte[] {0x30, (byte) 0x82, (byte) 0xff});
        assertRefused(() -> CertificateFile.read(file), "node.pem", "DER");
        Path request = Files.writeString(
                temporary.resolve("node.csr"),
                wanted("node.example").request().pem().substring(0, 200));
        assertRefused(() -> CertificateRequest.read(request), "node.csr", "broken PEM");
        assertRefused(() -> CertificateRequest.read(temporary), temporary.toString(), "is a folder");
    }
}
