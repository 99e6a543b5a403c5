package io.stoq.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {

    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");

    @TempDir
    Path folder;

    private static String pem(PemObjectGenerator object) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    private static String pem(Object object) throws IOException {
        return pem(new JcaMiscPEMGenerator(object));
    }

    /** As openssl ecparam -genkey and openssl rsa -traditional write keys. */
    private static String traditional(PrivateKey key) throws IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        if (!key.getAlgorithm().equals("EC")) {
            return pem(key);
        }
        ASN1Encodable curve = info.getPrivateKeyAlgorithm().getParameters();
        BigInteger secret = ECPrivateKey.getInstance(info.parsePrivateKey()).getKey();
        int bits = ((ECKey) key).getParams().getOrder().bitLength();
        return pem(new PemObject("EC PRIVATE KEY", new ECPrivateKey(bits, secret, curve).getEncoded()));
    }

    private static X509Certificate certificate(KeyPair keys) {
        return TestAuthority.sign(
                "leaf", keys, "leaf", keys.getPrivate(), false, Duration.ZERO, KeyPurposeId.id_kp_serverAuth, "leaf");
    }

    private static String refusal(Executable action) {
        return assertThrows(IllegalArgumentException.class, action).getMessage();
    }

    private static void assertSays(String message, String... words) {
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    @ParameterizedTest
    @CsvSource({"P-256,EC PRIVATE KEY", "P-384,EC PRIVATE KEY", "P-521,EC PRIVATE KEY", "RSA,RSA PRIVATE KEY"})
    void traditionalKeysAreRead(String kind, String block) throws Exception {
        KeyPair keys = TestAuthority.keys(kind);
        String key = traditional(keys.getPrivate());
        assertSays(key, "BEGIN " + block);
        X509Certificate certificate = certificate(keys);
        assertEquals(List.of(certificate), Identity.ofPem(pem(certificate), key).certificates());
    }

    @ParameterizedTest
    @CsvSource({"P-256", "P-384", "P-521", "RSA", "Ed25519"})
    void pkcs8KeysAreRead(String kind) throws Exception {
        KeyPair keys = TestAuthority.keys(kind);
        String key = pem(
                new PKCS8Generator(PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded()), null));
        assertSays(key, "BEGIN PRIVATE KEY");
        Identity.ofPem(pem(certificate(keys)), key);
    }

    @Test
    void curveParametersAndRemarksMayStandBesideTheKey() throws Exception {
        KeyPair keys = TestAuthority.keys("P-256");
        String parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        Identity.ofPem(
                "subject=leaf\n" + pem(certificate(keys)), "a remark\n" + parameters + traditional(keys.getPrivate()));
    }

    @Test
    void oneFileMayHoldKeyAndChain() throws Exception {
        Identity issued = AUTHORITY.intermediate("middle").issue("server.example");
        Path chain = folder.resolve("chain.pem");
        Path key = folder.resolve("key.pem");
        issued.writePem(chain, key);
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(key) + Files.readString(chain));
        assertEquals(2, Identity.ofPem(both, both).certificates().size());
    }

    @Test
    void whatIsWrittenIsReadBackAndTheKeyIsTheOwnersOnly() throws Exception {
        Identity identity = Identity.selfSigned("server.example");
        Path chain = folder.resolve("chain.pem");
        Path key = folder.resolve("key.pem");
        identity.writePem(chain, key);
        identity.writePem(chain, key);
        assertEquals(identity.certificates(), Identity.ofPem(chain, key).certificates());
        if (Files.getFileStore(key).supportsFileAttributeView("posix")) {
            assertEquals(
                    Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE),
                    Files.getPosixFilePermissions(key));
        }
        assertFalse(identity.toString().contains("PRIVATE"));
    }

    @Test
    void anEncryptedKeyIsRefusedWithTheRemedy() throws Exception {
        KeyPair keys = TestAuthority.keys("P-256");
        String key = pem(new JcaPKCS8Generator(
                keys.getPrivate(),
                new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                        .setProvider(new BouncyCastleProvider())
                        .setPassword("secret".toCharArray())
                        .build()));
        assertSays(refusal(() -> Identity.ofPem(pem(certificate(keys)), key)), "encrypted", "openssl pkey");
    }

    @Test
    void missingAndBrokenFilesAreNamed() throws Exception {
        Path missing = folder.resolve("missing.pem");
        assertSays(refusal(() -> Identity.ofPem(missing, missing)), "missing.pem", "does not exist");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing here");
        assertSays(refusal(() -> Identity.ofPem(empty, empty)), "empty.pem", "BEGIN CERTIFICATE");
        assertSays(refusal(() -> Trust.pem(empty)), "empty.pem", "BEGIN CERTIFICATE");
        Path binary = Files.write(folder.resolve("cert.der"), new byte[] {0x30, (byte) 0x82, (byte) 0xff});
        assertSays(refusal(() -> Trust.pem(binary)), "cert.der", "DER");
        Path broken = Files.writeString(
                folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertSays(refusal(() -> Trust.pem(broken)), "broken.pem");
        String certificate = pem(certificate(TestAuthority.keys("P-256")));
        assertSays(refusal(() -> Identity.ofPem(certificate, certificate)), "0 private keys", "BEGIN PRIVATE KEY");
    }

    @Test
    void aChainOutOfOrderIsRefused() {
        Identity issued = AUTHORITY.intermediate("middle").issue("server.example");
        List<X509Certificate> swapped = new ArrayList<>(issued.certificates().reversed());
        PrivateKey key = TestAuthority.keys("P-256").getPrivate();
        assertSays(refusal(() -> Identity.of(swapped, key)), "certificate 1 (CN=middle)", "your own certificate first");
        assertSays(refusal(() -> Identity.of(List.of(), key)), "no certificate");
    }

    @Test
    void aChainWithANamesakeOfTheIssuerIsRefused() {
        X509Certificate leaf = AUTHORITY.issue("server.example").certificates().getFirst();
        X509Certificate namesake = TestAuthority.root("authority").certificate();
        PrivateKey key = TestAuthority.keys("P-256").getPrivate();
        assertSays(refusal(() -> Identity.of(List.of(leaf, namesake), key)), "is not issued by");
    }

    @ParameterizedTest
    @CsvSource({"P-256,P-256", "RSA,RSA", "Ed25519,Ed25519", "P-256,RSA", "Ed25519,P-256"})
    void aKeyOfAnotherCertificateIsRefused(String kind, String other) {
        X509Certificate certificate = certificate(TestAuthority.keys(kind));
        PrivateKey key = TestAuthority.keys(other).getPrivate();
        assertSays(refusal(() -> Identity.of(List.of(certificate), key)), "does not belong");
    }

    @Test
    void aShortRsaKeyIsRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        KeyPair keys = generator.generateKeyPair();
        assertSays(refusal(() -> Identity.of(List.of(certificate(keys)), keys.getPrivate())), "1024", "2048");
    }

    @Test
    void keyStoresAreRead() throws Exception {
        KeyPair keys = TestAuthority.keys("P-256");
        X509Certificate certificate = certificate(keys);
        char[] password = "secret".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("leaf", keys.getPrivate(), password, new Certificate[] {certificate});
        assertEquals(
                List.of(certificate),
                Identity.ofKeyStore(store, "leaf", password).certificates());
        assertSays(refusal(() -> Identity.ofKeyStore(store, "other", password)), "other", "[leaf]");
        assertSays(refusal(() -> Identity.ofKeyStore(store, "leaf", "wrong".toCharArray())), "password");
    }

    @Test
    void pkcs12FilesAreReadAndErrorsNameThem() throws Exception {
        KeyPair keys = TestAuthority.keys("P-256");
        X509Certificate certificate = certificate(keys);
        char[] password = "secret".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Path none = store(store, "none.p12", password);
        assertSays(refusal(() -> Identity.ofPkcs12(none, password)), "none.p12", "0 private keys");
        store.setKeyEntry("leaf", keys.getPrivate(), password, new Certificate[] {certificate});
        Path one = store(store, "one.p12", password);
        assertEquals(List.of(certificate), Identity.ofPkcs12(one, password).certificates());
        assertSays(refusal(() -> Identity.ofPkcs12(one, "wrong".toCharArray())), "one.p12", "this password");
        store.setKeyEntry("other", keys.getPrivate(), password, new Certificate[] {certificate});
        Path two = store(store, "two.p12", password);
        assertSays(refusal(() -> Identity.ofPkcs12(two, password)), "two.p12", "2 private keys", "leaf", "other");
        assertSays(refusal(() -> Identity.ofPkcs12(folder, password)), folder.toString(), "is a folder");
        Path missing = folder.resolve("missing.p12");
        assertSays(refusal(() -> Identity.ofPkcs12(missing, password)), "missing.p12", "does not exist");
        Path pem = Files.writeString(folder.resolve("leaf.pem"), pem(certificate));
        assertSays(refusal(() -> Identity.ofPkcs12(pem, password)), "leaf.pem", "PKCS #12", "ofPem");
    }

    private Path store(KeyStore store, String name, char[] password) throws Exception {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
        return file;
    }

    @Test
    void selfSignedCertificatesHaveTheirNamesAndMonth() throws Exception {
        Identity identity = Identity.selfSigned("server.example", "2001:db8::1", "*.wild.example", "bücher.example");
        X509Certificate certificate = identity.certificates().getFirst();
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        assertEquals(
                List.of("server.example", "2001:db8:0:0:0:0:0:1", "*.wild.example", "xn--bcher-kva.example"),
                names.stream().map(name -> name.get(1)).toList());
        Instant first = certificate.getNotBefore().toInstant();
        assertTrue(first.isBefore(Instant.now().minus(Duration.ofMinutes(59))));
        assertEquals(
                Duration.ofDays(30),
                Duration.between(first, certificate.getNotAfter().toInstant()));
        assertNotEquals(
                Identity.selfSigned("a").certificates().getFirst().getSerialNumber(), certificate.getSerialNumber());
    }

    @Test
    void ipv4AndOtherNonsenseIsRefused() {
        assertSays(refusal(() -> Identity.selfSigned("192.0.2.1")), "192.0.2.1", "IPv6 only");
        assertSays(refusal(() -> Identity.selfSigned("::ffff:192.0.2.1")), "IPv6 only");
        assertSays(refusal(() -> Identity.selfSigned("2001:db8::g")), "no IPv6 address");
        assertSays(refusal(() -> Identity.selfSigned("under score.example")), "neither");
        assertSays(refusal(() -> Identity.selfSigned("")), "neither");
        assertSays(refusal(() -> Identity.selfSigned()), "no name");
    }

    @Test
    void theFingerprintIsTheSha256OfTheCertificate() throws Exception {
        Identity identity = Identity.selfSigned("server.example");
        byte[] der = identity.certificates().getFirst().getEncoded();
        assertEquals(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der)),
                identity.sha256Fingerprint());
    }
}
