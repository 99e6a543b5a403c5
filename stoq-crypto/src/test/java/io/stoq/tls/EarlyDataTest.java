package io.stoq.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.TlsEvent;
import io.stoq.tls.TlsPair.Side;
import io.stoq.wire.TransportParameters;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** B-21: whose early data is taken, when, and how often. */
class EarlyDataTest {

    private static final String NAME = "server.example";
    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final Identity SERVER = AUTHORITY.issue(NAME);
    private static final byte[] SECRET = new byte[32];

    private Instant now = Instant.ofEpochSecond(1_800_000_000L);
    private final InstantSource clock = () -> now;
    private Duration clientsClockIsOff = Duration.ZERO;
    private long seed;

    private StoqTls.Builder client() {
        return StoqTls.builder()
                .trust(Trust.certificates(AUTHORITY.certificate()))
                .applicationProtocols("echo")
                .clock(() -> now.plus(clientsClockIsOff))
                .earlyData(true);
    }

    private StoqTls.Builder server() {
        return StoqTls.builder()
                .identity(SERVER)
                .applicationProtocols("echo")
                .clock(clock)
                .ticketSecrets(SECRET)
                .earlyData(true);
    }

    private TlsPair connect(StoqTls client, StoqTls server) {
        TlsPair pair = new TlsPair(client, server, NAME, seed++).run();
        assertNotNull(
                pair.client.complete(), () -> "client " + pair.client.alert() + ", server " + pair.server.alert());
        assertNotNull(pair.server.complete(), () -> "server " + pair.server.alert());
        return pair;
    }

    private static void assertTaken(boolean taken, TlsPair pair) {
        TlsEvent.EarlyData server = pair.server.last(TlsEvent.EarlyData.class);
        assertEquals(taken, server != null);
        assertEquals(
                taken, pair.client.last(TlsEvent.PeerTransportParameters.class).earlyData());
        if (taken) {
            TlsEvent.EarlyData client = pair.client.last(TlsEvent.EarlyData.class);
            assertArrayEquals(client.secret(), server.secret());
            assertEquals(client.cipherSuite(), server.cipherSuite());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSecondConnectionBeginsWithEarlyData(CipherSuite suite) {
        StoqTls client = client().cipherSuites(suite).build();
        StoqTls server = server().build();
        assertNull(connect(client, server).client.last(TlsEvent.EarlyData.class));
        now = now.plus(Duration.ofHours(3));
        TlsPair again = connect(client, server);
        assertTaken(true, again);
        assertEquals("early data", again.client.story().get(1));
        assertEquals(List.of("parameters", "early data"), again.server.story().subList(0, 2));
        TlsEvent.EarlyData early = again.client.last(TlsEvent.EarlyData.class);
        assertArrayEquals(TlsPair.SERVER_PARAMETERS, early.rememberedParameters());
        assertEquals("echo", early.agreed().applicationProtocol());
        assertThrows(
                IllegalStateException.class, () -> early.agreed().exporter().export("label", null, 32));
    }

    @Test
    void itIsOffUnlessBothSidesSwitchItOn() {
        StoqTls client = client().build();
        StoqTls reserved = server().earlyData(false).build();
        connect(client, reserved);
        TlsPair pair = connect(client, reserved);
        assertTrue(pair.client.complete().resumed());
        assertNull(pair.client.last(TlsEvent.EarlyData.class));
        StoqTls modest = client().earlyData(false).build();
        StoqTls server = server().build();
        connect(modest, server);
        pair = connect(modest, server);
        assertTrue(pair.client.complete().resumed());
        assertNull(pair.client.last(TlsEvent.EarlyData.class));
    }

    @Test
    void aReplayedFirstFlightIsNotTakenAgain() {
        StoqTls client = client().build();
        StoqTls server = server().build();
        connect(client, server);
        TlsPair pair = connect(client, server);
        assertTaken(true, pair);
        byte[] hello = pair.client.sent(EncryptionLevel.INITIAL);
        for (int seconds = 0; seconds < 100; seconds++) {
            Side replayed = new Side(server.serverSession(TlsPair.SERVER_PARAMETERS));
            replayed.feed(EncryptionLevel.INITIAL, hello);
            assertNull(replayed.last(TlsEvent.EarlyData.class), "after " + seconds + " s");
            now = now.plusSeconds(1);
        }
    }

    /** Another server of the same secrets cannot know what this one took. */
    @Test
    void aFirstFlightIsNotTakenByAnotherInstance() {
        StoqTls client = client().build();
        StoqTls server = server().build();
        connect(client, server);
        Side asking = new Side(client.clientSession(NAME, TlsPair.CLIENT_PARAMETERS));
        asking.run();
        Side other = new Side(server().build().serverSession(TlsPair.SERVER_PARAMETERS));
        other.feed(EncryptionLevel.INITIAL, asking.sent(EncryptionLevel.INITIAL));
        assertNull(other.last(TlsEvent.EarlyData.class));
        assertNotNull(other.secrets(EncryptionLevel.APPLICATION), "it resumes all the same");
    }

    @ParameterizedTest
    @ValueSource(ints = {-60, -6, 6, 60})
    void aFlightThatWasHeldBackIsNotTaken(int seconds) {
        StoqTls client = client().build();
        StoqTls server = server().build();
        connect(client, server);
        now = now.plusSeconds(100);
        clientsClockIsOff = Duration.ofSeconds(seconds);
        TlsPair pair = connect(client, server);
        assertNotNull(pair.client.last(TlsEvent.EarlyData.class));
        assertTaken(false, pair);
        assertTrue(pair.client.complete().resumed());
    }

    @Test
    void anotherSuiteOrProtocolTakesNone() {
        StoqTls client = client().applicationProtocols("echo", "chat").build();
        StoqTls server = server().build();
        connect(client, server);
        // The same server, and so its name in the ticket, is not to be had with other settings; its suite is the
        // client's.
        StoqTls other = client().cipherSuites(CipherSuite.CHACHA20_POLY1305_SHA256, CipherSuite.AES_128_GCM_SHA256)
                .build();
        connect(other, server);
        assertTaken(true, connect(other, server));
        assertTaken(true, connect(client, server));
    }

    @Test
    void aHelloRetryRequestTakesNone() {
        StoqTls client = client().build();
        StoqTls server = server().keyExchangeGroups("secp384r1").build();
        connect(client, server);
        TlsPair pair = connect(client, server);
        assertNotNull(pair.client.last(TlsEvent.EarlyData.class));
        assertTaken(false, pair);
        assertTrue(pair.server.complete().resumed());
    }

    private static byte[] parameters(long initialMaxData) {
        return TransportParameters.builder()
                .originalDestinationConnectionId(new byte[8])
                .initialSourceConnectionId(new byte[8])
                .initialMaxData(initialMaxData)
                .build()
                .encode();
    }

    /** RFC 9000 §7.4.1: the client goes by what it remembers, so a server that allows less now takes none. */
    @Test
    void aServerThatAllowsLessThanItDidTakesNone() {
        byte[] much = parameters(1000);
        byte[] more = parameters(1001);
        byte[] less = parameters(999);
        StoqTls client = client().build();
        StoqTls server = server().build();
        List<Boolean> taken = new ArrayList<>();
        for (byte[] parameters : List.of(much, much, more, more, less, less)) {
            Side asking = new Side(client.clientSession(NAME, TlsPair.CLIENT_PARAMETERS));
            Side answering = new Side(server.serverSession(parameters));
            asking.run();
            answering.feed(EncryptionLevel.INITIAL, asking.sent(EncryptionLevel.INITIAL));
            asking.feed(EncryptionLevel.INITIAL, answering.sent(EncryptionLevel.INITIAL));
            asking.feed(EncryptionLevel.HANDSHAKE, answering.sent(EncryptionLevel.HANDSHAKE));
            answering.feed(EncryptionLevel.HANDSHAKE, asking.sent(EncryptionLevel.HANDSHAKE));
            asking.feed(EncryptionLevel.APPLICATION, answering.sent(EncryptionLevel.APPLICATION));
            taken.add(answering.last(TlsEvent.EarlyData.class) != null);
        }
        assertEquals(List.of(false, true, true, true, false, true), taken);
    }
}
