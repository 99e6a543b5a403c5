package io.stoq.bench.micro;

import io.stoq.ack.AckTracker;
import io.stoq.buffer.ByteWriter;
import io.stoq.crypto.EncryptionLevel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What a received packet costs until it is acknowledged; one ACK for each 64 packets. RFC 9000 §13.2. */
public class AckTrackerBenchmark extends MicroBenchmark {

    private static final int PACKETS = 64;
    private static final int EXPONENT = 3;
    private static final long MAX_ACK_DELAY_NS = 25_000_000;

    /** Every so manieth packet is missing: each makes one more range, up to the 64 that are kept; 0 for none. */
    @Param({"0", "16", "2"})
    public int missing;

    private final ByteWriter out = new ByteWriter(2048);
    private AckTracker tracker;
    private long packetNumber;
    private long nowNs;

    @Setup
    public void prepare() {
        tracker = new AckTracker(EncryptionLevel.APPLICATION, MAX_ACK_DELAY_NS);
        for (int i = 0; i < 64; i++) {
            receivedAndAcknowledged();
        }
    }

    /** One packet of the batch: asked for a duplicate, noted, and its part of the ACK frame. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public final long receivedAndAcknowledged() {
        nowNs += 20_000;
        for (int i = 0; i < PACKETS; i++) {
            packetNumber++;
            if (missing == 0 || packetNumber % missing != 0) {
                if (!tracker.isDuplicate(packetNumber)) {
                    tracker.onPacketReceived(packetNumber, true, 0, nowNs);
                }
            }
        }
        return writeAck();
    }

    /** The whole ACK frame, with as many ranges as there are. */
    @Benchmark
    public final long writeAck() {
        out.reset(0, out.array.length);
        return tracker.write(out, nowNs, EXPONENT);
    }
}
