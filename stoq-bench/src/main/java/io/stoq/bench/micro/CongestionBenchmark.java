package io.stoq.bench.micro;

import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.congestion.CongestionController;
import io.stoq.congestion.CongestionParameters;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** One ACK of a train of 45 packets in a congestion controller that is past slow start. */
public class CongestionBenchmark extends MicroBenchmark {

    private static final int PACKETS = 45;
    private static final int PACKET_BYTES = 1452;
    private static final long RTT_NS = 10_000_000;

    @Param
    public CongestionAlgorithm algorithm;

    private CongestionController controller;
    private long[] columns;

    /** All the same, which the compiler must not know. */
    private final int[] bytes = new int[PACKETS];

    private long packetNumber;
    private long nowNs = 1;

    @Setup
    public void prepare() {
        Arrays.fill(bytes, PACKET_BYTES);
        controller = algorithm.factory().create(CongestionParameters.of(PACKET_BYTES, 0, RTT_NS));
        columns = new long[Math.max(1, controller.packetColumns()) * PACKETS];
        for (int i = 0; i < 10; i++) {
            sentAndAcknowledged();
        }
        controller.onPacketsLost(nowNs, packetNumber, nowNs, PACKET_BYTES, false);
    }

    @Benchmark
    public final long sentAndAcknowledged() {
        long window = controller.windowBytes();
        for (int i = 0; i < PACKETS; i++) {
            controller.onPacketSent(nowNs, packetNumber + i, bytes[i], window, columns, i * controller.packetColumns());
        }
        controller.onAckBegin(nowNs + RTT_NS, window, false);
        for (int i = 0; i < PACKETS; i++) {
            controller.onPacketAcked(packetNumber + i, bytes[i], nowNs, columns, i * controller.packetColumns());
        }
        controller.onAckEnd(nowNs + RTT_NS, window - (long) PACKETS * PACKET_BYTES, RTT_NS, RTT_NS, RTT_NS);
        packetNumber += PACKETS;
        nowNs += 100_000;
        return controller.pacingRateBytesPerSecond();
    }
}
