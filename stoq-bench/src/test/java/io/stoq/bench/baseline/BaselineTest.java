package io.stoq.bench.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.bench.perf.Direction;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.bench.perf.Snapshot;
import io.stoq.protection.JcaPacketProtection;
import io.stoq.transport.io.IoBackends;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each baseline moves bytes over real sockets, and each byte is the one that was sent. */
@Timeout(60)
class BaselineTest {

    private static final long ENOUGH_BYTES = 4 << 20;

    private static BulkLoad load(int payload, int connections, Direction direction, String io, String... tuning) {
        return new BulkLoad(
                payload,
                connections,
                direction,
                true,
                io,
                "cubic",
                JcaPacketProtection.create(),
                Tuning.of(List.of(tuning)));
    }

    /** Waits until enough has arrived, and returns what the receiver has seen by then. */
    private static Snapshot move(Baseline baseline, BulkLoad load) throws Exception {
        try (BulkServer server = baseline.serve(load);
                BulkPeer client = baseline.connect(load, server.greeting())) {
            BulkPeer receiver = load.up() ? server : client;
            BulkPeer sender = load.up() ? client : server;
            Snapshot seen = receiver.snapshot();
            while (seen.receivedBytes() < ENOUGH_BYTES) {
                Thread.onSpinWait();
                seen = receiver.snapshot();
                assertEquals(0, sender.snapshot().receivedBytes(), "the sender receives no bulk");
            }
            return seen;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "netty-quic, 1452, 1, UP",
        "netty-quic, 1452, 3, DOWN",
        "netty-quic, 16383, 1, UP",
        "tls-tcp, 1452, 1, UP",
        "tls-tcp, 65487, 3, DOWN",
        "ceiling, 1200, 1, UP",
        "ceiling, 1452, 3, DOWN",
        "ceiling-jca, 65487, 1, UP",
        "ceiling-jca, 8952, 3, UP"
    })
    void whatArrivesIsWhatWasSent(String name, int payload, int connections, Direction direction) throws Exception {
        Snapshot receiver = move(Baselines.named(name), load(payload, connections, direction, "auto"));
        assertEquals(0, receiver.mismatches());
    }

    @ParameterizedTest
    @ValueSource(strings = {"netty-quic", "tls-tcp", "ceiling", "ceiling-jca"})
    void nioServesWhereThereIsNothingElse(String name) throws Exception {
        Snapshot receiver = move(Baselines.named(name), load(1452, 1, Direction.UP, "nio"));
        assertEquals(0, receiver.mismatches());
        assertEquals("nio", receiver.socket().mechanism());
    }

    @ParameterizedTest
    @ValueSource(strings = {"netty-quic", "ceiling"})
    void datagramsAndCallsAreCounted(String name) throws Exception {
        Snapshot receiver = move(Baselines.named(name), load(1452, 1, Direction.UP, "auto"));
        long fewest = receiver.socket().bytesReceived() / 1452;
        assertTrue(receiver.socket().datagramsReceived() >= fewest, receiver::toString);
        assertTrue(receiver.socket().receiveCalls() > 0, receiver::toString);
        assertTrue(receiver.socket().receiveCalls() <= receiver.socket().datagramsReceived(), receiver::toString);
        if (!IoBackends.select("auto").name().equals("nio")) {
            assertTrue(receiver.socket().receiveCalls() < fewest / 2, "trains arrive whole: " + receiver);
        }
    }

    @Test
    void eachBaselineIsFoundByItsName() {
        for (Baseline baseline : Baselines.all()) {
            assertEquals(baseline, Baselines.named(baseline.name()));
            assertNull(baseline.obstacle(1452));
        }
        assertNull(Baselines.named("quiche"));
    }

    @Test
    void nettysCodecCannotSendMoreThanTwoByteLengthsAllow() {
        Baseline netty = Baselines.named("netty-quic");
        assertNull(netty.obstacle(16_383));
        assertEquals("cannot: its packets have at most 16383 bytes", netty.obstacle(16_384));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "netty-quic  | gs0=1      | netty-quic has no setting 'gs0'; choose among ack-delay, buffers, cc, ",
                "netty-quic  | gso=many   | gso is many; give a number such as 64, 256k or 4m",
                "netty-quic  | write=9999999m | write is 9999999m; give a number such as 64, 256k or 4m",
                "netty-quic  | gro=maybe  | gro is maybe; give true or false",
                "netty-quic  | cc=vegas   | Netty's codec has no congestion control 'vegas'; choose newreno, cubic or bbr",
                "tls-tcp     | gso=1      | tls-tcp has no setting 'gso'; choose among buffers, read, write",
                "ceiling     | gso=1      | ceiling has no setting 'gso'; choose among window",
                "ceiling-jca | window     | 'window' is no setting; write name=value"
            })
    void aWrongSettingIsToldOf(String name, String setting, String sentence) {
        IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class,
                () -> Baselines.named(name).requireValid(Tuning.of(List.of(setting)), "cubic"));
        assertTrue(failure.getMessage().startsWith(sentence), failure.getMessage());
    }

    @Test
    void settingsReachTheStack() throws Exception {
        BulkLoad load = load(1452, 1, Direction.UP, "auto", "gso=1", "gro=false", "write=64k", "cc=bbr2");
        Snapshot receiver = move(Baselines.named("netty-quic"), load);
        assertEquals(0, receiver.mismatches());
        assertEquals(
                receiver.socket().receiveCalls(), receiver.socket().datagramsReceived(), "one datagram by one call");
    }

    @Test
    void aServerThatIsNotThereIsToldOf() throws Exception {
        BulkLoad load = load(1452, 1, Direction.UP, "auto");
        Baseline tls = Baselines.named("tls-tcp");
        ServerProcess.Greeting gone;
        try (BulkServer server = tls.serve(load)) {
            gone = new ServerProcess.Greeting(1, server.greeting().fingerprint());
        }
        Exception failure = assertThrows(IOException.class, () -> tls.connect(load, gone));
        assertTrue(failure.getMessage().startsWith("tls-tcp could not connect: "), failure.getMessage());
    }

    @Test
    void anotherServersCertificateIsRefused() throws Exception {
        BulkLoad load = load(1452, 1, Direction.UP, "auto");
        for (String name : List.of("tls-tcp", "netty-quic")) {
            Baseline baseline = Baselines.named(name);
            try (BulkServer server = baseline.serve(load)) {
                ServerProcess.Greeting forged =
                        new ServerProcess.Greeting(server.greeting().port(), "00".repeat(32));
                assertThrows(IOException.class, () -> baseline.connect(load, forged));
            }
        }
    }
}
