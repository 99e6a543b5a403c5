package io.stoq.bench.hold;

import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.bench.perf.PerfProtocol;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * A request a second on each connection, spread evenly over the second and sent when they are due, whatever became of those
 * before: an open loop. A request is a stream of its own, and its time is from when it was due to the end of the answer.
 */
final class Requests {

    /** Requests of the same millisecond are due together: a thread that woke for each would be a load of its own. */
    private static final int TICKS_PER_SECOND = 1000;

    private static final long TICK_NS = TimeUnit.SECONDS.toNanos(1) / TICKS_PER_SECOND;
    private static final int ANSWER_BYTES = 256;
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_MS = 10;
    private static final int DIGITS = 3;

    private final Failures failures;
    private final LongAdder sent = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Recorder latencies = new Recorder(DIGITS);

    Requests(Failures failures) {
        this.failures = failures;
    }

    /** Sends for so many seconds, then waits for the last answers; those that do not come have failed. */
    void run(List<StoqConnection> connections, int seconds) throws InterruptedException {
        long startNs = System.nanoTime();
        int count = connections.size();
        for (int tick = 0; tick < seconds * TICKS_PER_SECOND; tick++) {
            long dueNs = startNs + tick * TICK_NS;
            awaitTime(dueNs);
            int slot = tick % TICKS_PER_SECOND;
            int to = firstOf(slot + 1, count);
            for (int i = firstOf(slot, count); i < to; i++) {
                new Request(dueNs).send(connections.get(i));
            }
        }
        long endNs = System.nanoTime() + GRACE_NS;
        while (missing() > 0 && System.nanoTime() < endNs) {
            Thread.sleep(POLL_MS);
        }
        for (long left = missing(); left > 0; left--) {
            failures.request("no answer");
        }
    }

    private static int firstOf(int slot, int count) {
        return (int) ((long) slot * count / TICKS_PER_SECOND);
    }

    private static void awaitTime(long dueNs) throws InterruptedException {
        for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private long missing() {
        return sent.sum() - answered.sum() - failed.sum();
    }

    long sent() {
        return sent.sum();
    }

    long answered() {
        return answered.sum();
    }

    /** What the answers took, in nanoseconds. */
    Histogram latenciesNs() {
        return latencies.getIntervalHistogram();
    }

    private final class Request implements StreamEvents {

        private final long dueNs;
        private int answerBytes;
        private boolean over;

        Request(long dueNs) {
            this.dueNs = dueNs;
        }

        void send(StoqConnection connection) {
            sent.increment();
            connection.openStreamAsync(true).whenComplete((stream, failure) -> {
                if (failure != null) {
                    fail(failure.getMessage());
                } else {
                    send(stream);
                }
            });
        }

        private void send(StoqStream stream) {
            stream.handler(this);
            try {
                stream.tryWrite(ByteBuffer.allocate(PerfProtocol.HEADER_BYTES)
                        .putLong(ANSWER_BYTES)
                        .flip());
                stream.finish();
            } catch (StoqException e) {
                fail(e.getMessage());
            }
        }

        @Override
        public void onData(StoqStream stream, ByteBuffer data) {
            answerBytes += data.remaining();
            data.position(data.limit());
        }

        @Override
        public void onFinished(StoqStream stream) {
            if (answerBytes != ANSWER_BYTES) {
                fail(answerBytes + " bytes of answer in place of " + ANSWER_BYTES);
            } else if (!over) {
                over = true;
                latencies.recordValue(System.nanoTime() - dueNs);
                answered.increment();
            }
        }

        @Override
        public void onReset(StoqStream stream, long code) {
            fail("the server reset its answer");
        }

        @Override
        public void onClosed(StoqStream stream) {
            fail("the stream ended without an answer");
        }

        private void fail(String why) {
            if (!over) {
                over = true;
                failed.increment();
                failures.request(why);
            }
        }
    }
}
