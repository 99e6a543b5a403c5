package io.stoq.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.TlsEvent;
import io.stoq.wire.TransportErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {

    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final Identity SERVER = AUTHORITY.issue("server.example");

    private static StoqTls.Builder client() {
        return StoqTls.builder()
                .trust(Trust.certificates(AUTHORITY.certificate()))
                .applicationProtocols("echo");
    }

    private static StoqTls.Builder server() {
        return StoqTls.builder().identity(SERVER).applicationProtocols("echo");
    }

    private static TlsPair complete(StoqTls.Builder client, StoqTls.Builder server, long seed) {
        TlsPair pair = new TlsPair(client.build(), server.build(), "server.example", seed).run();
        assertNull(pair.client.alert(), () -> "client: " + pair.client.alert());
        assertNull(pair.server.alert(), () -> "server: " + pair.server.alert());
        assertNotNull(pair.client.complete());
        assertNotNull(pair.server.complete());
        assertSecretsAgree(pair, EncryptionLevel.HANDSHAKE);
        assertSecretsAgree(pair, EncryptionLevel.APPLICATION);
        return pair;
    }

    private static void assertSecretsAgree(TlsPair pair, int level) {
        TlsEvent.Secrets client = pair.client.secrets(level);
        TlsEvent.Secrets server = pair.server.secrets(level);
        assertArrayEquals(client.send(), server.receive());
        assertArrayEquals(client.receive(), server.send());
        assertFalse(Arrays.equals(client.send(), client.receive()));
        assertEquals(client.cipherSuite(), server.cipherSuite());
        assertEquals(client.cipherSuite() == CipherSuite.AES_256_GCM_SHA384.id() ? 48 : 32, client.send().length);
    }

    @Test
    void eventsComeInTheOrderInWhichTheyMustBeActedOn() {
        TlsPair pair = complete(client(), server(), 1);
        assertEquals(
                List.of(
                        "data Initial",
                        "secrets Handshake",
                        "parameters",
                        "data Handshake",
                        "secrets 1-RTT",
                        "complete"),
                pair.client.story());
        assertEquals(
                List.of(
                        "parameters",
                        "data Initial",
                        "secrets Handshake",
                        "data Handshake",
                        "secrets 1-RTT",
                        "complete",
                        "data 1-RTT"),
                pair.server.story());
    }

    @Test
    void bothSidesLearnWhatWasAgreedOn() {
        TlsPair pair = complete(client(), server(), 2);
        TlsEvent.Complete client = pair.client.complete();
        TlsEvent.Complete server = pair.server.complete();
        assertEquals("echo", client.applicationProtocol());
        assertEquals("echo", server.applicationProtocol());
        assertEquals("server.example", server.serverName());
        assertEquals("X25519MLKEM768", client.keyExchangeGroup());
        assertEquals(client.keyExchangeGroup(), server.keyExchangeGroup());
        assertEquals(SERVER.certificates(), client.peerCertificates());
        assertEquals(List.of(), server.peerCertificates());
        assertArrayEquals(
                TlsPair.SERVER_PARAMETERS,
                pair.client.last(TlsEvent.PeerTransportParameters.class).bytes());
        assertArrayEquals(
                TlsPair.CLIENT_PARAMETERS,
                pair.server.last(TlsEvent.PeerTransportParameters.class).bytes());
    }

    @ParameterizedTest
    @EnumSource
    void everyCipherSuiteCompletes(CipherSuite suite) {
        TlsPair pair = complete(client().cipherSuites(suite), server(), suite.id());
        assertEquals(suite.id(), pair.client.complete().cipherSuite());
        assertEquals(suite.id(), pair.server.complete().cipherSuite());
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "P-521", "Ed25519", "RSA"})
    void everyKindOfKeyCompletes(String kind) {
        Identity identity = AUTHORITY.issue(kind, Duration.ZERO, KeyPurposeId.id_kp_serverAuth, "server.example");
        complete(client(), server().identity(identity), 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x25519", "secp256r1", "secp384r1", "X25519MLKEM768"})
    void everyGroupCompletesWithoutRetry(String group) {
        TlsPair pair = complete(client().keyExchangeGroups(group), server().keyExchangeGroups(group), 4);
        assertEquals(group, pair.client.complete().keyExchangeGroup());
        assertEquals(group, pair.server.complete().keyExchangeGroup());
        assertEquals(6, pair.client.events.size());
    }

    @Test
    void aServerWithoutTheHybridTakesThePlainShareAtOnce() {
        TlsPair pair = complete(client(), server().keyExchangeGroups("x25519", "secp256r1"), 5);
        assertEquals("x25519", pair.client.complete().keyExchangeGroup());
        assertEquals(6, pair.client.events.size());
    }

    @Test
    void aClientWithoutTheHybridIsServedAtOnce() {
        TlsPair pair = complete(client().keyExchangeGroups("x25519"), server(), 5);
        assertEquals("x25519", pair.server.complete().keyExchangeGroup());
        assertEquals(6, pair.client.events.size());
    }

    @Test
    void aServerThatWantsAnotherGroupAsksForItByHelloRetryRequest() {
        TlsPair pair = complete(client(), server().keyExchangeGroups("secp384r1"), 6);
        assertEquals("secp384r1", pair.client.complete().keyExchangeGroup());
        assertEquals(
                List.of("data Initial", "data Initial", "secrets Handshake"),
                pair.client.story().subList(0, 3));
        assertEquals(
                List.of("data Initial", "parameters", "data Initial", "secrets Handshake"),
                pair.server.story().subList(0, 4));
    }

    @Test
    void theServersPreferenceOfApplicationProtocolsDecides() {
        TlsPair pair =
                complete(client().applicationProtocols("a", "b", "c"), server().applicationProtocols("x", "c", "b"), 7);
        assertEquals("c", pair.client.complete().applicationProtocol());
        assertEquals("c", pair.server.complete().applicationProtocol());
    }

    @Test
    void aChainOfIntermediatesIsSentAndVerified() {
        Identity identity = AUTHORITY.intermediate("middle").intermediate("low").issue("server.example");
        TlsPair pair = complete(client(), server().identity(identity), 8);
        assertEquals(3, pair.client.complete().peerCertificates().size());
    }

    @Test
    void aCertificateLargerThanATlsRecordPasses() {
        TlsPair pair = complete(client(), server().identity(large(900)), 13);
        assertTrue(pair.server.sent(EncryptionLevel.HANDSHAKE).length > 1 << 14);
    }

    @Test
    void aCertificateLargerThanTheBoundIsRefused() {
        StoqTls huge = server().identity(large(3000)).build();
        TlsPair pair = new TlsPair(client().build(), huge, "server.example", 14).run();
        assertEquals(
                TransportErrorCode.CRYPTO_BUFFER_EXCEEDED,
                pair.client.violation().code());
    }

    private static Identity large(int hosts) {
        String[] names = new String[hosts];
        Arrays.setAll(names, i -> i == 0 ? "server.example" : "host-" + i + ".department.example");
        return AUTHORITY.issue("P-256", Duration.ZERO, KeyPurposeId.id_kp_serverAuth, names);
    }

    @Test
    void oneConfigurationServesHandshakesOnManyThreads() {
        StoqTls client = client().build();
        StoqTls server = server().build();
        long completed = IntStream.range(0, 24)
                .parallel()
                .mapToObj(seed -> new TlsPair(client, server, "server.example", seed).run())
                .filter(pair -> pair.client.complete() != null && pair.server.complete() != null)
                .count();
        assertEquals(24, completed);
    }

    @Test
    void anyCutIntoPiecesGivesTheSame() {
        for (long seed = 100; seed < 112; seed++) {
            complete(client(), server(), seed);
        }
    }

    @Test
    void ipv6LiteralsAreVerifiedButNotSentAsServerName() {
        Identity identity = AUTHORITY.issue("2001:db8::17");
        for (String name : List.of("2001:db8::17", "[2001:DB8:0:0:0:0:0:17]", "2001:db8::17%eth0")) {
            TlsPair pair =
                    new TlsPair(client().build(), server().identity(identity).build(), name, 9).run();
            assertNotNull(pair.client.complete(), () -> name + ": " + pair.client.alert());
            assertNull(pair.server.complete().serverName());
        }
    }

    @Test
    void theSameEntropyGivesTheSameHandshake() {
        List<byte[]> hellos = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Random random = new Random(77);
            TlsPair pair = complete(
                    client().entropy((target, at, length) -> fill(random, target, at, length)),
                    server().entropy((target, at, length) -> fill(random, target, at, length)),
                    10);
            hellos.add(pair.client.sent(EncryptionLevel.INITIAL));
            hellos.add(pair.server.sent(EncryptionLevel.HANDSHAKE));
        }
        assertArrayEquals(hellos.get(0), hellos.get(2));
        assertArrayEquals(hellos.get(1), hellos.get(3));
    }

    private static void fill(Random random, byte[] target, int at, int length) {
        for (int i = 0; i < length; i++) {
            target[at + i] = (byte) random.nextInt();
        }
    }

    @Test
    void keyLogLinesHoldTheSecretsOfBothSides() {
        List<String> clientLines = new ArrayList<>();
        List<String> serverLines = new ArrayList<>();
        TlsPair pair = complete(client().keyLog(clientLines::add), server().keyLog(serverLines::add), 11);
        assertEquals(
                List.of(
                        "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
                        "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                        "CLIENT_TRAFFIC_SECRET_0",
                        "SERVER_TRAFFIC_SECRET_0",
                        "EXPORTER_SECRET"),
                clientLines.stream().map(line -> line.split(" ")[0]).toList());
        assertEquals(clientLines, serverLines);
        String clientRandom = HexFormat.of().formatHex(pair.client.sent(EncryptionLevel.INITIAL), 6, 38);
        assertTrue(clientLines.stream().allMatch(line -> line.split(" ")[1].equals(clientRandom)));
        assertTrue(clientLines
                .get(2)
                .endsWith(HexFormat.of()
                        .formatHex(
                                pair.client.secrets(EncryptionLevel.APPLICATION).send())));
    }

    @Test
    void destroyedSessionsTellNothing() {
        TlsPair pair = new TlsPair(client().build(), server().build(), "server.example", 12);
        pair.client.session.run();
        pair.client.session.destroy();
        assertNull(pair.client.session.pollEvent());
        pair.client.session.run();
        assertNull(pair.client.session.pollEvent());
    }

    /** What is light is done on the packet loop, so a public-key operation must never be. */
    @Test
    void onlyWhatFollowsTheServersFlightIsLight() {
        TlsPair pair = new TlsPair(client().build(), server().build(), "server.example", 1);
        assertFalse(pair.client.session.isLight(), "the key share");
        assertFalse(pair.server.session.isLight(), "key exchange and signature");
        pair.client.run();
        assertFalse(pair.client.session.isLight(), "the server's certificate");
        pair.pass(pair.client, pair.server);
        assertTrue(pair.server.session.isLight(), "the client's Finished");
        pair.run();
        assertTrue(pair.client.session.isLight(), "tickets");
        assertTrue(pair.server.session.isLight(), "nothing");
    }
}
