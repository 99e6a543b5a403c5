package io.stoq.transport.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.stoq.transport.StoqPool;
import io.stoq.transport.StoqTransport;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of a transport for any Micrometer registry. Thread-safe.
 *
 * <pre>{@code
 * new StoqMetrics(transport).bindTo(registry);
 * }</pre>
 *
 * <p>Registries read the meters when they publish; the transport does nothing for them in between, and what a registry throws
 * does not reach it. No tag has a value that a peer chose. The transport is kept weakly; once it is closed, its meters are
 * removed when they are read the next time, or by {@link #close()}. Meters of a pool that is opened or closed later come and
 * go after the next reading.
 *
 * <p>Not to be read on an event loop: that waits for the others.
 */
@SuppressWarnings("exports") // whoever uses it has Micrometer
public final class StoqMetrics implements MeterBinder, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoqMetrics.class);

    private final WeakReference<StoqTransport> transport;
    private final Tags tags;
    private final Map<MeterRegistry, Binding> bindings = new ConcurrentHashMap<>();

    public StoqMetrics(StoqTransport transport) {
        this(transport, Tags.empty());
    }

    /** @param tags of all meters, such as a name for the transport where there are several */
    public StoqMetrics(StoqTransport transport, Iterable<Tag> tags) {
        this.transport = new WeakReference<>(transport);
        this.tags = Tags.of(tags);
    }

    /** Registers the meters. One that the registry refuses is left out, with one warning for all of them; never throws. */
    @Override
    public void bindTo(MeterRegistry registry) {
        StoqTransport bound = transport.get();
        if (bound != null) {
            Binding binding = new Binding(registry);
            if (bindings.putIfAbsent(registry, binding) == null) {
                binding.register(bound);
            }
        }
    }

    /** Removes the meters from the registries. */
    @Override
    public void close() {
        List.copyOf(bindings.values()).forEach(Binding::remove);
    }

    /** The meters in one registry. */
    private final class Binding {

        private final MeterRegistry registry;
        private final List<Meter> meters = new CopyOnWriteArrayList<>();
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<String, List<Meter>> pools = new HashMap<>();
        private Snapshots snapshots;
        private boolean removed;

        Binding(MeterRegistry registry) {
            this.registry = registry;
        }

        void register(StoqTransport bound) {
            // A registry is not changed from inside its own reading.
            snapshots = new Snapshots(
                    bound,
                    registry.config().clock(),
                    () -> Thread.startVirtualThread(this::followPools),
                    () -> Thread.startVirtualThread(this::remove));
            meters.addAll(add(new Meters(snapshots, tags).all()));
            followPools();
        }

        /** There are other pools than before: registers the meters of new ones, removes those of ended ones. */
        private void followPools() {
            StoqTransport bound = transport.get();
            lock.lock();
            try {
                if (bound == null || removed) {
                    return;
                }
                Set<String> open = bound.pools().stream().map(StoqPool::name).collect(Collectors.toSet());
                for (String name : open) {
                    pools.computeIfAbsent(name, added -> add(new PoolMeters(snapshots, tags, added).all()));
                }
                pools.entrySet().removeIf(pool -> {
                    boolean ended = !open.contains(pool.getKey());
                    if (ended) {
                        remove(pool.getValue());
                    }
                    return ended;
                });
            } finally {
                lock.unlock();
            }
        }

        private List<Meter> add(List<Function<MeterRegistry, Meter>> all) {
            List<Meter> added = new ArrayList<>();
            List<RuntimeException> failures = new ArrayList<>();
            for (Function<MeterRegistry, Meter> meter : all) {
                try {
                    added.add(meter.apply(registry));
                } catch (RuntimeException refused) { // a registry's trouble is not the transport's
                    failures.add(refused);
                }
            }
            if (!failures.isEmpty()) {
                LOG.warn("the metrics registry refused {} meters", failures.size(), failures.getFirst());
            }
            return added;
        }

        void remove() {
            bindings.remove(registry, this);
            remove(meters);
            lock.lock();
            try {
                removed = true;
                pools.values().forEach(this::remove);
                pools.clear();
            } finally {
                lock.unlock();
            }
        }

        private void remove(List<Meter> all) {
            for (Meter meter : all) {
                try {
                    registry.remove(meter);
                } catch (RuntimeException refused) { // as above; the meter reads what was last
                    LOG.debug("the metrics registry kept {}", meter.getId(), refused);
                }
            }
        }
    }
}
