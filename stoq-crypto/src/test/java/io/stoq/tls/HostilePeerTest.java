package io.stoq.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.TlsEvent;
import io.stoq.tls.TlsPair.Side;
import io.stoq.wire.TransportErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer must not do, and what it is told then. */
class HostilePeerTest {

    private static final int INITIAL = EncryptionLevel.INITIAL;
    private static final int HANDSHAKE = EncryptionLevel.HANDSHAKE;
    private static final int APPLICATION = EncryptionLevel.APPLICATION;

    private static final int UNEXPECTED_MESSAGE = 10;
    private static final int HANDSHAKE_FAILURE = 40;
    private static final int DECODE_ERROR = 50;
    private static final int DECRYPT_ERROR = 51;
    private static final int PROTOCOL_VERSION = 70;
    private static final int MISSING_EXTENSION = 109;
    private static final int NO_APPLICATION_PROTOCOL = 120;

    private static final int TRANSPORT_PARAMETERS = 0x39;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;

    private static final int NEW_SESSION_TICKET = 4;
    private static final int END_OF_EARLY_DATA = 5;
    private static final int CERTIFICATE_REQUEST = 13;
    private static final int KEY_UPDATE = 24;

    private static final Identity IDENTITY = Identity.selfSigned("server.example");
    private static final StoqTls SERVER =
            StoqTls.builder().identity(IDENTITY).applicationProtocols("echo").build();
    private static final StoqTls CLIENT = StoqTls.builder()
            .trust(Trust.certificates(IDENTITY.certificates().getFirst()))
            .applicationProtocols("echo")
            .sessionCache(0)
            .build();

    private final TlsPair pair = new TlsPair(CLIENT, SERVER, "server.example", 1);
    private final Side client = pair.client;
    private final Side server = pair.server;

    private byte[] clientHello() {
        client.run();
        return client.sent(INITIAL);
    }

    private void upToServersFlight() {
        clientHello();
        pair.pass(client, server);
    }

    private void upToClientsFinished() {
        upToServersFlight();
        pair.pass(server, client);
    }

    private static void assertAlert(int description, Side side) {
        assertNull(side.complete());
        assertNotNull(side.alert(), () -> side.story().toString());
        assertEquals(description, side.alert().description(), () -> side.alert().message());
        assertEquals(side.events.getLast(), side.alert());
    }

    private static void assertViolation(long code, Side side) {
        assertNotNull(side.violation(), () -> side.story().toString());
        assertEquals(code, side.violation().code());
        assertEquals(side.events.getLast(), side.violation());
    }

    @Test
    void aServersWholeFlightInsideInitialIsRefused() {
        upToServersFlight();
        client.feed(INITIAL, HelloEdit.concat(server.sent(INITIAL), server.sent(HANDSHAKE)));
        assertViolation(TransportErrorCode.PROTOCOL_VIOLATION, client);
        assertEquals(List.of("data Initial", "violation 10"), client.story());
    }

    @Test
    void halfAMessageAtAChangeOfKeysIsRefused() {
        upToServersFlight();
        byte[] half = Arrays.copyOf(server.sent(HANDSHAKE), 3);
        client.feed(INITIAL, HelloEdit.concat(server.sent(INITIAL), half));
        assertViolation(TransportErrorCode.PROTOCOL_VIOLATION, client);
    }

    @Test
    void bytesBehindTheClientHelloAreRefused() {
        server.feed(INITIAL, HelloEdit.concat(clientHello(), new byte[1]));
        assertViolation(TransportErrorCode.PROTOCOL_VIOLATION, server);
        assertNull(server.secrets(HANDSHAKE));
    }

    @Test
    void bytesBehindTheClientsFinishedAreRefused() {
        upToClientsFinished();
        server.feed(HANDSHAKE, HelloEdit.concat(client.sent(HANDSHAKE), new byte[1]));
        assertViolation(TransportErrorCode.PROTOCOL_VIOLATION, server);
        assertNull(server.complete());
    }

    @Test
    void bytesOfALevelThatIsDoneAreRefused() {
        upToServersFlight();
        server.feed(INITIAL, new byte[] {1});
        assertViolation(TransportErrorCode.PROTOCOL_VIOLATION, server);
    }

    @Test
    void bytesOfALaterLevelWaitForTheirTurn() {
        upToServersFlight();
        client.feed(HANDSHAKE, server.sent(HANDSHAKE));
        assertEquals(List.of("data Initial"), client.story());
        client.feed(INITIAL, server.sent(INITIAL));
        assertNotNull(client.complete());
    }

    @Test
    void aClientHelloWithSessionIdIsRefused() {
        server.feed(INITIAL, HelloEdit.withSessionId(clientHello()));
        assertViolation(TransportErrorCode.PROTOCOL_VIOLATION, server);
        assertEquals(1, server.events.size());
    }

    @Test
    void aServerHelloWithSessionIdIsRefused() {
        upToServersFlight();
        client.feed(INITIAL, HelloEdit.withSessionId(server.sent(INITIAL)));
        assertViolation(TransportErrorCode.PROTOCOL_VIOLATION, client);
    }

    @Test
    void keyUpdateInTheHandshakeIsRefused() {
        upToServersFlight();
        client.feed(INITIAL, server.sent(INITIAL));
        client.feed(HANDSHAKE, HelloEdit.message(KEY_UPDATE, 0));
        server.feed(HANDSHAKE, HelloEdit.message(KEY_UPDATE, 0));
        assertAlert(UNEXPECTED_MESSAGE, client);
        assertAlert(UNEXPECTED_MESSAGE, server);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, KEY_UPDATE, CERTIFICATE_REQUEST, END_OF_EARLY_DATA, 20})
    void onlyTicketsMayFollowTheHandshake(int type) {
        pair.run();
        client.feed(APPLICATION, HelloEdit.message(type, 0));
        server.feed(APPLICATION, HelloEdit.message(type, 0));
        assertEquals(UNEXPECTED_MESSAGE, client.alert().description());
        assertEquals(UNEXPECTED_MESSAGE, server.alert().description());
    }

    @Test
    void aMessageThatMustNotComeIsRefusedAtItsFirstByte() {
        pair.run();
        client.feed(APPLICATION, new byte[] {KEY_UPDATE});
        assertEquals(UNEXPECTED_MESSAGE, client.alert().description());
    }

    @Test
    void endOfEarlyDataIsRefused() {
        upToServersFlight();
        server.feed(HANDSHAKE, HelloEdit.message(END_OF_EARLY_DATA));
        assertAlert(UNEXPECTED_MESSAGE, server);
    }

    @Test
    void ticketsAreTakenAndDropped() {
        pair.run();
        int told = client.events.size();
        client.feed(APPLICATION, ticket(0xff, 0xff, 0xff, 0xff));
        client.feed(APPLICATION, ticket(0xff, 0xff, 0xff, 0xff));
        assertEquals(told, client.events.size());
    }

    @Test
    void aTicketThatLimitsEarlyDataIsRefused() {
        pair.run();
        client.feed(APPLICATION, ticket(0, 0, 0x40, 0));
        assertViolation(TransportErrorCode.PROTOCOL_VIOLATION, client);
    }

    @Test
    void aMalformedTicketIsRefused() {
        byte[] good = ticket(0xff, 0xff, 0xff, 0xff);
        for (int cut = 0; cut < good.length - 4; cut++) {
            TlsPair fresh = new TlsPair(CLIENT, SERVER, "server.example", cut).run();
            byte[] bad = Arrays.copyOf(good, 4 + cut);
            bad[3] = (byte) cut;
            fresh.client.feed(APPLICATION, bad);
            assertEquals(DECODE_ERROR, fresh.client.alert().description());
        }
    }

    /** B-05. */
    @Test
    void endlessTicketsAreRefused() {
        pair.run();
        for (int i = 2; i < 256; i++) { // two came with the handshake
            client.feed(APPLICATION, ticket(0xff, 0xff, 0xff, 0xff));
        }
        assertNull(client.violation());
        client.feed(APPLICATION, ticket(0xff, 0xff, 0xff, 0xff));
        assertViolation(TransportErrorCode.PROTOCOL_VIOLATION, client);
    }

    @Test
    void aTicketForTheServerIsRefused() {
        pair.run();
        server.feed(APPLICATION, ticket(0xff, 0xff, 0xff, 0xff));
        assertEquals(UNEXPECTED_MESSAGE, server.alert().description());
    }

    /** A session ticket with an early_data extension of the given value. */
    private static byte[] ticket(int... earlyData) {
        int[] body = {
            0,
            0,
            0x1c,
            0x20,
            1,
            2,
            3,
            4,
            1,
            0,
            0,
            2,
            7,
            7,
            0,
            8,
            0,
            42,
            0,
            4,
            earlyData[0],
            earlyData[1],
            earlyData[2],
            earlyData[3]
        };
        return HelloEdit.message(NEW_SESSION_TICKET, body);
    }

    @Test
    void aTamperedFinishedOfTheClientIsRefused() {
        upToClientsFinished();
        byte[] finished = client.sent(HANDSHAKE);
        finished[10] ^= 1;
        server.feed(HANDSHAKE, finished);
        assertAlert(DECRYPT_ERROR, server);
    }

    @Test
    void aTamperedFinishedOfTheServerIsRefused() {
        upToServersFlight();
        client.feed(INITIAL, server.sent(INITIAL));
        byte[] flight = server.sent(HANDSHAKE);
        flight[flight.length - 1] ^= 1;
        client.feed(HANDSHAKE, flight);
        assertAlert(DECRYPT_ERROR, client);
        assertNull(client.secrets(APPLICATION));
    }

    @Test
    void aTamperedCertificateVerifyIsRefused() {
        upToServersFlight();
        client.feed(INITIAL, server.sent(INITIAL));
        byte[] flight = server.sent(HANDSHAKE);
        flight[HelloEdit.start(flight, 3) - 1] ^= 1;
        client.feed(HANDSHAKE, flight);
        assertNull(client.complete());
        assertNotNull(client.alert());
        assertNull(client.secrets(APPLICATION));
    }

    @Test
    void aServerThatSkipsItsCertificateIsRefused() {
        upToServersFlight();
        client.feed(INITIAL, server.sent(INITIAL));
        byte[] flight = server.sent(HANDSHAKE);
        client.feed(HANDSHAKE, HelloEdit.first(flight));
        client.feed(HANDSHAKE, Arrays.copyOfRange(flight, HelloEdit.start(flight, 3), flight.length));
        assertNull(client.complete());
        assertNotNull(client.alert());
        assertNull(client.secrets(APPLICATION));
    }

    @ParameterizedTest
    @ValueSource(ints = {INITIAL, HANDSHAKE})
    void aMessageThatClaimsTooMuchIsRefusedByItsHeader(int level) {
        upToClientsFinished();
        Side victim = level == INITIAL ? new Side(SERVER.serverSession(new byte[0])) : server;
        byte[] header = HelloEdit.message(level == INITIAL ? 1 : 20);
        header[1] = 1;
        header[3] = 1;
        victim.feed(level, header);
        assertViolation(TransportErrorCode.CRYPTO_BUFFER_EXCEEDED, victim);
    }

    @Test
    void bytesThatWaitForAnotherLevelAreBounded() {
        clientHello();
        byte[] chunk = new byte[1200];
        int fed = 0;
        while (client.violation() == null) {
            client.feed(HANDSHAKE, chunk);
            fed += chunk.length;
        }
        assertViolation(TransportErrorCode.CRYPTO_BUFFER_EXCEEDED, client);
        assertTrue(fed <= (1 << 16) + (1 << 14) + chunk.length, () -> "took too much");
    }

    @Test
    void aClientHelloWithoutTransportParametersIsRefused() {
        server.feed(INITIAL, HelloEdit.clientHelloWithout(clientHello(), TRANSPORT_PARAMETERS));
        assertAlert(MISSING_EXTENSION, server);
    }

    @Test
    void aServerWithoutTransportParametersIsRefused() {
        upToServersFlight();
        client.feed(INITIAL, server.sent(INITIAL));
        byte[] extensions = HelloEdit.first(server.sent(HANDSHAKE));
        client.feed(HANDSHAKE, HelloEdit.encryptedExtensionsWithout(extensions, TRANSPORT_PARAMETERS));
        assertAlert(MISSING_EXTENSION, client);
    }

    @Test
    void noCommonApplicationProtocolIsRefused() {
        StoqTls other = StoqTls.builder()
                .identity(IDENTITY)
                .applicationProtocols("other")
                .build();
        TlsPair strangers = new TlsPair(CLIENT, other, "server.example", 2).run();
        assertAlert(NO_APPLICATION_PROTOCOL, strangers.server);
        assertTrue(strangers.server.alert().message().contains("other"));
    }

    @Test
    void aClientHelloWithoutApplicationProtocolIsRefused() {
        server.feed(INITIAL, HelloEdit.clientHelloWithout(clientHello(), ALPN));
        assertAlert(NO_APPLICATION_PROTOCOL, server);
    }

    @Test
    void aServerWithoutApplicationProtocolIsRefused() {
        upToServersFlight();
        client.feed(INITIAL, server.sent(INITIAL));
        byte[] extensions = HelloEdit.first(server.sent(HANDSHAKE));
        client.feed(HANDSHAKE, HelloEdit.encryptedExtensionsWithout(extensions, ALPN));
        assertAlert(NO_APPLICATION_PROTOCOL, client);
    }

    @Test
    void anOlderTlsIsRefused() {
        server.feed(INITIAL, HelloEdit.clientHelloWithout(clientHello(), SUPPORTED_VERSIONS));
        assertAlert(PROTOCOL_VERSION, server);
    }

    @Test
    void aClientThatTakesNoneOfTheServersSignaturesIsRefused() {
        byte[] hello = clientHello();
        for (int i = 0; i + 1 < hello.length; i++) {
            if (hello[i] == 4 && hello[i + 1] == 3 && hello[i + 2] == 8 && hello[i + 3] == 7) {
                hello[i + 1] = 0x7f; // ecdsa_secp256r1_sha256 becomes a scheme that nobody knows
            }
        }
        server.feed(INITIAL, hello);
        assertAlert(HANDSHAKE_FAILURE, server);
    }

    @Test
    void aCertificateNestedWithoutEndIsRefused() {
        upToServersFlight();
        client.feed(INITIAL, server.sent(INITIAL));
        client.feed(HANDSHAKE, HelloEdit.first(server.sent(HANDSHAKE)));
        byte[] nested = new byte[60_000];
        for (int at = 0; at < nested.length; at += 4) {
            int length = nested.length - at - 4;
            nested[at] = 0x30;
            nested[at + 1] = (byte) 0x82;
            nested[at + 2] = (byte) (length >> 8);
            nested[at + 3] = (byte) length;
        }
        client.feed(HANDSHAKE, HelloEdit.certificateMessage(nested));
        assertNull(client.complete());
        assertNotNull(client.alert());
    }

    @Test
    void anEndedSessionTakesNothingMore() {
        upToServersFlight();
        server.feed(HANDSHAKE, HelloEdit.message(END_OF_EARLY_DATA));
        int told = server.events.size();
        server.feed(HANDSHAKE, new byte[100]);
        assertEquals(told, server.events.size());
    }

    @Test
    void noAlteredByteGetsThroughAndNoneThrows() {
        Random random = new Random(42);
        for (int i = 0; i < 300; i++) {
            TlsPair fresh = new TlsPair(CLIENT, SERVER, "server.example", i);
            fresh.client.run();
            byte[] hello = fresh.client.sent(INITIAL);
            int victim = random.nextInt(3);
            fresh.server.feed(INITIAL, victim == 0 ? alter(hello, random) : hello);
            byte[] serverHello = fresh.server.sent(INITIAL);
            byte[] flight = fresh.server.sent(HANDSHAKE);
            fresh.client.feed(INITIAL, victim == 1 ? alter(serverHello, random) : serverHello);
            fresh.client.feed(HANDSHAKE, victim == 2 ? alter(flight, random) : flight);
            assertNull(fresh.client.complete(), "seed " + i);
            assertNull(fresh.client.secrets(APPLICATION), "seed " + i);
            for (TlsEvent event : fresh.server.events) {
                assertFalse(event instanceof TlsEvent.Complete);
            }
        }
    }

    private static byte[] alter(byte[] bytes, Random random) {
        byte[] altered = bytes.clone();
        if (altered.length > 0) {
            altered[random.nextInt(altered.length)] ^= (byte) (1 + random.nextInt(255));
        }
        return altered;
    }
}
