package io.stoq.trustchain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.pem.Pem;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.TestAuthority;
import io.stoq.tls.TlsPair;
import io.stoq.tls.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.tls.AlertDescription;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes of a fleet shake hands, each showing what the authority issued to it. */
class MutualTlsTest {

    private static final String SERVER = "server.example";

    @TempDir
    Path temporary;

    private Fleet fleet;
    private CaFolder files;

    @BeforeEach
    void fleet() {
        fleet = new Fleet(temporary.resolve("ca"));
        files = new CaFolder(new FileDisk(), fleet.folder);
    }

    private static Identity node(TrustChain authority, KeyAlgorithm algorithm, String name) throws Exception {
        KeyPair keys = algorithm.generate();
        return authority
                .issue(IssueRequest.of(CertificateRequest.create(keys, List.of(name))))
                .identity(keys.getPrivate());
    }

    private static TlsPair shake(Identity client, Identity server, Trust trust) {
        return new TlsPair(
                        builder(client, trust).build(),
                        builder(server, trust).requireClientCertificate(true).build(),
                        SERVER,
                        1)
                .run();
    }

    private static StoqTls.Builder builder(Identity identity, Trust trust) {
        return StoqTls.builder().identity(identity).trust(trust).applicationProtocols("echo");
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void nodesOfOneFleetKnowEachOther(KeyAlgorithm algorithm) throws Exception {
        AuthorityProfile profile =
                AuthorityProfile.named("Fleet").withAlgorithm(algorithm).withPermitted(List.of("example"));
        try (TrustChain authority = fleet.create(profile)) {
            Identity client = node(authority, algorithm, "client.example");
            Identity server = node(authority, algorithm, SERVER);
            TlsPair pair = shake(client, server, Trust.pem(files.root(), files.revocationList()));
            assertNotNull(pair.client.complete(), () -> "" + pair.client.alert());
            assertNotNull(pair.server.complete(), () -> "" + pair.server.alert());
            assertEquals(client.certificates(), pair.server.complete().peerCertificates());
        }
    }

    @Test
    void aRevokedNodeIsRefusedOnBothSides() throws Exception {
        try (TrustChain authority = fleet.create()) {
            Identity good = node(authority, KeyAlgorithm.P256, SERVER);
            Identity bad = node(authority, KeyAlgorithm.P256, SERVER);
            assertNotNull(shake(bad, good, Trust.pem(files.root(), files.revocationList()))
                    .server
                    .complete());
            authority.revoke(bad.certificates().getFirst(), RevocationReason.KEY_COMPROMISE);
            Trust trust = Trust.pem(files.root(), files.revocationList());
            assertRevoked(shake(bad, good, trust).server);
            assertRevoked(shake(good, bad, trust).client);
            assertNotNull(shake(good, good, trust).server.complete());
        }
    }

    @Test
    void aNodeOfAnotherFleetIsRefused() throws Exception {
        Fleet other = new Fleet(temporary.resolve("other"));
        try (TrustChain authority = fleet.create();
                TrustChain stranger = other.create()) {
            TlsPair.Side server = shake(
                            node(stranger, KeyAlgorithm.P256, "client.example"),
                            node(authority, KeyAlgorithm.P256, SERVER),
                            Trust.pem(files.root()))
                    .server;
            assertNull(server.complete());
            assertNotNull(server.alert());
        }
    }

    /** Without a list of its issuer nothing is known of a certificate. */
    @Test
    void whatNoRevocationListSpeaksOfIsRefused() throws Exception {
        TestAuthority authority = TestAuthority.root("elsewhere");
        Identity elsewhere = authority.issue("P-256", Duration.ZERO, KeyPurposeId.anyExtendedKeyUsage, SERVER);
        fleet.create().close();
        CertificateFile file = new CertificateFile(Path.of("elsewhere.pem"), elsewhere.certificates());
        Path root = temporary.resolve("elsewhere.pem");
        Files.writeString(root, Pem.blocks(List.of(authority.certificate())));
        file.check(Trust.pem(root), null);
        Fleet.assertRefused(
                () -> file.check(Trust.pem(root, files.revocationList()), null),
                "elsewhere.pem",
                "revoked is unknown",
                "CN=elsewhere");
    }

    private static void assertRevoked(TlsPair.Side side) {
        assertNull(side.complete());
        assertEquals(AlertDescription.certificate_revoked, side.alert().description());
        assertTrue(
                side.alert().message().contains("CN=" + SERVER + " was revoked"),
                side.alert().message());
    }
}
