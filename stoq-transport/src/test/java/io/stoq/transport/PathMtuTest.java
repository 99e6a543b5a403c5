package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stoq.StoqConnection;
import io.stoq.config.ConnectionConfig;
import io.stoq.transport.io.epoll.FragmentingBackend;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How large datagrams get over real sockets, where the user does nothing for it. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class PathMtuTest {

    private static final int MIB = 1 << 20;

    /** Exchanges of a mebibyte until a size must be found. */
    private static final int EXCHANGES = 40;

    private static final int LARGEST_BYTES = 65_487;

    private static int size(StoqConnection connection) {
        return connection.statistics().path().maxDatagramBytes();
    }

    private static int loopbackMtu() throws Exception {
        return NetworkInterface.getByInetAddress(Inet6Address.getByName("::1")).getMTU();
    }

    @ParameterizedTest
    @MethodSource("io.stoq.transport.StoqTransportTest#mechanisms")
    void onTheLoopbackDatagramsGrowToTheLargest(String io) throws Exception {
        assumeTrue(loopbackMtu() >= 65_535, "the loopback interface has a small MTU");
        try (Pair pair = new Pair(io)) {
            for (int i = 0; i < EXCHANGES && size(pair.client) < LARGEST_BYTES; i++) {
                Pair.exchange(pair.client, pair.peer(), MIB);
            }
            assertEquals(LARGEST_BYTES, size(pair.client));
            for (int i = 0; i < EXCHANGES && size(pair.peer()) < LARGEST_BYTES; i++) {
                Pair.exchange(pair.peer(), pair.client, MIB);
            }
            assertEquals(LARGEST_BYTES, size(pair.peer()));

            byte[] largest = new byte[pair.client.maxDatagramPayloadBytes()];
            assertTrue(largest.length > 65_400, "largest is " + largest.length);
            Arrays.fill(largest, (byte) 5);
            assertTrue(pair.client.sendDatagram(ByteBuffer.wrap(largest)));
            assertArrayEquals(largest, pair.peer().receiveDatagram(Duration.ofSeconds(20)));
        }
    }

    @ParameterizedTest
    @MethodSource("io.stoq.transport.StoqTransportTest#mechanisms")
    void theCeilingIsReachedAndKept(String io) throws Exception {
        ConnectionConfig ethernet =
                ConnectionConfig.builder().maxUdpPayloadBytes(1452).build();
        try (Pair pair = new Pair(io, ethernet, ethernet, server -> server)) {
            for (int i = 0; i < EXCHANGES && size(pair.client) < 1452; i++) {
                Pair.exchange(pair.client, pair.peer(), MIB);
            }
            assertEquals(1452, size(pair.client));
            assertEquals(0, pair.clientTransport.socketStatistics().sendErrors());
        }
    }

    @Test
    void whereTheSystemWouldFragmentDatagramsStaySmall() throws Exception {
        FragmentingBackend backend = new FragmentingBackend();
        assumeTrue(backend.isAvailable(), backend::unavailableReason);
        try (Pair pair = new Pair(transport -> transport.backend(backend))) {
            Pair.exchange(pair.client, pair.peer(), 4 * MIB);
            Pair.exchange(pair.peer(), pair.client, 4 * MIB);
            assertEquals(1232, size(pair.client));
            assertEquals(1232, size(pair.peer()));
        }
    }
}
