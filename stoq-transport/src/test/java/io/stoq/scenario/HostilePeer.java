package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.BufferPool;
import io.stoq.buffer.ByteWriter;
import io.stoq.buffer.PooledBuffer;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.congestion.CongestionController;
import io.stoq.memory.EndpointMemory;
import io.stoq.sim.Blackout;
import io.stoq.sim.Delay;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.openjdk.jol.info.GraphLayout;

/**
 * A client that puts any frames into authentic packets, as many as it likes, and that hears nothing any more once the
 * handshake is over: it obeys nothing, and answers nothing.
 */
final class HostilePeer {

    /** Bytes of frames in one packet. */
    static final int ROOM = 1100;

    private static final long DEAF_AT_NS = Story.S;
    private static final long BETWEEN_NS = 10_000;
    private static final long ROUNDING_BYTES = 32 << 10;

    final Story story;
    final long budgetBytes;
    private final Tampering tampering;
    private long measuredBefore;
    private long heldBefore;
    private long freeBefore;

    HostilePeer(long seed, ConnectionConfig serverConfig) {
        this(seed, EndpointConfig.server(serverConfig));
    }

    HostilePeer(long seed, EndpointConfig serverConfig) {
        tampering = new Tampering(Story.clientTls(seed));
        budgetBytes = serverConfig.connection().memoryBytes();
        ConnectionConfig own = ConnectionConfig.builder()
                .congestion(parameters -> new Unlimited())
                .build();
        story = new Story(
                seed,
                List.of(new Delay(Story.MS)),
                List.of(new Blackout(DEAF_AT_NS, Long.MAX_VALUE), new Delay(Story.MS)),
                own,
                serverConfig,
                tampering,
                Story.serverTls(seed));
        story.connect();
        story.network.runFor(DEAF_AT_NS + Story.MS - story.network.nowNs());
        measuredBefore = measure();
        heldBefore = held();
        freeBefore = freeBytes();
    }

    /** One packet; what it makes the server hold is never more than twice its budget. */
    void send(Consumer<ByteWriter> frames) {
        ByteWriter out = new ByteWriter(ROOM);
        frames.accept(out);
        tampering.done = false;
        tampering.replaceNext(2, Arrays.copyOf(out.array, out.position));
        assertTrue(story.client.connection.sendDatagram(new byte[ROOM + 20], 0, ROOM + 20));
        story.network.runFor(Story.MS + BETWEEN_NS);
        assertTrue(tampering.done, "the packet was not sent");
        assertTrue(held() <= 2 * budgetBytes, () -> held() + " of " + budgetBytes + " are held");
    }

    boolean serverIsOpen() {
        return story.server.closeReason == null;
    }

    /** What the server says that it holds. */
    long held() {
        return memory().heldBytes();
    }

    EndpointMemory memory() {
        return story.serverEndpoint.memory();
    }

    /**
     * What is charged is what the objects take: at least seven eighths of it, so that a budget is a promise, and less than
     * twice as much, so that it is no waste; but for what remains of the handshake's objects. What the test itself remembers
     * of streams counts as well.
     */
    void requireHonesty() {
        long measured = measure() - measuredBefore - (freeBytes() - freeBefore);
        long held = held() - heldBefore;
        assertTrue(held >= measured * 7 / 8 - ROUNDING_BYTES, () -> held + " are charged for " + measured + " bytes");
        assertTrue(held <= 2 * measured + ROUNDING_BYTES, () -> held + " are charged for " + measured + " bytes");
    }

    private long measure() {
        forgetTraces();
        return GraphLayout.parseInstance(story.serverEndpoint).totalSize();
    }

    /** Tests have buffers remember where they were taken, which takes more than is measured here. */
    private void forgetTraces() {
        BufferPool pool = story.serverEndpoint.buffers();
        try {
            Field trace = PooledBuffer.class.getDeclaredField("trace");
            trace.setAccessible(true);
            for (int id = 0; id < pool.statistics().buffers(); id++) {
                trace.set(pool.buffer(id), null);
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Buffers of the pool that nobody uses are the loop's. All that are made here are for blocks. */
    private long freeBytes() {
        var pool = story.serverEndpoint.buffers().statistics();
        return pool.buffers() == 0 ? 0 : pool.bytes() / pool.buffers() * (pool.buffers() - pool.inUse());
    }

    /** Sends whatever there is, whatever is lost. */
    private static final class Unlimited implements CongestionController {

        @Override
        public String name() {
            return "unlimited";
        }

        @Override
        public void onPacketSent(long nowNs, long number, int bytes, long inFlight, long[] columns, int at) {}

        @Override
        public void onAckBegin(long nowNs, long bytesInFlightBefore, boolean applicationLimited) {}

        @Override
        public void onPacketAcked(long number, int bytes, long sentNs, long[] columns, int at) {}

        @Override
        public void onAckEnd(long nowNs, long inFlight, long rttSampleNs, long smoothedRttNs, long minRttNs) {}

        @Override
        public void onPacketsLost(long nowNs, long largest, long largestSentNs, long bytes, boolean persistent) {}

        @Override
        public void onCongestionExperienced(long nowNs, long sentNs, long markedPackets) {}

        @Override
        public void onSpuriousLoss(long nowNs, long packetNumber, int bytes, long sentNs) {}

        @Override
        public void onMaxDatagramSize(int bytes) {}

        @Override
        public long windowBytes() {
            return 1L << 40;
        }

        @Override
        public long pacingRateBytesPerSecond() {
            return UNPACED;
        }

        @Override
        public long sendQuantumBytes() {
            return 1 << 16;
        }
    }
}
