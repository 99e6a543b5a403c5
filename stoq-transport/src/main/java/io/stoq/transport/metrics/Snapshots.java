package io.stoq.transport.metrics;

import io.micrometer.core.instrument.Clock;
import io.stoq.TransportStatistics;
import io.stoq.pool.PoolStatistics;
import io.stoq.transport.StoqTransport;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
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
    private final Runnable onPools;
    private final Runnable onEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private TransportStatistics last;
    private Map<String, PoolStatistics> pools = Map.of();
    private long lastNs;
    private boolean ended;

    /**
     * @param onPools called where there are other pools than at the reading before; must not wait
     * @param onEnd called once, when the transport is found to be closed or gone; must not wait
     */
    Snapshots(StoqTransport transport, Clock clock, Runnable onPools, Runnable onEnd) {
        this.transport = new WeakReference<>(transport);
        this.clock = clock;
        this.onPools = onPools;
        this.onEnd = onEnd;
    }

    /** A value of now, or of a moment ago; of the end, where the transport has ended. */
    <T> double read(Function<TransportStatistics, T> part, ToDoubleFunction<T> value) {
        lock.lock();
        try {
            refresh();
            return last == null ? Double.NaN : value.applyAsDouble(part.apply(last));
        } finally {
            lock.unlock();
        }
    }

    /** What a pool has and did; null where there is none of this name. */
    PoolStatistics pool(String name) {
        lock.lock();
        try {
            refresh();
            return pools.get(name);
        } finally {
            lock.unlock();
        }
    }

    private void refresh() {
        long nowNs = clock.monotonicTime();
        if (ended || last != null && nowNs - lastNs < KEPT_NS) {
            return;
        }
        StoqTransport asked = transport.get();
        if (asked != null) {
            last = asked.statistics();
            lastNs = nowNs;
            Map<String, PoolStatistics> now = new HashMap<>();
            asked.pools().forEach(pool -> now.put(pool.name(), pool.statistics()));
            boolean others = !now.keySet().equals(pools.keySet());
            pools = now;
            if (others) {
                onPools.run();
            }
        }
        if (asked == null || !asked.isOpen()) {
            ended = true;
            onEnd.run();
        }
    }
}
