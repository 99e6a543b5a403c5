package io.stoq.transport.metrics;

import io.micrometer.core.instrument.Clock;
import io.stoq.TransportStatistics;
import io.stoq.transport.StoqTransport;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What the meters of a transport read: a registry asks all of them at a time, the event loops are asked once. Keeps the
 * transport weakly. Thread-safe.
 */
final class Snapshots {

    /** Longer than reading all meters takes, and shorter than anybody's interval. */
    static final long KEPT_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final WeakReference<StoqTransport> transport;
    private final Clock clock;
    private final Runnable onEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private TransportStatistics last;
    private long lastNs;
    private boolean ended;

    /** @param onEnd called once, when the transport is found to be closed or gone; must not wait */
    Snapshots(StoqTransport transport, Clock clock, Runnable onEnd) {
        this.transport = new WeakReference<>(transport);
        this.clock = clock;
        this.onEnd = onEnd;
    }

    /** A value of now, or of a moment ago; of the end, where the transport has ended. */
    <T> double read(Function<TransportStatistics, T> part, ToDoubleFunction<T> value) {
        TransportStatistics now = now();
        return now == null ? Double.NaN : value.applyAsDouble(part.apply(now));
    }

    private TransportStatistics now() {
        lock.lock();
        try {
            long nowNs = clock.monotonicTime();
            if (!ended && (last == null || nowNs - lastNs >= KEPT_NS)) {
                StoqTransport asked = transport.get();
                if (asked != null) {
                    last = asked.statistics();
                    lastNs = nowNs;
                }
                if (asked == null || !asked.isOpen()) {
                    ended = true;
                    onEnd.run();
                }
            }
            return last;
        } finally {
            lock.unlock();
        }
    }
}
