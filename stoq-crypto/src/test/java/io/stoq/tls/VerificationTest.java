package io.stoq.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.tls.TlsPair.Side;
import java.net.Socket;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;

/** Which certificates are accepted, which alert the others get, and what the reader of the log is told. */
class VerificationTest {

    private static final int BAD_CERTIFICATE = 42;
    private static final int CERTIFICATE_EXPIRED = 45;
    private static final int CERTIFICATE_UNKNOWN = 46;
    private static final int UNKNOWN_CA = 48;
    private static final int CERTIFICATE_REQUIRED = 116;

    private static final String NAME = "server.example";
    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final TestAuthority STRANGER = TestAuthority.root("stranger");
    private static final Trust TRUST = Trust.certificates(AUTHORITY.certificate());
    private static final Identity SERVER = AUTHORITY.issue(NAME);

    private static Side clientOf(Identity server, Trust trust, String name) {
        StoqTls client =
                StoqTls.builder().trust(trust).applicationProtocols("echo").build();
        StoqTls other =
                StoqTls.builder().identity(server).applicationProtocols("echo").build();
        return new TlsPair(client, other, name, 1).run().client;
    }

    private static void assertRefused(int alert, Side side, String... words) {
        assertNull(side.complete());
        assertNull(side.secrets(EncryptionLevel.APPLICATION));
        assertNotNull(side.alert(), () -> side.story().toString());
        String message = side.alert().message();
        assertEquals(alert, side.alert().description(), message);
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    private static Identity outOfDate(Duration shift) {
        return AUTHORITY.issue("P-256", shift, KeyPurposeId.id_kp_serverAuth, NAME);
    }

    @Test
    void anExpiredCertificateIsRefusedWithItsDate() {
        Identity expired = outOfDate(Duration.ofDays(-3));
        String last =
                expired.certificates().getFirst().getNotAfter().toInstant().toString();
        Side client = clientOf(expired, TRUST, NAME);
        assertRefused(CERTIFICATE_EXPIRED, client, "expired at " + last, "CN=" + NAME, "clock");
        assertTrue(client.alert().cause() instanceof CertificateException);
    }

    @Test
    void aCertificateOfTheFutureIsRefusedWithItsDate() {
        assertRefused(CERTIFICATE_EXPIRED, clientOf(outOfDate(Duration.ofDays(3)), TRUST, NAME), "valid only from");
    }

    @Test
    void anExpiredCertificateIsRefusedEvenWhereItIsTrustedItself() {
        Identity expired = outOfDate(Duration.ofDays(-3));
        Trust itself = Trust.certificates(expired.certificates().getFirst());
        assertRefused(CERTIFICATE_EXPIRED, clientOf(expired, itself, NAME), "expired at");
    }

    @Test
    void anUnknownIssuerIsRefusedWithItsNameAndTheRemedy() {
        Identity strange = STRANGER.issue(NAME);
        assertRefused(
                UNKNOWN_CA,
                clientOf(strange, TRUST, NAME),
                "untrusted issuer",
                "CN=stranger",
                "Trust.pem",
                strange.sha256Fingerprint());
    }

    @Test
    void aSelfSignedCertificateIsRefusedByThePlatformsTrust() {
        assertRefused(UNKNOWN_CA, clientOf(Identity.selfSigned(NAME), Trust.platform(), NAME), "self-signed");
    }

    @Test
    void aMissingIntermediateIsAnUnknownIssuer() {
        KeyPair keys = TestAuthority.keys("P-256");
        KeyPair middle = TestAuthority.keys("P-256");
        X509Certificate leaf = TestAuthority.sign(
                NAME, keys, "middle", middle.getPrivate(), false, Duration.ZERO, KeyPurposeId.id_kp_serverAuth, NAME);
        assertRefused(UNKNOWN_CA, clientOf(Identity.of(List.of(leaf), keys.getPrivate()), TRUST, NAME), "CN=middle");
    }

    @Test
    void aForgedIssuerIsRefused() {
        TestAuthority namesake = TestAuthority.root("authority");
        Side client = clientOf(namesake.issue(NAME), TRUST, NAME);
        assertNull(client.complete());
        assertNotNull(client.alert());
    }

    @Test
    void aWrongNameIsRefusedWithBothNames() {
        assertRefused(
                BAD_CERTIFICATE,
                clientOf(SERVER, TRUST, "other.example"),
                "wrong name",
                "asked for other.example",
                "[" + NAME + "]");
    }

    @Test
    void aWrongAddressIsRefusedWithBoth() {
        Identity server = AUTHORITY.issue("2001:db8::1");
        assertNotNull(clientOf(server, TRUST, "2001:db8::1").complete());
        assertRefused(BAD_CERTIFICATE, clientOf(server, TRUST, "2001:db8::2"), "asked for 2001:db8:0:0:0:0:0:2");
        assertRefused(BAD_CERTIFICATE, clientOf(SERVER, TRUST, "::1"), "asked for 0:0:0:0:0:0:0:1");
    }

    @Test
    void aCertificateForClientsIsRefusedOfAServer() {
        Identity wrongUse = AUTHORITY.issue("P-256", Duration.ZERO, KeyPurposeId.id_kp_clientAuth, NAME);
        assertRefused(CERTIFICATE_UNKNOWN, clientOf(wrongUse, TRUST, NAME), "certificate refused");
    }

    @Test
    void aSelfSignedCertificateMayBeTrustedItself() {
        Identity identity = Identity.selfSigned(NAME, "2001:db8::5");
        Trust itself = Trust.certificates(identity.certificates().getFirst());
        assertNotNull(clientOf(identity, itself, NAME).complete());
        assertNotNull(clientOf(identity, itself, "2001:db8::5").complete());
        assertRefused(BAD_CERTIFICATE, clientOf(identity, itself, "other.example"), "wrong name");
    }

    @Test
    void aPinnedCertificateIsTakenUnderAnyNameAndNoOther() {
        Identity identity = Identity.selfSigned("whatever.example");
        String colons = identity.sha256Fingerprint().toUpperCase().replaceAll("(..)(?!$)", "$1:");
        assertNotNull(clientOf(identity, Trust.fingerprint(identity.sha256Fingerprint()), NAME)
                .complete());
        assertNotNull(clientOf(identity, Trust.fingerprint(colons), NAME).complete());
        assertRefused(
                CERTIFICATE_UNKNOWN,
                clientOf(SERVER, Trust.fingerprint(identity.sha256Fingerprint()), NAME),
                SERVER.sha256Fingerprint());
    }

    @Test
    void aPinnedKeyIsTakenWhateverItsCertificateSays() {
        KeyPair keys = TestAuthority.keys("Ed25519");
        List<Identity> renewals = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            X509Certificate certificate = TestAuthority.sign(
                    "any", keys, "any", keys.getPrivate(), false, Duration.ofDays(-3 * i), null, "any.example");
            renewals.add(Identity.of(List.of(certificate), keys.getPrivate()));
        }
        Trust pin = Trust.publicKey(renewals.getFirst().publicKeySha256());
        for (Identity renewal : renewals) {
            assertNotNull(clientOf(renewal, pin, NAME).complete());
        }
        assertRefused(CERTIFICATE_UNKNOWN, clientOf(SERVER, pin, NAME), "not pinned", SERVER.publicKeySha256());
    }

    @Test
    void insecureTakesEveryone() {
        assertNotNull(clientOf(STRANGER.issue("other.example"), Trust.insecure(), NAME)
                .complete());
    }

    @Test
    void aTrustManagerOfOnesOwnSeesNameAndProtocol() {
        List<String> seen = new ArrayList<>();
        assertNotNull(clientOf(SERVER, Trust.manager(new Recorder(seen)), NAME).complete());
        assertEquals(List.of("HTTPS", NAME, "TLSv1.3", "1"), seen);
    }

    private static TlsPair mutual(Identity client) {
        StoqTls server = StoqTls.builder()
                .identity(SERVER)
                .trust(TRUST)
                .requireClientCertificate(true)
                .applicationProtocols("echo")
                .build();
        StoqTls other = StoqTls.builder()
                .identity(client)
                .trust(TRUST)
                .applicationProtocols("echo")
                .build();
        return new TlsPair(other, server, NAME, 3).run();
    }

    @Test
    void aClientWithCertificateIsKnownToTheServer() {
        for (String kind : List.of("P-256", "P-384", "Ed25519", "RSA")) {
            Identity client = AUTHORITY.issue(kind, Duration.ZERO, KeyPurposeId.id_kp_clientAuth, "alice");
            TlsPair pair = mutual(client);
            assertNotNull(pair.client.complete());
            assertEquals(client.certificates(), pair.server.complete().peerCertificates());
        }
    }

    @Test
    void aClientWithoutCertificateIsRefused() {
        TlsPair pair = mutual(null);
        assertNull(pair.server.complete());
        assertEquals(CERTIFICATE_REQUIRED, pair.server.alert().description());
    }

    /** Asked and not shown: in; shown and good: in, and known; shown and bad: out. */
    @Test
    void aClientsCertificateMayBeWantedOnly() {
        Identity client = AUTHORITY.issueClient("alice");
        assertEquals(List.of(), wanted(null).server.complete().peerCertificates());
        assertNotNull(wanted(null).client.complete());
        assertEquals(client.certificates(), wanted(client).server.complete().peerCertificates());
        TlsPair stranger = wanted(STRANGER.issueClient("mallory"));
        assertNull(stranger.server.complete());
        assertEquals(UNKNOWN_CA, stranger.server.alert().description());
        TlsPair expired = wanted(AUTHORITY.issue("P-256", Duration.ofDays(-2), KeyPurposeId.id_kp_clientAuth, "alice"));
        assertNull(expired.server.complete());
        assertEquals(CERTIFICATE_EXPIRED, expired.server.alert().description());
    }

    private static TlsPair wanted(Identity client) {
        StoqTls server = StoqTls.builder()
                .identity(SERVER)
                .trust(TRUST)
                .wantClientCertificate(true)
                .applicationProtocols("echo")
                .build();
        StoqTls other = StoqTls.builder()
                .identity(client)
                .trust(TRUST)
                .applicationProtocols("echo")
                .build();
        return new TlsPair(other, server, NAME, 3).run();
    }

    @Test
    void aClientOfAnUnknownIssuerIsRefused() {
        TlsPair pair = mutual(STRANGER.issueClient("mallory"));
        assertNull(pair.server.complete());
        assertEquals(UNKNOWN_CA, pair.server.alert().description());
        assertTrue(pair.server.alert().message().contains("CN=stranger"));
    }

    @Test
    void anExpiredClientIsRefused() {
        TlsPair pair = mutual(AUTHORITY.issue("P-256", Duration.ofDays(-2), KeyPurposeId.id_kp_clientAuth, "alice"));
        assertNull(pair.server.complete());
        assertEquals(CERTIFICATE_EXPIRED, pair.server.alert().description());
    }

    @Test
    void aServersCertificateIsRefusedOfAClient() {
        TlsPair pair = mutual(AUTHORITY.issue("alice"));
        assertNull(pair.server.complete());
        assertEquals(CERTIFICATE_UNKNOWN, pair.server.alert().description());
    }

    /** Takes everyone and notes what it could have checked. */
    private static final class Recorder extends X509ExtendedTrustManager {

        private final List<String> seen;

        Recorder(List<String> seen) {
            this.seen = seen;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            ExtendedSSLSession session = (ExtendedSSLSession) engine.getHandshakeSession();
            seen.add(engine.getSSLParameters().getEndpointIdentificationAlgorithm());
            seen.add(session.getPeerHost());
            seen.add(session.getProtocol());
            seen.add(String.valueOf(session.getRequestedServerNames().size()));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("not asked");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("not asked");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("not asked");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not asked");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("not asked");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
