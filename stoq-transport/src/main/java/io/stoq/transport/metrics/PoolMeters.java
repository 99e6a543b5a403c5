package io.stoq.transport.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.stoq.pool.BreakerState;
import io.stoq.pool.PoolStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The meters of one pool, by its name. {@code docs/guide/metrics.md} lists them. */
final class PoolMeters {

    private final Snapshots snapshots;
    private final String name;
    private final Tags tags;
    private final List<Function<MeterRegistry, Meter>> meters = new ArrayList<>();

    /** What was read last, for readings between the end of the pool and that of its meters. */
    private volatile PoolStatistics last;

    PoolMeters(Snapshots snapshots, Tags tags, String name) {
        this.snapshots = snapshots;
        this.name = name;
        this.tags = tags.and("pool", name);
        connections("healthy", PoolStatistics::healthy);
        connections("degraded", PoolStatistics::degraded);
        connections("draining", PoolStatistics::draining);
        connections("dialing", PoolStatistics::dialing);
        breaker("closed", BreakerState.CLOSED);
        breaker("open", BreakerState.OPEN);
        breaker("half_open", BreakerState.HALF_OPEN);
        gauge("stoq.pool.in.flight", "Leases and streams not over", this.tags, PoolStatistics::inFlight);
        gauge("stoq.pool.waiting", "Threads without a connection", this.tags, PoolStatistics::waiting);
        counter("stoq.pool.acquired", "Leases and streams given out", PoolStatistics::acquired);
        counter("stoq.pool.opened", "Connections made", PoolStatistics::opened);
        counter("stoq.pool.dials.failed", "Tries of all addresses", PoolStatistics::dialsFailed);
        counter("stoq.pool.broken", "Connections given up", PoolStatistics::broken);
        counter("stoq.pool.retired", "Connections drained", PoolStatistics::retired);
        counter("stoq.pool.failed.over", "Unsent work that moved", PoolStatistics::failedOver);
        counter("stoq.pool.pings", "Sent to silent connections", PoolStatistics::pings);
        counter("stoq.pool.wake.ups", "Turns that a timer caused", PoolStatistics::wakeUps);
        counter("stoq.pool.events.dropped", "For a slow listener", PoolStatistics::droppedEvents);
    }

    /** Each registers one meter. */
    List<Function<MeterRegistry, Meter>> all() {
        return meters;
    }

    private double read(ToDoubleFunction<PoolStatistics> value) {
        PoolStatistics now = snapshots.pool(name);
        if (now != null) {
            last = now;
        }
        PoolStatistics known = last;
        return known == null ? Double.NaN : value.applyAsDouble(known);
    }

    private void connections(String state, ToDoubleFunction<PoolStatistics> value) {
        gauge("stoq.pool.connections", "By state", tags.and("state", state), value);
    }

    private void breaker(String state, BreakerState which) {
        gauge(
                "stoq.pool.breaker",
                "1 for the state it is in",
                tags.and("state", state),
                all -> all.breaker() == which ? 1 : 0);
    }

    private void gauge(String called, String description, Tags with, ToDoubleFunction<PoolStatistics> value) {
        meters.add(registry -> Gauge.builder(called, snapshots, from -> read(value))
                .description(description)
                .tags(with)
                .register(registry));
    }

    private void counter(String called, String description, ToDoubleFunction<PoolStatistics> value) {
        meters.add(registry -> FunctionCounter.builder(called, snapshots, from -> read(value))
                .description(description)
                .tags(tags)
                .register(registry));
    }
}
