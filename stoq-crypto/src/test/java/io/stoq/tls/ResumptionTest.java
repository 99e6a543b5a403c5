package io.stoq.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.tls.TlsPair.Side;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that go on from an earlier one, and those that must not. */
class ResumptionTest {

    private static final int INITIAL = EncryptionLevel.INITIAL;
    private static final int APPLICATION = EncryptionLevel.APPLICATION;
    private static final int DECRYPT_ERROR = 51;
    private static final int CERTIFICATE_UNKNOWN = 46;
    private static final String NAME = "server.example";
    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final Identity SERVER = AUTHORITY.issue(NAME);
    private static final Identity CLIENT = AUTHORITY.issueClient("client");

    private final SetClock clock = new SetClock();
    private long seed;

    private StoqTls.Builder client() {
        return StoqTls.builder()
                .trust(Trust.certificates(AUTHORITY.certificate()))
                .applicationProtocols("echo")
                .clock(clock);
    }

    private StoqTls.Builder server() {
        return StoqTls.builder().identity(SERVER).applicationProtocols("echo").clock(clock);
    }

    private TlsPair connect(StoqTls client, StoqTls server) {
        return connect(client, server, NAME);
    }

    private TlsPair connect(StoqTls client, StoqTls server, String name) {
        TlsPair pair = new TlsPair(client, server, name, seed++).run();
        assertNotNull(
                pair.client.complete(), () -> "client " + pair.client.alert() + ", server " + pair.server.alert());
        assertNotNull(pair.server.complete(), () -> "server " + pair.server.alert());
        for (int level : new int[] {EncryptionLevel.HANDSHAKE, APPLICATION}) {
            assertArrayEquals(
                    pair.client.secrets(level).send(),
                    pair.server.secrets(level).receive());
            assertArrayEquals(
                    pair.client.secrets(level).receive(),
                    pair.server.secrets(level).send());
        }
        return pair;
    }

    private static void assertResumed(boolean resumed, TlsPair pair) {
        assertEquals(resumed, pair.client.complete().resumed());
        assertEquals(resumed, pair.server.complete().resumed());
    }

    @ParameterizedTest
    @EnumSource
    void theSecondConnectionIsResumedWithEveryCipherSuite(CipherSuite suite) {
        StoqTls client = client().cipherSuites(suite).build();
        StoqTls server = server().build();
        TlsPair first = connect(client, server);
        assertResumed(false, first);
        for (int i = 0; i < 4; i++) {
            clock.advance(Duration.ofMinutes(1));
            TlsPair again = connect(client, server);
            assertResumed(true, again);
            assertEquals(SERVER.certificates(), again.client.complete().peerCertificates());
            assertEquals(suite.id(), again.server.complete().cipherSuite());
            assertEquals("X25519MLKEM768", again.client.complete().keyExchangeGroup());
            assertEquals(NAME, again.server.complete().serverName());
            assertTrue(again.server.sent(EncryptionLevel.HANDSHAKE).length < 200, "no certificate, and no signature");
            assertFalse(Arrays.equals(
                    first.client.secrets(APPLICATION).send(),
                    again.client.secrets(APPLICATION).send()));
        }
    }

    @Test
    void aTicketOfOneSuiteResumesWithAnotherOfTheSameHash() {
        StoqTls server = server().cipherSuites(CipherSuite.CHACHA20_POLY1305_SHA256, CipherSuite.AES_256_GCM_SHA384)
                .build();
        StoqTls client = client().build();
        assertResumed(false, connect(client, server));
        assertResumed(true, connect(client, server));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1"})
    void aHelloRetryRequestDoesNotPreventIt(String group) {
        StoqTls server = server().keyExchangeGroups(group).build();
        StoqTls client = client().build();
        assertResumed(false, connect(client, server));
        clock.advance(Duration.ofSeconds(3));
        TlsPair again = connect(client, server);
        assertResumed(true, again);
        assertEquals(group, again.client.complete().keyExchangeGroup());
        assertResumed(true, connect(client, server));
    }

    @Test
    void aTicketIsUsedOnce() {
        StoqTls client = client().build();
        StoqTls server = server().build();
        connect(client, server);
        StoqTls silent = server().sessionTickets(false).build();
        // A server without the tickets' keys takes none, so that each try costs one of the two that came.
        assertResumed(false, connect(client, silent));
        assertResumed(false, connect(client, silent));
        assertResumed(false, connect(client, server));
    }

    @Test
    void aServerThatGivesNoTicketsIsNotResumed() {
        StoqTls client = client().build();
        StoqTls silent = server().sessionTickets(false).build();
        connect(client, silent);
        TlsPair second = connect(client, silent);
        assertResumed(false, second);
        assertEquals(0, second.server.sent(APPLICATION).length);
    }

    @Test
    void aClientWithoutACacheResumesNothing() {
        StoqTls client = client().sessionCache(0).build();
        StoqTls server = server().build();
        connect(client, server);
        assertResumed(false, connect(client, server));
    }

    @Test
    void namesAndProtocolsHaveTicketsOfTheirOwn() {
        byte[] secret = new byte[32];
        Identity both = AUTHORITY.issue("P-256", Duration.ZERO, KeyPurposeId.id_kp_serverAuth, NAME, "other.example");
        StoqTls server = server().identity(both).ticketSecrets(secret).build();
        StoqTls client = client().build();
        connect(client, server);
        assertResumed(false, connect(client, server, "other.example"));
        assertResumed(true, connect(client, server));
        StoqTls chat = server().identity(both)
                .ticketSecrets(secret)
                .applicationProtocols("chat")
                .build();
        StoqTls bilingual = client().applicationProtocols("echo", "chat").build();
        connect(bilingual, server);
        assertResumed(false, connect(bilingual, chat));
    }

    // ---- B-22: tickets that are old, altered or of another server

    @Test
    void anExpiredTicketIsNotTaken() {
        StoqTls client = client().build();
        StoqTls server = server().ticketLifetime(Duration.ofHours(1)).build();
        connect(client, server);
        clock.advance(Duration.ofMinutes(59));
        assertResumed(true, connect(client, server));
        clock.advance(Duration.ofMinutes(61));
        assertResumed(false, connect(client, server));
    }

    /** The client's clock stands still, so that it offers what the server has to refuse. */
    @Test
    void aServerRefusesAnExpiredTicketByItself() {
        StoqTls client = client().clock(new SetClock()).build();
        StoqTls server = server().ticketLifetime(Duration.ofHours(1)).build();
        connect(client, server);
        clock.advance(Duration.ofHours(1));
        assertResumed(false, connect(client, server));
        clock.advance(Duration.ofHours(-2));
        assertResumed(false, connect(client, server));
    }

    @Test
    void theKeyOfThePeriodBeforeStillOpens() {
        StoqTls client = client().build();
        StoqTls server = server().ticketLifetime(Duration.ofHours(1)).build();
        clock.now = Instant.ofEpochMilli(Duration.ofHours(100).minusMinutes(1).toMillis());
        connect(client, server);
        clock.advance(Duration.ofMinutes(2));
        assertResumed(true, connect(client, server));
    }

    @Test
    void anotherServersTicketIsNotTaken() {
        StoqTls client = client().build();
        connect(client, server().build());
        assertResumed(false, connect(client, server().build()));
    }

    @Test
    void anAlteredTicketMeansAFullHandshakeAndAFalseBinderAnAlert() {
        StoqTls client = client().keyExchangeGroups("x25519").build();
        StoqTls server = server().build();
        for (int fromEnd : new int[] {1, 60}) {
            connect(client, server);
            TlsPair pair = new TlsPair(client, server, NAME, seed++);
            pair.client.run();
            byte[] hello = pair.client.sent(INITIAL);
            hello[hello.length - fromEnd] ^= 1; // the binder is last, before it the age and the ticket's tag
            pair.server.feed(INITIAL, hello);
            if (fromEnd == 1) {
                assertEquals(DECRYPT_ERROR, pair.server.alert().description());
            } else {
                assertNull(pair.server.alert());
                assertTrue(pair.server.sent(EncryptionLevel.HANDSHAKE).length > 400, "with a certificate");
            }
        }
    }

    @Test
    void serversThatShareSecretsTakeEachOthersTickets() {
        byte[] old = new byte[32];
        byte[] young = new byte[32];
        young[0] = 1;
        StoqTls client = client().build();
        StoqTls between = server().ticketSecrets(young, old).build();
        StoqTls after = server().ticketSecrets(young).build();
        connect(client, server().ticketSecrets(old).build());
        assertResumed(true, connect(client, between));
        assertResumed(true, connect(client, after));
        assertResumed(false, connect(client, server().ticketSecrets(old).build()));
    }

    // ---- B-29: certificates are judged again

    @Test
    void aClientWhoseTrustChangedJudgesAnew() {
        Switch trust = new Switch();
        StoqTls client = client().trust(Trust.manager(trust)).build();
        StoqTls server = server().build();
        connect(client, server);
        int judged = trust.judged;
        assertResumed(true, connect(client, server));
        assertEquals(judged + 1, trust.judged);
        trust.refuses = true;
        Side refused = new TlsPair(client, server, NAME, seed++).run().client;
        assertNull(refused.complete());
        assertEquals(CERTIFICATE_UNKNOWN, refused.alert().description());
    }

    @Test
    void aServerWhoseTrustChangedJudgesAnew() {
        Switch trust = new Switch();
        StoqTls server = server().trust(Trust.manager(trust))
                .requireClientCertificate(true)
                .build();
        StoqTls client = client().identity(CLIENT).build();
        connect(client, server);
        int judged = trust.judged;
        TlsPair again = connect(client, server);
        assertResumed(true, again);
        assertEquals(judged + 1, trust.judged);
        assertEquals(CLIENT.certificates(), again.server.complete().peerCertificates());
        trust.refuses = true;
        Side refused = new TlsPair(client, server, NAME, seed++).run().server;
        assertNull(refused.complete());
        assertEquals(CERTIFICATE_UNKNOWN, refused.alert().description());
    }

    /** Otherwise a ticket from a server that asks nobody would open the door of one that does. */
    @Test
    void aTicketWithoutACertificateDoesNotPassWhereOneIsRequired() {
        byte[] secret = new byte[32];
        StoqTls open = server().ticketSecrets(secret).build();
        StoqTls strict = server().ticketSecrets(secret)
                .trust(Trust.certificates(AUTHORITY.certificate()))
                .requireClientCertificate(true)
                .build();
        StoqTls client = client().identity(CLIENT).build();
        connect(client, open);
        TlsPair pair = connect(client, strict);
        assertResumed(false, pair);
        assertEquals(CLIENT.certificates(), pair.server.complete().peerCertificates());
        connect(client, strict);
        assertEquals(List.of(), connect(client, open).server.complete().peerCertificates());
    }

    // ---- B-05: floods after the handshake

    @Test
    void aFloodOfTicketsFillsNoMemory() {
        StoqTls client = client().sessionCache(2).build();
        StoqTls server = server().build();
        TlsPair pair = connect(client, server);
        byte[] tickets = pair.server.sent(APPLICATION);
        for (int i = 0; i < 127; i++) {
            pair.client.feed(APPLICATION, tickets);
            assertNull(pair.client.violation());
        }
        pair.client.feed(APPLICATION, tickets);
        assertNotNull(pair.client.violation(), "more than 256");
        for (int i = 0; i < 4; i++) {
            assertTrue(new TlsPair(client, server, NAME, seed++)
                    .run()
                    .client
                    .complete()
                    .resumed());
        }
    }

    @Test
    void whatFollowsAServersFlightOfAResumptionIsLightEvenWhereItAsksForCertificates() {
        StoqTls server = server().trust(Trust.certificates(AUTHORITY.certificate()))
                .requireClientCertificate(true)
                .build();
        StoqTls client = client().identity(CLIENT).build();
        connect(client, server);
        TlsPair pair = new TlsPair(client, server, NAME, seed++);
        pair.client.run();
        pair.pass(pair.client, pair.server);
        assertTrue(pair.server.session.isLight());
    }

    // ---- exported keys

    @ParameterizedTest
    @EnumSource
    void bothSidesExportTheSameKeys(CipherSuite suite) {
        StoqTls client = client().cipherSuites(suite).build();
        StoqTls server = server().build();
        byte[] before = new byte[0];
        for (int i = 0; i < 2; i++) {
            TlsPair pair = connect(client, server);
            assertResumed(i == 1, pair);
            byte[] key = pair.client.complete().exporter().export("EXPORTER-test", new byte[] {1, 2}, 100);
            assertEquals(100, key.length);
            assertArrayEquals(key, pair.server.complete().exporter().export("EXPORTER-test", new byte[] {1, 2}, 100));
            assertFalse(Arrays.equals(key, before), "another connection");
            assertFalse(Arrays.equals(key, pair.client.complete().exporter().export("EXPORTER-test", null, 100)));
            assertFalse(Arrays.equals(
                    key, pair.client.complete().exporter().export("EXPORTER-other", new byte[] {1, 2}, 100)));
            before = key;
        }
    }

    @Test
    void exportsAreBoundedAndEndWithTheSession() {
        TlsPair pair = connect(client().build(), server().build());
        var exporter = pair.client.complete().exporter();
        for (int bytes : new int[] {0, -1, 255 * 32 + 1}) {
            assertThrows(IllegalArgumentException.class, () -> exporter.export("label", null, bytes));
        }
        for (String label : new String[] {"", "gr\u00fcn", "a\nb", "x".repeat(250)}) {
            assertThrows(IllegalArgumentException.class, () -> exporter.export(label, null, 32));
        }
        assertEquals(255 * 32, exporter.export("label", new byte[0], 255 * 32).length);
        assertArrayEquals(exporter.export("label", new byte[0], 32), exporter.export("label", null, 32));
        assertNotEquals(0, exporter.export("x".repeat(249), null, 1).length);
        pair.client.session.destroy();
        assertThrows(IllegalStateException.class, () -> exporter.export("label", null, 32));
    }

    /** A clock that is set by hand. */
    private static final class SetClock implements InstantSource {

        private Instant now = Instant.ofEpochSecond(1_800_000_000L);

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    /** Trusts everyone until it is told not to. */
    private static final class Switch extends X509ExtendedTrustManager {

        private boolean refuses;
        private int judged;

        private void judge() throws CertificateException {
            judged++;
            if (refuses) {
                throw new CertificateException("no longer trusted");
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            judge();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            judge();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
