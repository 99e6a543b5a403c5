package io.stoq.bench.lab.relay;

import io.netty.channel.IoEventLoop;
import io.stoq.bench.lab.relay.RelaySpec.Route;
import io.stoq.sim.SimDatagram;
import io.stoq.sim.Simulation;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.SocketOpenException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The relay's sockets and lanes. A datagram on its way carries the client's address and that of the entrance; only what
 * leaves is given the addresses of the real path. Confined to the loop.
 */
final class Junction {

    /** A client that was silent for this long gives way to a new one. */
    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(30);

    private static final long MAX_LATE_NS = TimeUnit.SECONDS.toNanos(10);

    private final RelaySpec spec;
    private final IoBackend backend;
    private final IoEventLoop loop;
    private final Lane up;
    private final Lane down;
    private final Clockwork clockwork;
    private final List<Entrance> entrances = new ArrayList<>();
    private final Map<InetSocketAddress, Entrance> byAddress = new HashMap<>();
    private final Map<Long, Mapping> mappings = new LinkedHashMap<>();
    private final Histogram lateNs = new Histogram(MAX_LATE_NS, 3);
    private long nextMapping;
    private long refused;
    private long rebinds;
    private long stale;
    private long closedUnsent;
    private long closedDrops;
    private boolean closed;
    private Throwable failure;

    Junction(RelaySpec spec, IoBackend backend, IoEventLoop loop) {
        this.spec = spec;
        this.backend = backend;
        this.loop = loop;
        up = new Lane(spec.up(), this::leaveUp);
        down = new Lane(spec.down(), this::leaveDown);
        // Gives each element its own randomness, the same for the same seed as in virtual time.
        Route any = spec.routes().getFirst();
        new Simulation(spec.seed()).link(any.listen(), any.target(), up.elements(), down.elements());
        clockwork = new Clockwork(loop, spec.spinNs(), this::onTime);
    }

    List<InetSocketAddress> open() throws SocketOpenException {
        for (Route route : spec.routes()) {
            Entrance entrance = new Entrance(route.target());
            entrance.open(Port.open(
                    backend, loop, route.listen(), (from, payload, ecn) -> enterUp(entrance, from, payload, ecn)));
            entrances.add(entrance);
            byAddress.put(entrance.address(), entrance);
        }
        return entrances.stream().map(Entrance::address).toList();
    }

    private void enterUp(Entrance entrance, InetSocketAddress from, byte[] payload, int ecn) {
        long nowNs = clockwork.nowNs();
        Mapping mapping = entrance.mappings.get(from);
        if (mapping == null) {
            mapping = admit(entrance, from, nowNs);
        }
        if (mapping == null) {
            refused++;
            return;
        }
        mapping.touch(nowNs);
        enter(up, new SimDatagram(from, entrance.address(), payload, ecn), nowNs);
    }

    private void enterDown(Mapping mapping, Port port, byte[] payload, int ecn) {
        if (mapping.port() != port) {
            stale++;
            return;
        }
        long nowNs = clockwork.nowNs();
        mapping.touch(nowNs);
        enter(down, new SimDatagram(mapping.entrance.address(), mapping.client, payload, ecn), nowNs);
    }

    private void enter(Lane lane, SimDatagram datagram, long nowNs) {
        lane.advance(nowNs);
        lane.enter(datagram, nowNs);
        setClock();
    }

    private void onTime() {
        if (closed) {
            return;
        }
        try {
            long nowNs = clockwork.nowNs();
            up.advance(nowNs);
            down.advance(nowNs);
        } catch (RuntimeException e) { // nobody looks at the outcome of a timer
            fail(e);
        }
        setClock();
    }

    private void setClock() {
        clockwork.set(Math.min(up.nextDeadlineNs(), down.nextDeadlineNs()));
    }

    private void leaveUp(SimDatagram datagram, long dueNs, long nowNs) {
        Entrance entrance = byAddress.get(datagram.to());
        Mapping mapping = entrance.mappings.get(datagram.from());
        if (mapping != null) {
            lateNs.recordValue(Math.min(nowNs - dueNs, MAX_LATE_NS));
            entrance.passedUp(datagram.length());
            mapping.port().send(datagram, entrance.target);
            mapping.port().flush();
        }
    }

    private void leaveDown(SimDatagram datagram, long dueNs, long nowNs) {
        Entrance entrance = byAddress.get(datagram.from());
        lateNs.recordValue(Math.min(nowNs - dueNs, MAX_LATE_NS));
        entrance.passedDown(datagram.length());
        entrance.port().send(datagram, datagram.to());
        entrance.port().flush();
    }

    /** Null where there is no room for another client. */
    private Mapping admit(Entrance entrance, InetSocketAddress client, long nowNs) {
        if (mappings.size() >= spec.maxClients() && !evict(nowNs)) {
            return null;
        }
        Mapping mapping = new Mapping(entrance, client);
        if (!bind(mapping)) {
            return null;
        }
        long id = nextMapping++;
        mappings.put(id, mapping);
        entrance.mappings.put(client, mapping);
        for (long afterNs : spec.rebindAfterNs()) {
            loop.schedule(() -> rebind(id), afterNs, TimeUnit.NANOSECONDS);
        }
        return mapping;
    }

    /** Ends the mapping that was silent for longest, if that is long enough. */
    private boolean evict(long nowNs) {
        Map.Entry<Long, Mapping> idlest = null;
        for (Map.Entry<Long, Mapping> entry : mappings.entrySet()) {
            if (idlest == null
                    || entry.getValue().lastUsedNs() < idlest.getValue().lastUsedNs()) {
                idlest = entry;
            }
        }
        if (idlest == null || nowNs - idlest.getValue().lastUsedNs() < IDLE_NS) {
            return false;
        }
        Mapping mapping = mappings.remove(idlest.getKey());
        mapping.entrance.mappings.remove(mapping.client);
        end(mapping);
        return true;
    }

    private void end(Mapping mapping) {
        closedUnsent += mapping.port().unsent();
        closedDrops += mapping.port().kernelDrops();
        mapping.close();
    }

    /** Gives the client a port towards the server, another one where it has one. */
    private boolean bind(Mapping mapping) {
        InetAddress any =
                InetAddress.ofLiteral(mapping.entrance.target.getAddress().isLoopbackAddress() ? "::1" : "::");
        Port[] opened = new Port[1];
        try {
            opened[0] = Port.open(
                    backend,
                    loop,
                    new InetSocketAddress(any, 0),
                    (from, payload, ecn) -> enterDown(mapping, opened[0], payload, ecn));
        } catch (SocketOpenException e) {
            fail(e);
            return false;
        }
        if (mapping.port() != null) {
            closedUnsent += mapping.port().unsent();
            closedDrops += mapping.port().kernelDrops();
        }
        mapping.use(opened[0]);
        return true;
    }

    private void rebind(long id) {
        Mapping mapping = mappings.get(id);
        if (!closed && mapping != null && bind(mapping)) {
            rebinds++;
        }
    }

    /** All clients get new ports towards their servers now. */
    void rebindAll() {
        List.copyOf(mappings.keySet()).forEach(this::rebind);
    }

    void restartGauges() {
        up.restartGauge();
        down.restartGauge();
        lateNs.reset();
    }

    private void fail(Throwable cause) {
        failure = failure == null ? cause : failure;
    }

    /** Why it works no more; null while it does. */
    Throwable failure() {
        Throwable first = failure;
        for (Entrance entrance : entrances) {
            first = first == null ? entrance.port().failure() : first;
        }
        for (Mapping mapping : mappings.values()) {
            first = first == null ? mapping.port().failure() : first;
        }
        return first;
    }

    boolean carriesEcn() {
        return entrances.stream().allMatch(entrance -> entrance.port().carriesEcn());
    }

    RelayCounts counts() {
        long unsent = closedUnsent;
        long drops = closedDrops;
        for (Entrance entrance : entrances) {
            unsent += entrance.port().unsent();
            drops += entrance.port().kernelDrops();
        }
        for (Mapping mapping : mappings.values()) {
            unsent += mapping.port().unsent();
            drops += mapping.port().kernelDrops();
        }
        boolean seen = lateNs.getTotalCount() > 0;
        return new RelayCounts(
                clockwork.nowNs(),
                up.counts(),
                down.counts(),
                entrances.stream().map(Entrance::counts).toList(),
                mappings.size(),
                refused,
                rebinds,
                stale,
                unsent,
                drops,
                seen ? micros(lateNs.getMean()) : 0,
                seen ? micros(lateNs.getValueAtPercentile(99)) : 0,
                seen ? micros(lateNs.getMaxValue()) : 0);
    }

    private static double micros(double ns) {
        return Math.rint(ns / 100) / 10;
    }

    void close() {
        closed = true;
        clockwork.stop();
        mappings.values().forEach(this::end);
        mappings.clear();
        entrances.forEach(entrance -> entrance.port().close());
    }
}
