package io.stoq.endpoint;

import io.stoq.CloseCounts;
import io.stoq.EndpointStatistics;
import io.stoq.buffer.BufferPool;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.connection.ConnectionParts;
import io.stoq.connection.LoopTools;
import io.stoq.connection.TrafficSum;
import io.stoq.crypto.CryptoProvider;
import io.stoq.memory.EndpointMemory;
import io.stoq.telemetry.Telemetry;
import io.stoq.transmit.PacketWriter;
import io.stoq.wire.PacketHeader;
import io.stoq.wire.PacketType;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One UDP socket's worth of connections: takes datagrams to the connection they are for, sets up new ones, and polls those
 * that have something to send. Confined to one loop; sans-IO like its connections.
 *
 * <p>The owner's cycle: {@link #onDatagram} for what was received, {@link #onTimeout}, {@link #pollTask} until null,
 * {@link #pollTransmit} until false, then sleep until {@link #nextDeadlineNs()}.
 */
public final class Endpoint {

    /** A connection that is due but cannot send is not asked again before this, so that no error can spin the loop. */
    private static final long MIN_RETRY_NS = 1_000_000;

    private static final byte[] NO_TOKEN = new byte[0];

    final ConnectionTable routes = new ConnectionTable();
    private final EndpointConfig config;
    private final CryptoProvider crypto;
    private final LoopTools tools;
    private final EndpointMemory memory;

    // Sets, for connections leave in any order; linked ones, so that a simulation repeats itself.
    private final Set<ConnectionEntry> entries = new LinkedHashSet<>();
    private final Map<AddressKey, Set<ConnectionEntry>> byAddress = new HashMap<>();
    private final DeadlineQueue deadlines = new DeadlineQueue();
    private final ArrayDeque<ConnectionEntry> ready = new ArrayDeque<>();
    private final ArrayDeque<ConnectionEntry> tasks = new ArrayDeque<>();
    private final PacketHeader header = new PacketHeader();
    private final StatelessReplies replies;
    private final Acceptor acceptor;
    private long lastKey;
    private ConnectionEntry lastEntry;
    private long droppedDatagrams;
    private long started;
    private CloseCounts closed = CloseCounts.none();
    private final TrafficSum ended = new TrafficSum();

    /** An endpoint that has its loop for itself. */
    public Endpoint(EndpointConfig config, CryptoProvider crypto, EndpointListener listener) {
        this(config, crypto, listener, new BufferPool());
    }

    /** @param buffers of the loop, shared by all its endpoints */
    public Endpoint(EndpointConfig config, CryptoProvider crypto, EndpointListener listener, BufferPool buffers) {
        this(config, crypto, listener, buffers, Telemetry.OFF);
    }

    /** @param telemetry decides who is told what happens inside connections */
    public Endpoint(
            EndpointConfig config,
            CryptoProvider crypto,
            EndpointListener listener,
            BufferPool buffers,
            Telemetry telemetry) {
        if (config.accept() && !crypto.supportsServer()) {
            throw new IllegalArgumentException(
                    "a server needs an identity (certificate and key) in its TLS configuration");
        }
        this.config = config;
        this.crypto = crypto;
        this.tools = new LoopTools(buffers, telemetry);
        this.memory = new EndpointMemory(config.memoryBytes());
        this.replies = new StatelessReplies(crypto, new PacketWriter());
        this.acceptor = new Acceptor(this, config, crypto, listener, replies);
    }

    /**
     * Starts a connection; its listener hears of the rest.
     *
     * @param serverName DNS name or IPv6 literal that the server's certificate must match
     */
    public Connection connect(
            long nowNs,
            InetSocketAddress remote,
            String serverName,
            ConnectionConfig connectionConfig,
            ConnectionListener listener) {
        return connect(nowNs, remote, serverName, NO_TOKEN, connectionConfig, listener);
    }

    /** @param token that an earlier connection to this server brought, or empty; to be used once. RFC 9000 §8.1.3 */
    public Connection connect(
            long nowNs,
            InetSocketAddress remote,
            String serverName,
            byte[] token,
            ConnectionConfig connectionConfig,
            ConnectionListener listener) {
        ConnectionEntry entry = new ConnectionEntry(this);
        entry.address = AddressKey.of(remote);
        entry.connection =
                ConnectionParts.client(at(nowNs, connectionConfig, listener, entry), crypto, remote, serverName, token);
        add(entry);
        markReady(entry);
        started++;
        return entry.connection;
    }

    // ---- input

    /** Takes what one socket read returned; a train is split here. */
    public void onDatagram(long nowNs, Datagram datagram) {
        int segment = Math.max(1, Math.min(datagram.segmentSize, datagram.length));
        tools.receiver().onTrain(datagram.memory, datagram.offset, datagram.length, segment);
        for (int from = 0; from < datagram.length; from += segment) {
            onSegment(nowNs, datagram, datagram.offset + from, Math.min(segment, datagram.length - from));
        }
    }

    private void onSegment(long nowNs, Datagram datagram, long at, int length) {
        MemorySegment memory = datagram.memory;
        if (!header.parse(memory, at, at + length, Connection.LOCAL_ID_BYTES)) {
            droppedDatagrams++;
            return;
        }
        ConnectionEntry entry = find();
        if (entry == null && (entry = acceptor.onStranger(nowNs, datagram, at, length, header)) == null) {
            droppedDatagrams++;
            return;
        }
        entry.connection.onDatagram(nowNs, memory, at, length, datagram.remote, datagram.local, datagram.ecn);
        acceptor.onProgress(nowNs, entry);
        markReady(entry);
        if (this.memory.wantsRelief()) {
            relieve(nowNs);
        }
    }

    /** The connection that the parsed header's destination id belongs to, or null. */
    private ConnectionEntry find() {
        if (header.dcidLength == Connection.LOCAL_ID_BYTES) {
            long key = ConnectionTable.key(header.dcid, 0);
            if (lastEntry != null && key == lastKey) {
                return lastEntry;
            }
            ConnectionEntry entry = routes.find(key);
            if (entry != null) {
                lastKey = key;
                lastEntry = entry;
                return entry;
            }
        }
        return header.type == PacketType.SHORT ? null : acceptor.find(header);
    }

    /** A 1-RTT packet for no connection that is known: perhaps a stateless reset for one of ours. RFC 9000 §10.3.1. */
    boolean onPossibleReset(long nowNs, Datagram datagram, long at, int length) {
        Set<ConnectionEntry> candidates = byAddress.get(AddressKey.of(datagram.remote));
        if (candidates == null || length < 21) {
            return false;
        }
        for (ConnectionEntry entry : candidates) {
            if (entry.connection.onPossibleStatelessReset(nowNs, datagram.memory, at + length - 16)) {
                markReady(entry);
                return true;
            }
        }
        return false;
    }

    /** The kernel refused to send a datagram for its size; a hint for all connections to that address. */
    public void onDatagramTooLong(InetSocketAddress remote, int bytes) {
        for (ConnectionEntry entry : byAddress.getOrDefault(AddressKey.of(remote), Set.of())) {
            entry.connection.onDatagramTooLong(remote, bytes);
            markReady(entry);
        }
    }

    /** Does what is due; cheap where nothing is. */
    public void onTimeout(long nowNs) {
        while (deadlines.firstNs() <= nowNs) {
            ConnectionEntry entry = deadlines.first();
            deadlines.remove(entry);
            entry.connection.onTimeout(nowNs);
            acceptor.onProgress(nowNs, entry);
            markReady(entry);
        }
    }

    /** Work for another thread, or null; when it has run, {@link #onTaskDone} is to be called on the loop. */
    public HandshakeTask pollTask() {
        ConnectionEntry entry = tasks.poll();
        while (entry != null) {
            entry.taskReady = false;
            Runnable work = entry.removed ? null : entry.connection.pollHandshakeTask();
            if (work != null) {
                return new HandshakeTask(entry, work);
            }
            entry = tasks.poll();
        }
        return null;
    }

    public void onTaskDone(long nowNs, HandshakeTask task) {
        task.entry.connection.onHandshakeTaskDone(nowNs);
        acceptor.onProgress(nowNs, task.entry);
        markReady(task.entry);
    }

    // ---- output

    /** Fills {@code out} with the next datagram or train; false where there is nothing to send now. */
    public boolean pollTransmit(long nowNs, Transmit out) {
        if (replies.poll(out)) {
            return true;
        }
        if (memory.pollEased()) {
            entries.forEach(entry -> entry.connection.memory().onEndpointEased());
        }
        ConnectionEntry entry = ready.peek();
        while (entry != null) {
            ready.poll();
            if (!entry.removed && entry.connection.pollTransmit(nowNs, out)) {
                ready.add(entry);
                return true;
            }
            entry.ready = false;
            settle(nowNs, entry);
            entry = ready.peek();
        }
        return false;
    }

    private void settle(long nowNs, ConnectionEntry entry) {
        if (entry.removed) {
            return;
        }
        if (entry.connection.isGone()) {
            remove(entry);
            return;
        }
        long deadline = entry.connection.nextDeadlineNs();
        deadlines.schedule(entry, deadline <= nowNs ? nowNs + MIN_RETRY_NS : deadline);
    }

    /** When {@link #onTimeout} has something to do; valid after {@link #pollTransmit} returned false. */
    public long nextDeadlineNs() {
        return deadlines.firstNs();
    }

    // ---- the owner's calls

    /**
     * Says what time it is, for tokens that other servers check, or this one after a restart; from time to time, as clocks
     * differ. Without it 1970 begins with {@code nowNs} 0.
     */
    public void unixTime(long nowNs, long unixMs) {
        acceptor.tokens().unixTime(nowNs, unixMs);
    }

    /** Closes all connections with an application code and takes no new ones; poll on until {@link #isIdle()}. */
    public void close(long nowNs, long code, String reason) {
        acceptor.stop();
        for (ConnectionEntry entry : List.copyOf(entries)) {
            entry.connection.close(nowNs, code, reason);
        }
    }

    /**
     * Takes no new connections, and has each one close when its streams in flight are over; see {@link
     * Connection#closeWhenServed()}. Poll on until {@link #isIdle()}, or {@link #close} what takes too long.
     */
    public void closeWhenServed() {
        acceptor.stop();
        for (ConnectionEntry entry : List.copyOf(entries)) {
            entry.connection.closeWhenServed();
            markReady(entry);
        }
    }

    /** Connections that are not closing; counts them one by one. */
    public int openConnections() {
        int open = 0;
        for (ConnectionEntry entry : entries) {
            open += entry.connection.isOpen() ? 1 : 0;
        }
        return open;
    }

    /** Connections that are open or closing. */
    public int connections() {
        return entries.size();
    }

    /** Connection ids that lead to one of them. */
    public int connectionIds() {
        return routes.size();
    }

    /** Whether no connection is left and nothing waits to be sent. */
    public boolean isIdle() {
        return entries.isEmpty() && replies.isEmpty();
    }

    /** Where the connections keep what cannot go on at once. */
    public BufferPool buffers() {
        return tools.buffers();
    }

    /** What the connections hold. */
    public EndpointMemory memory() {
        return memory;
    }

    /** Those that hold most give back what they can, and end where that is not enough. */
    private void relieve(long nowNs) {
        List<ConnectionEntry> largest = new ArrayList<>(entries);
        largest.sort(
                Comparator.comparingLong(entry -> -entry.connection.memory().heldBytes()));
        for (ConnectionEntry entry : largest) {
            if (!memory.wantsRelief()) {
                return;
            }
            entry.connection.relieveEndpoint(nowNs);
            markReady(entry);
        }
        memory.onRelieved();
    }

    /** Adds up over all connections: for now and then. */
    public EndpointStatistics statistics() {
        TrafficSum traffic = new TrafficSum();
        CloseCounts reasons = closed;
        int handshaking = 0;
        for (ConnectionEntry entry : entries) {
            traffic.add(entry.connection);
            if (!entry.connection.isOpen()) {
                reasons = reasons.plus(reason(entry.connection));
            }
            handshaking += entry.handshaking ? 1 : 0;
        }
        return new EndpointStatistics(
                entries.size(),
                handshaking,
                started,
                acceptor.accepted(),
                acceptor.refused(),
                acceptor.isBusy() ? 1 : 0,
                droppedDatagrams,
                replies.versionNegotiations(),
                replies.retries(),
                replies.resets(),
                acceptor.tokens().statistics(),
                reasons,
                traffic.statistics().plus(ended.statistics()),
                memory.statistics());
    }

    private static CloseCounts reason(Connection connection) {
        return connection.closeReason() == null ? CloseCounts.none() : CloseCounts.of(connection.closeReason());
    }

    // ---- book-keeping

    ConnectionParts.Endpointed at(
            long nowNs, ConnectionConfig connectionConfig, ConnectionListener listener, ConnectionEntry entry) {
        return new ConnectionParts.Endpointed(nowNs, connectionConfig, listener, entry, tools, memory);
    }

    void add(ConnectionEntry entry) {
        entries.add(entry);
        byAddress.computeIfAbsent(entry.address, key -> new LinkedHashSet<>(2)).add(entry);
    }

    /** Forgets a connection that is gone. */
    void remove(ConnectionEntry entry) {
        entry.removed = true;
        closed = closed.plus(reason(entry.connection));
        ended.add(entry.connection);
        deadlines.remove(entry);
        entries.remove(entry);
        acceptor.onRemoved(entry);
        Set<ConnectionEntry> neighbours = byAddress.get(entry.address);
        neighbours.remove(entry);
        if (neighbours.isEmpty()) {
            byAddress.remove(entry.address);
        }
        if (lastEntry == entry) {
            lastEntry = null;
        }
    }

    void markReady(ConnectionEntry entry) {
        if (!entry.ready && !entry.removed) {
            entry.ready = true;
            ready.add(entry);
        }
    }

    void onAddressProved(long nowNs, ConnectionEntry entry) {
        acceptor.onAddressProved(nowNs, entry.connection);
    }

    void markTaskReady(ConnectionEntry entry) {
        if (!entry.taskReady && !entry.removed) {
            entry.taskReady = true;
            tasks.add(entry);
        }
    }
}
