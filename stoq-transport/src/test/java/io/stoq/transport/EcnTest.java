package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.ConnectionStatistics;
import io.stoq.EcnState;
import io.stoq.StoqConnection;
import io.stoq.config.ConnectionConfig;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Marks over real sockets. RFC 9000 §13.4 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class EcnTest {

    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @MethodSource("io.stoq.transport.StoqTransportTest#mechanisms")
    void marksArriveWhereTheSocketCarriesThem(String io) throws Exception {
        try (Pair pair = new Pair(io)) {
            Pair.exchange(pair.client, pair.peer(), MIB);
            Pair.exchange(pair.peer(), pair.client, MIB);
            boolean carries = !io.equals("nio");
            for (StoqConnection side : List.of(pair.client, pair.peer())) {
                ConnectionStatistics statistics = side.statistics();
                assertEquals(
                        carries ? EcnState.CAPABLE : EcnState.OFF,
                        statistics.ecn().state());
                assertEquals(carries, statistics.ecn().packetsSent() > 10, statistics.toString());
                assertEquals(carries, statistics.ecn().packetsReceived() > 10, statistics.toString());
            }
        }
    }

    @Test
    void aConnectionCanDoWithout() throws Exception {
        ConnectionConfig without = ConnectionConfig.builder().ecn(false).build();
        try (Pair pair = new Pair("auto", without, without, server -> server)) {
            Pair.exchange(pair.client, pair.peer(), MIB);
            for (StoqConnection side : List.of(pair.client, pair.peer())) {
                assertEquals(EcnState.OFF, side.statistics().ecn().state());
                assertEquals(0, side.statistics().ecn().packetsReceived());
            }
            assertTrue(pair.client.statistics().packetsSent() > 10);
        }
    }
}
