package io.stoq.trustchain;

import static io.stoq.trustchain.Fleet.assertRefused;
import static io.stoq.trustchain.Fleet.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.TlsPair;
import io.stoq.tls.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** openssl takes what the authority makes, and the other way round. */
class OpensslInteropTest {

    private static final String VERIFY = "verify -x509_strict -CAfile ca/root.pem -untrusted ca/issuing.pem ";

    @TempDir
    Path temporary;

    private Openssl openssl;
    private Fleet fleet;

    @BeforeAll
    static void opensslIsHere() {
        assumeTrue(Openssl.isHere(), "openssl is not installed");
    }

    @BeforeEach
    void folders() {
        openssl = new Openssl(temporary);
        fleet = new Fleet(temporary.resolve("ca"));
    }

    private String issue(TrustChain authority, String file, String... names) throws Exception {
        Files.writeString(
                temporary.resolve(file), authority.issue(wanted(names)).pem());
        return file;
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void whatIsIssuedVerifies(KeyAlgorithm algorithm) throws Exception {
        AuthorityProfile profile = AuthorityProfile.named("Fleet")
                .withAlgorithm(algorithm)
                .withPermitted(List.of("fleet.example", "fd00:1::/32"));
        try (TrustChain authority = fleet.create(profile)) {
            issue(authority, "node.pem", "node.fleet.example", "fd00:1::7");
        }
        openssl.run(VERIFY + "-purpose sslserver -verify_hostname node.fleet.example node.pem");
        openssl.run(VERIFY + "-purpose sslclient -verify_ip fd00:1::7 node.pem");
        openssl.assertFails(VERIFY + "-verify_hostname other.fleet.example node.pem", "hostname mismatch");
        openssl.assertFails(VERIFY + "-verify_ip fd00:1::8 node.pem", "IP address mismatch");
        openssl.run(VERIFY + "-crl_check -CRLfile ca/crl.pem node.pem");
    }

    @Test
    void aRevokedCertificateIsRefused() throws Exception {
        try (TrustChain authority = fleet.create()) {
            issue(authority, "kept.pem", "kept.example");
            issue(authority, "taken.pem", "taken.example");
            authority.revoke(
                    CertificateFile.read(temporary.resolve("taken.pem")).certificate(),
                    RevocationReason.KEY_COMPROMISE);
        }
        openssl.run(VERIFY + "-crl_check -CRLfile ca/crl.pem kept.pem");
        openssl.assertFails(VERIFY + "-crl_check -CRLfile ca/crl.pem taken.pem", "certificate revoked");
        assertTrue(openssl.run("crl -in ca/crl.pem -noout -text").contains("Key Compromise"));
    }

    /** The name constraints are in the certificate: an authority that went astray is not believed. */
    @Test
    void nameConstraintsBindTheAuthority() throws Exception {
        AuthorityProfile profile = AuthorityProfile.named("Fleet").withPermitted(List.of("fleet.example"));
        fleet.create(profile).close();
        CaFolder files = new CaFolder(new FileDisk(), fleet.folder);
        Files.writeString(temporary.resolve("password"), new String(Fleet.PASSWORD) + "\n");
        openssl.run("req -newkey rsa:2048 -nodes -keyout astray.key -out astray.csr -subj /CN=astray");
        for (String name : List.of("DNS:node.other.example", "IP:fd00::1")) {
            Files.writeString(temporary.resolve("names"), "subjectAltName=" + name + "\n");
            openssl.run("x509 -req -in astray.csr -CA ca/issuing.pem -CAkey ca/issuing.key -passin file:password"
                    + " -CAcreateserial -days 1 -extfile names -out astray.pem");
            openssl.assertFails("verify -CAfile ca/root.pem -untrusted ca/issuing.pem astray.pem", "permitted subtree");
            Files.writeString(
                    temporary.resolve("chain.pem"),
                    Files.readString(temporary.resolve("astray.pem")) + Files.readString(files.issuing()));
            CertificateFile chain = CertificateFile.read(temporary.resolve("chain.pem"));
            assertRefused(() -> chain.check(Trust.pem(files.root()), null), "chain.pem");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
        "genpkey -algorithm ED25519"
    })
    void requestsOfOpensslAreCertified(String generate) throws Exception {
        openssl.run(generate + " -out node.key");
        openssl.run("req -new -key node.key -subj /CN=node -addext subjectAltName=DNS:node.example,IP:fd00::1"
                + " -out node.csr");
        try (TrustChain authority = fleet.create()) {
            CertificateRequest request = CertificateRequest.read(temporary.resolve("node.csr"));
            assertEquals(List.of("node.example", "fd00:0:0:0:0:0:0:1"), request.names());
            Files.writeString(
                    temporary.resolve("node.pem"),
                    authority.issue(IssueRequest.of(request)).pem());
        }
        openssl.run(VERIFY + "node.pem");
        Identity.ofPem(temporary.resolve("node.pem"), temporary.resolve("node.key"));
    }

    @ParameterizedTest
    @CsvSource({
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048, RSA",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521, ECDSA on secp521r1",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1, ECDSA on secp256k1",
        "genpkey -algorithm ED448, 1.3.101.113"
    })
    void requestsForOtherKeysAreRefused(String generate, String kind) throws Exception {
        openssl.run(generate + " -out node.key");
        openssl.run("req -new -key node.key -subj /CN=node -addext subjectAltName=DNS:node.example -out node.csr");
        assertRefused(
                () -> CertificateRequest.read(temporary.resolve("node.csr")),
                "node.csr",
                "unsupported kind (" + kind,
                "P-256");
    }

    @Test
    void requestsForOtherNamesThanNodesHaveAreRefused() throws Exception {
        openssl.run("genpkey -algorithm ED25519 -out node.key");
        for (String name : List.of("IP:192.0.2.1", "email:a@example.org", "DNS:*.example.org")) {
            openssl.run("req -new -key node.key -subj /CN=node -addext subjectAltName=" + name + " -out node.csr");
            assertRefused(
                    () -> CertificateRequest.read(temporary.resolve("node.csr")),
                    "node.csr",
                    "name that is not possible");
        }
        openssl.run("req -new -key node.key -subj /CN=node -out node.csr");
        try (TrustChain authority = fleet.create()) {
            IssueRequest unnamed = IssueRequest.of(CertificateRequest.read(temporary.resolve("node.csr")));
            assertRefused(() -> authority.issue(unnamed), "node.csr", "0 names");
            authority.issue(unnamed.withNames(List.of("node.example")));
        }
    }

    @Test
    void keysAreExchangedWithOpenssl() throws Exception {
        fleet.create().close();
        // One file for the password that opens and the one that closes: a line for each.
        Files.writeString(temporary.resolve("password"), (new String(Fleet.PASSWORD) + "\n").repeat(2));
        openssl.run("pkey -in ca/root.key -passin file:password -noout -check");
        assertTrue(openssl.run("asn1parse -in ca/issuing.key").contains("aes-256-cbc"));
        Path key = temporary.resolve("ca/issuing.key");
        for (String how : List.of("-v2 aes-256-cbc -v2prf hmacWithSHA512", "-scrypt")) {
            openssl.run("pkcs8 -topk8 -in ca/issuing.key -passin file:password -passout file:password " + how
                    + " -out other.key");
            Files.copy(temporary.resolve("other.key"), key, StandardCopyOption.REPLACE_EXISTING);
            fleet.open().close();
        }
    }

    /** An authority of openssl in place of ours: both ends show certificates of it. */
    @Test
    void certificatesOfOpensslWorkInTheirPlace() throws Exception {
        openssl.run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem"
                + " -subj /CN=Public -days 30");
        for (String node : List.of("server", "client")) {
            openssl.run("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + node + ".key -out " + node
                    + ".csr -subj /CN=" + node);
            Files.writeString(temporary.resolve("names"), "subjectAltName=DNS:" + node + ".example\n");
            openssl.run("x509 -req -in " + node + ".csr -CA root.pem -CAkey root.key -CAcreateserial -days 1"
                    + " -extfile names -out " + node + ".pem");
        }
        Trust trust = Trust.pem(temporary.resolve("root.pem"));
        TlsPair pair = new TlsPair(
                        tls("client", trust).build(),
                        tls("server", trust).requireClientCertificate(true).build(),
                        "server.example",
                        1)
                .run();
        assertNotNull(pair.client.complete(), () -> pair.client.story().toString());
        assertNotNull(pair.server.complete(), () -> pair.server.story().toString());
        fleet.create().close();
        CertificateFile file = CertificateFile.read(temporary.resolve("server.pem"));
        file.check(trust, "server.example");
        assertRefused(
                () -> file.check(Trust.pem(temporary.resolve("ca/root.pem")), null), "server.pem", "untrusted issuer");
    }

    private StoqTls.Builder tls(String node, Trust trust) {
        Identity identity = Identity.ofPem(temporary.resolve(node + ".pem"), temporary.resolve(node + ".key"));
        return StoqTls.builder().identity(identity).trust(trust).applicationProtocols("echo");
    }
}
