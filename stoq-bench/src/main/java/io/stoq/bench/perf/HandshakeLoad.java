package io.stoq.bench.perf;

import io.stoq.StoqConnection;
import io.stoq.transport.StoqTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Opens connections as fast as the server lets it, a fixed number at once, and closes them. Thread-safe.
 *
 * <p>A place closes its connection when its next one is established: by then the server has long got the end of the first
 * one's handshake, so each handshake that is counted here is complete on both sides.
 */
public final class HandshakeLoad implements AutoCloseable {

    private static final int DIGITS = 3;

    /** Starts one connection to the server under test, without waiting. */
    @FunctionalInterface
    public interface Connector {
        CompletableFuture<StoqConnection> connect();
    }

    private final StoqTransport transport;
    private final Connector connector;
    private final LongAdder completed = new LongAdder();
    private final LongAdder full = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicReference<Throwable> firstFailure = new AtomicReference<>();
    private final Recorder latenciesNs = new Recorder(DIGITS);
    private final CountDownLatch ends;
    private final List<Place> places = new ArrayList<>();
    private volatile boolean stopped;

    private HandshakeLoad(StoqTransport transport, Connector connector, int concurrency) {
        this.transport = transport;
        this.connector = connector;
        this.ends = new CountDownLatch(concurrency);
        for (int i = 0; i < concurrency; i++) {
            places.add(new Place());
        }
    }

    /**
     * Puts the load on.
     *
     * @param concurrency handshakes in flight
     */
    public static HandshakeLoad start(StoqTransport transport, Connector connector, int concurrency) {
        HandshakeLoad load = new HandshakeLoad(transport, connector, concurrency);
        load.places.forEach(Place::connect);
        return load;
    }

    HandshakeCounts counts() {
        return HandshakeCounts.now(completed.sum(), 0, transport.socketStatistics());
    }

    /** How many were not resumed, from the beginning. */
    long fullHandshakes() {
        return full.sum();
    }

    long failures() {
        return failed.sum();
    }

    /** Null where none failed. */
    Throwable firstFailure() {
        return firstFailure.get();
    }

    /** The times from the wish for a connection to its being established, since this was last asked. */
    Histogram takeLatenciesNs() {
        return latenciesNs.getIntervalHistogram();
    }

    /** Starts no further connection, and waits for those in flight, at most for {@code grace}. */
    void finish(Duration grace) throws InterruptedException {
        stopped = true;
        ends.await(grace.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        stopped = true;
    }

    /** One of the connections at once. Touched by one connection attempt after the other. */
    private final class Place {

        private StoqConnection open;
        private long startNs;

        void connect() {
            startNs = System.nanoTime();
            connector.connect().whenComplete(this::onOutcome);
        }

        private void onOutcome(StoqConnection connection, Throwable failure) {
            if (failure == null) {
                latenciesNs.recordValue(System.nanoTime() - startNs);
                completed.increment();
                if (!connection.isResumed()) {
                    full.increment();
                }
                release();
                open = connection;
            } else {
                firstFailure.compareAndSet(null, failure);
                failed.increment();
            }
            if (stopped) {
                release();
                ends.countDown();
            } else {
                connect();
            }
        }

        private void release() {
            if (open != null) {
                open.close(PerfProtocol.DONE, "done");
                open = null;
            }
        }
    }
}
