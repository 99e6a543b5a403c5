package io.stoq.tls.s2n;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.TlsEvent;
import io.stoq.crypto.TlsSession;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.TestAuthority;
import io.stoq.tls.TlsPair;
import io.stoq.tls.TlsPair.Side;
import io.stoq.tls.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes against s2n-tls, another TLS in C, in both roles: all secrets must be the same. */
class S2nInteropTest {

    private static final String NAME = "server.example";
    private static final String CLASSIC = "default_tls13";
    private static final String HYBRID = "default_pq";
    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final Identity SERVER = AUTHORITY.issue(NAME);

    @TempDir
    Path directory;

    private int told;

    @BeforeEach
    void requireS2n() {
        assumeTrue(S2nLibrary.isAvailable(), "aws-crt has no library for this machine");
    }

    private static StoqTls.Builder client() {
        return StoqTls.builder()
                .trust(Trust.certificates(AUTHORITY.certificate()))
                .applicationProtocols("echo");
    }

    private static StoqTls.Builder server() {
        return StoqTls.builder().identity(SERVER).applicationProtocols("echo");
    }

    private static S2nPeer s2nClient(String policy) throws Exception {
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(AUTHORITY.certificate().getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        return S2nPeer.client(policy, pem, NAME, TlsPair.CLIENT_PARAMETERS);
    }

    private S2nPeer s2nServer(String policy) throws Exception {
        Path certificate = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        SERVER.writePem(certificate, key);
        return S2nPeer.server(policy, Files.readString(certificate), Files.readString(key), TlsPair.SERVER_PARAMETERS);
    }

    private Side shake(TlsSession session, S2nPeer s2n, boolean weServe) {
        Side us = new Side(session);
        told = 0;
        us.run();
        s2n.run();
        boolean moved = true;
        while (moved) {
            moved = pass(us, s2n) | pass(s2n, us);
        }
        assertNull(us.alert(), () -> "alert " + us.alert());
        assertNull(us.violation(), () -> "violation " + us.violation());
        assertNotNull(us.complete());
        assertTrue(s2n.isDone());
        requireSameSecrets(us, s2n, weServe);
        assertArrayEquals(
                weServe ? TlsPair.SERVER_PARAMETERS : TlsPair.CLIENT_PARAMETERS, s2n.peerTransportParameters());
        assertEquals("echo", us.complete().applicationProtocol());
        byte[] context = {4, 5};
        assertArrayEquals(
                s2n.export("EXPORTER-stoq", context, 77),
                us.complete().exporter().export("EXPORTER-stoq", context, 77));
        return us;
    }

    private boolean pass(Side us, S2nPeer s2n) {
        boolean moved = false;
        while (told < us.events.size()) {
            if (us.events.get(told++) instanceof TlsEvent.CryptoData data) {
                s2n.feed(data.bytes());
                moved = true;
            }
        }
        if (moved) {
            s2n.run();
        }
        return moved;
    }

    private static boolean pass(S2nPeer s2n, Side us) {
        boolean moved = false;
        for (S2nPeer.Message message = s2n.output.poll(); message != null; message = s2n.output.poll()) {
            us.feed(message.level(), message.bytes());
            moved = true;
        }
        return moved;
    }

    private static void requireSameSecrets(Side us, S2nPeer s2n, boolean weServe) {
        TlsEvent.Secrets handshake = us.secrets(EncryptionLevel.HANDSHAKE);
        TlsEvent.Secrets application = us.secrets(EncryptionLevel.APPLICATION);
        assertArrayEquals(s2n.secrets[S2nPeer.CLIENT_HANDSHAKE], weServe ? handshake.receive() : handshake.send());
        assertArrayEquals(s2n.secrets[S2nPeer.SERVER_HANDSHAKE], weServe ? handshake.send() : handshake.receive());
        assertArrayEquals(
                s2n.secrets[S2nPeer.CLIENT_APPLICATION], weServe ? application.receive() : application.send());
        assertArrayEquals(
                s2n.secrets[S2nPeer.SERVER_APPLICATION], weServe ? application.send() : application.receive());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x25519", "secp256r1", "secp384r1"})
    void anS2nServerAgreesOnEachGroup(String group) throws Exception {
        StoqTls tls = client().keyExchangeGroups(group).build();
        Side us = shake(tls.clientSession(NAME, TlsPair.CLIENT_PARAMETERS), s2nServer(CLASSIC), false);
        assertEquals(group, us.complete().keyExchangeGroup());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x25519", "secp256r1", "secp384r1"})
    void anS2nClientAgreesOnEachGroup(String group) throws Exception {
        StoqTls tls = server().keyExchangeGroups(group).build();
        Side us = shake(tls.serverSession(TlsPair.SERVER_PARAMETERS), s2nClient(CLASSIC), true);
        assertEquals(group, us.complete().keyExchangeGroup());
    }

    @Test
    void anS2nServerTakesTheHybridThatWePrefer() throws Exception {
        Side us = shake(client().build().clientSession(NAME, TlsPair.CLIENT_PARAMETERS), s2nServer(HYBRID), false);
        assertEquals("X25519MLKEM768", us.complete().keyExchangeGroup());
    }

    @Test
    void anS2nClientGetsTheHybrid() throws Exception {
        StoqTls tls = server().keyExchangeGroups("X25519MLKEM768").build();
        Side us = shake(tls.serverSession(TlsPair.SERVER_PARAMETERS), s2nClient(HYBRID), true);
        assertEquals("X25519MLKEM768", us.complete().keyExchangeGroup());
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, HYBRID})
    void anS2nServerResumesOurSession(String policy) throws Exception {
        StoqTls tls = client().build();
        for (int i = 0; i < 4; i++) {
            S2nPeer s2n = s2nServer(policy);
            Side us = shake(tls.clientSession(NAME, TlsPair.CLIENT_PARAMETERS), s2n, false);
            // It gives one ticket, after full handshakes only, and we use that once.
            assertEquals(i % 2 == 1, us.complete().resumed());
            assertEquals(i % 2 == 1, s2n.isResumed());
            assertEquals(SERVER.certificates(), us.complete().peerCertificates());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CLASSIC, HYBRID})
    void anS2nClientResumesItsSessionWithUs(String policy) throws Exception {
        StoqTls tls = server().build();
        byte[] session = null;
        for (int i = 0; i < 3; i++) {
            S2nPeer s2n = s2nClient(policy);
            if (session != null) {
                s2n.resume(session);
            }
            Side us = shake(tls.serverSession(TlsPair.SERVER_PARAMETERS), s2n, true);
            assertEquals(i > 0, us.complete().resumed());
            assertEquals(i > 0, s2n.isResumed());
            session = s2n.session;
            assertNotNull(session);
        }
    }
}
