package io.stoq.connection;

import io.stoq.CloseReason;
import io.stoq.ConnectionStatistics;
import io.stoq.ack.AckTracker;
import io.stoq.buffer.Transmit;
import io.stoq.cid.LocalConnectionIds;
import io.stoq.cid.PeerConnectionIds;
import io.stoq.config.ConnectionConfig;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.TlsEvent;
import io.stoq.datagram.DatagramChunk;
import io.stoq.datagram.Datagrams;
import io.stoq.memory.ConnectionMemory;
import io.stoq.path.Path;
import io.stoq.path.Paths;
import io.stoq.recovery.Recovery;
import io.stoq.stream.Stream;
import io.stoq.stream.Streams;
import io.stoq.telemetry.ConnectionSink;
import io.stoq.wire.PacketHeader;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One QUIC connection: routes between the components that own its state. Confined to one loop; reads no clock, touches no
 * socket, never blocks. RFC 9000.
 *
 * <p>Input is {@link #onDatagram} and {@link #onTimeout}, output {@link #pollTransmit} and, when that has nothing,
 * {@link #nextDeadlineNs()}. The handshake's public-key work is handed out by {@link #pollHandshakeTask()} and may run
 * anywhere. Events come by {@link ConnectionListener}.
 */
public final class Connection {

    /** Length of the connection ids that this side issues, in bytes. */
    public static final int LOCAL_ID_BYTES = LocalConnectionIds.LENGTH;

    /** Exponent of acknowledgement delays that this side sends. RFC 9000 §18.2. */
    static final int ACK_DELAY_EXPONENT = 3;

    private static final long NEVER = Long.MAX_VALUE;
    private static final int CLOSE_PTOS = 3;

    final boolean server;
    final ConnectionConfig config;
    final ConnectionListener listener;
    final Handshake handshake;
    final PacketKeyring keyring;
    final AckTracker[] acks;
    final Recovery recovery;
    final Streams streams;
    final Datagrams datagrams;
    final LocalConnectionIds localIds;
    final PeerConnectionIds peerIds;
    final Paths paths;
    final IdleTimer idle;
    final Termination termination = new Termination();
    final Counters statistics;
    final ConnectionSink sink;
    final ConnectionMemory memory;
    boolean pacingBlocked;
    private final ConnectionHost host;
    private final LoopTools tools;

    Connection(ConnectionParts parts) {
        server = parts.server;
        config = parts.config;
        listener = parts.listener;
        host = parts.host;
        tools = parts.tools;
        localIds = parts.localIds;
        peerIds = parts.peerIds;
        paths = parts.paths;
        handshake = parts.handshake;
        keyring = parts.keyring;
        idle = parts.idle;
        statistics = parts.statistics;
        sink = parts.sink;
        memory = parts.memory;
        acks = parts.acks();
        recovery = parts.recovery(new FrameOutcomes(this));
        ConnectionEvents events = new ConnectionEvents(this, host);
        streams = parts.streams(events);
        datagrams = parts.datagrams(events);
        host.onHandshakeTaskReady();
    }

    // ---- input

    /** Processes one UDP payload of {@code length} bytes at {@code at}; the memory may be overwritten. */
    public void onDatagram(
            long nowNs,
            MemorySegment memory,
            long at,
            int length,
            InetSocketAddress remote,
            InetAddress local,
            int ecn) {
        if (!termination.isOpen()) {
            termination.onDatagramWhileClosing();
            return;
        }
        Path path = paths.onDatagram(nowNs, remote, local, length);
        if (path == null) {
            return;
        }
        statistics.bytesReceived += length;
        try {
            tools.receiver().onDatagram(this, nowNs, memory, at, length, path, ecn);
        } catch (TransportException violation) {
            closeFor(nowNs, violation);
        } catch (RuntimeException defect) {
            onDefect(nowNs, defect);
        }
        continueHandshake(nowNs);
        settleMemory(nowNs);
    }

    /** Does what is due; harmless to call early. */
    public void onTimeout(long nowNs) {
        if (!termination.isOpen()) {
            if (termination.onTimeout(nowNs)) {
                release();
            }
            return;
        }
        if (nowNs >= handshake.deadlineNs()) {
            vanish(nowNs, new CloseReason.HandshakeTimeout(config.timing().handshakeTimeout()));
            return;
        }
        if (nowNs >= idle.expiryNs(ptoNs())) {
            vanish(nowNs, new CloseReason.IdleTimeout(Duration.ofNanos(idle.timeoutNs())));
            return;
        }
        idle.onTimeout(nowNs);
        if (nowNs >= idle.quietDeadlineNs()) {
            recovery.shrink();
        }
        keyring.onTimeout(nowNs);
        if (nowNs >= paths.deadlineNs()) {
            paths.pto(ptoNs());
            if (paths.onTimeout(nowNs)) {
                onPathChanged(nowNs);
            }
            if (paths.hasFailed()) {
                closeFor(nowNs, new TransportException(TransportErrorCode.NO_VIABLE_PATH, "no viable path is left"));
                return;
            }
        }
        if (nowNs >= recovery.deadlineNs()) {
            recovery.onTimeout(nowNs);
            PathMtu.settle(this);
            tools.reporter().onRecovery(this, nowNs);
        }
    }

    /** Work of the handshake to run on any thread, or null; {@link #onHandshakeTaskDone} must follow on the loop. */
    public Runnable pollHandshakeTask() {
        if (!termination.isOpen() || !handshake.wantsWork()) {
            return null;
        }
        handshake.begin();
        return handshake;
    }

    public void onHandshakeTaskDone(long nowNs) {
        handshake.finish();
        if (!termination.isOpen()) {
            return;
        }
        try {
            HandshakeProgress.apply(this, nowNs);
        } catch (TransportException violation) {
            closeFor(nowNs, violation);
        } catch (RuntimeException defect) {
            onDefect(nowNs, defect);
        }
        continueHandshake(nowNs);
        settleMemory(nowNs);
        host.onWantsTransmit();
    }

    private void continueHandshake(long nowNs) {
        if (!handshake.wantsWork()) {
            return;
        }
        if (handshake.isLight()) {
            handshake.begin();
            handshake.run();
            onHandshakeTaskDone(nowNs);
        } else {
            host.onHandshakeTaskReady();
        }
    }

    // ---- output

    /** Fills {@code out} with the next datagram or train of datagrams; false where there is nothing to send now. */
    public boolean pollTransmit(long nowNs, Transmit out) {
        if (termination.isOpen()) {
            settleMemory(nowNs);
            try {
                if (tools.assembler().assemble(this, nowNs, out)) {
                    return true;
                }
            } catch (TransportException limit) {
                closeFor(nowNs, limit);
            } catch (RuntimeException defect) {
                onDefect(nowNs, defect);
            }
        }
        if (termination.closesWhenServed() && isServed()) {
            close(nowNs, 0, "shutting down");
        }
        boolean written = false;
        while (!written && termination.wantsToSend()) {
            written = tools.assembler().assembleClose(this, nowNs, out, termination.pollOneRttClose());
        }
        return written;
    }

    /** When {@link #onTimeout} or {@link #pollTransmit} has something to do; valid after the latter returned false. */
    public long nextDeadlineNs() {
        if (!termination.isOpen()) {
            return termination.deadlineNs();
        }
        long deadline = Math.min(handshake.deadlineNs(), idle.expiryNs(ptoNs()));
        deadline = Math.min(deadline, handshake.isConfirmed() ? idle.keepAliveDeadlineNs() : NEVER);
        deadline = Math.min(deadline, Math.min(keyring.deadlineNs(), paths.deadlineNs()));
        deadline = Math.min(deadline, recovery.deadlineNs());
        deadline = recovery.isShrinkable() ? Math.min(deadline, idle.quietDeadlineNs()) : deadline;
        if (paths.active().allowanceBytes() >= DatagramAssembler.INITIAL_DATAGRAM_BYTES) {
            for (int level = 0; level < EncryptionLevel.COUNT; level++) {
                deadline = keyring.canSend(level) ? Math.min(deadline, acks[level].deadlineNs()) : deadline;
            }
        }
        return pacingBlocked ? Math.min(deadline, recovery.pacingDeadlineNs()) : deadline;
    }

    // ---- memory

    /** What the connection holds, and may hold. */
    public ConnectionMemory memory() {
        return memory;
    }

    /** Sees what is held by now, and does what has to be done about it. */
    public void settleMemory(long nowNs) {
        if (!isOpen()) {
            return;
        }
        memory.fixed(ConnectionMemory.CONNECTION_BYTES + recovery.heldBytes() + handshake.heldBytes());
        if (memory.isWithholding() && memory.wantsRelief()) {
            streams.relieve();
        }
        if (memory.isExhausted()) {
            closeFor(nowNs, memory.exhausted(0));
        } else if (memory.pollEased()) {
            streams.onMemoryEased();
        }
    }

    /** The endpoint holds too much, and this connection most of it: gives back what it can, or ends. */
    public void relieveEndpoint(long nowNs) {
        if (isOpen()) {
            streams.relieve();
            if (memory.wantsMoreRelief()) {
                closeFor(nowNs, memory.exhaustedEndpoint());
            }
        }
    }

    // ---- the application's calls, on the loop

    /** Opens a stream, or returns null while the peer's limit is reached; {@code onStreamsAvailable} follows then. */
    public Stream openStream(boolean bidirectional) {
        return isOpen() && (handshake.isComplete() || sendsEarly()) ? streams.open(bidirectional) : null;
    }

    /** Queues a DATAGRAM frame; false where the queue is full or the connection is closed. RFC 9221. */
    public boolean sendDatagram(byte[] data, int at, int length) {
        return isOpen() && datagrams.send(data, at, length);
    }

    /** Queues DATAGRAM frames by reference; their owner bounds how many. RFC 9221. */
    public void sendDatagrams(DatagramChunk chunk) {
        datagrams.send(chunk);
    }

    /** Largest datagram that can be sent now, in bytes; 0 where the peer takes none. */
    public int maxDatagramPayloadBytes() {
        return handshake.isComplete() && datagrams.isSupportedByPeer()
                ? Math.max(0, datagrams.largestPayload(packetRoomBytes()))
                : 0;
    }

    /** Bytes for frames in a 1-RTT packet that has the longest packet number. */
    int packetRoomBytes() {
        return datagramBytes() - 1 - peerIds.current().length - 4 - PacketKeys.TAG_BYTES;
    }

    /**
     * The MTU of the local interface that the active path leaves by, in bytes: where the search for the path's MTU begins and
     * ends. What is not known, or below IPv6's minimum of 1280, is ignored. RFC 8899 §5.2
     */
    public void interfaceMtu(int bytes) {
        paths.active().mtu.interfaceMtu(bytes);
        host.onWantsTransmit();
    }

    /** The machine refused to send a datagram to {@code remote} for its size; nothing leads below 1,200 bytes. */
    public void onDatagramTooLong(InetSocketAddress remote, int bytes) {
        if (isEstablished() && paths.active().remote.equals(remote)) {
            PathMtu.onTooLong(this, bytes);
        }
    }

    /** The connection id that this side chose for the handshake; not to be changed. */
    public byte[] localId() {
        return localIds.initial();
    }

    /** The local address of the active path, or null where the socket cannot tell. */
    public InetAddress local() {
        return paths.active().local;
    }

    /** Sends a PING, which the peer acknowledges. */
    public void ping() {
        idle.requestPing();
        host.onWantsTransmit();
    }

    /** Starts a key update; false while the last one is not finished. RFC 9001 §6. */
    public boolean updateKeys() {
        if (!handshake.isConfirmed() || !keyring.canUpdate()) {
            return false;
        }
        keyring.update(recovery.sent(EncryptionLevel.APPLICATION).nextPacketNumber());
        return true;
    }

    /** Closes the connection for the application. RFC 9000 §10.2. */
    public void close(long nowNs, long code, String reason) {
        if (isOpen()) {
            CloseReason why = new CloseReason.Application(code, reason, false);
            termination.close(why, true, code, 0, reason, nowNs + CLOSE_PTOS * ptoNs());
            onEnded(nowNs);
        }
    }

    /**
     * Refuses the streams that the peer opens from now on, and closes the connection with application code 0 when those that are
     * open are over and the peer was told what was received. QUIC has no frame that announces it. Poll on.
     */
    public void closeWhenServed() {
        streams.refuseNew();
        termination.closeWhenServed();
        host.onWantsTransmit();
    }

    private boolean isServed() {
        return streams.servedStreams() == 0 && acks[EncryptionLevel.APPLICATION].deadlineNs() == NEVER;
    }

    public boolean isOpen() {
        return termination.isOpen();
    }

    /** Whether any packet of the peer was authentic. */
    public boolean hasReceived() {
        return statistics.packetsReceived > 0;
    }

    /** Turns a client away that the application does not want. */
    public void refuse(long nowNs) {
        closeFor(nowNs, new TransportException(TransportErrorCode.CONNECTION_REFUSED, "connection refused"));
    }

    /** Lets go of everything without a word: the connection never came to be. */
    public void abandon() {
        if (isOpen()) {
            handshake.destroy();
            streams.onConnectionClosed();
            datagrams.onConnectionClosed();
            memory.onEnded();
        }
        termination.vanish(null);
        release();
    }

    public boolean isEstablished() {
        return isOpen() && handshake.isComplete();
    }

    /** Whether nothing more is sent or answered: the endpoint forgets the connection. */
    public boolean isGone() {
        return termination.isGone();
    }

    /** Why the connection ended, or null while it is open. */
    public CloseReason closeReason() {
        return termination.reason();
    }

    public boolean isServer() {
        return server;
    }

    public InetSocketAddress remote() {
        return paths.active().remote;
    }

    /** What the handshake agreed on, or with early data will; null before. */
    public TlsEvent.Complete handshakeResult() {
        return handshake.result();
    }

    public ConnectionStatistics statistics() {
        return Snapshots.of(this);
    }

    // ---- what the packet machinery asks and tells

    boolean isReceiving() {
        return termination.isOpen();
    }

    int datagramBytes() {
        return paths.active().mtu.datagramBytes();
    }

    /** How much the congestion window lets go now, beside a probe of the path's MTU that waits. */
    long sendAllowanceBytes() {
        return recovery.sendAllowanceBytes() - paths.active().mtu.heldBackBytes();
    }

    /** At a client whether streams go out in 0-RTT packets. RFC 9001 §4.6. */
    boolean sendsEarly() {
        return !server && keyring.early() != null && !handshake.isComplete();
    }

    /**
     * RFC 9001 §5.7: 1-RTT packets are sent when the handshake is complete; a server's that answer early data before, to a
     * client that is who it was in the earlier session.
     */
    boolean maySendApplication() {
        return keyring.canSend(EncryptionLevel.APPLICATION)
                        && (handshake.isComplete() || server && keyring.early() != null)
                || sendsEarly();
    }

    /** RFC 9001 §5.7: 1-RTT packets are not read before the handshake is complete. */
    boolean canOpen(int level) {
        if (level == EncryptionLevel.EARLY) {
            return keyring.early() != null;
        }
        return keyring.canReceive(level) && (level != EncryptionLevel.APPLICATION || handshake.isComplete());
    }

    boolean mayOpenLater(int level) {
        if (level == EncryptionLevel.EARLY) {
            return handshake.peerParameters() == null; // the ClientHello was not read yet
        }
        return level == EncryptionLevel.APPLICATION
                ? !handshake.isComplete()
                : level == EncryptionLevel.HANDSHAKE && !keyring.wasInstalled(level);
    }

    boolean acceptsLongHeader(PacketHeader header) {
        return handshake.acceptsIds(header, localIds, server);
    }

    /** A packet is authentic and new; its frames have not been read. */
    void onPacketOpened(long nowNs, int level, PacketHeader header, Path path, long packetNumber, PacketKeys keys) {
        statistics.packetsReceived++;
        idle.onReceived(nowNs);
        if (level == EncryptionLevel.APPLICATION) {
            keyring.onOpened(
                    keys,
                    packetNumber,
                    recovery.sent(EncryptionLevel.APPLICATION).nextPacketNumber(),
                    nowNs,
                    CLOSE_PTOS * ptoNs());
        } else if (level == EncryptionLevel.INITIAL && handshake.onPeerId(header)) {
            peerIds.onHandshakeId(handshake.peerId());
        } else if (level == EncryptionLevel.HANDSHAKE && server) {
            // RFC 9000 §8.1, RFC 9001 §4.9.1: only the owner of the address can have sent this.
            path.onValidated();
            recovery.onPeerAddressValidated(nowNs);
            discard(EncryptionLevel.INITIAL, nowNs);
        }
    }

    void onPacketSent(long nowNs, int level, long packetNumber, int bytes, boolean ackEliciting, boolean inFlight) {
        statistics.packetsSent++;
        statistics.bytesSent += bytes;
        recovery.onPacketSent(level, packetNumber, nowNs, bytes, ackEliciting, inFlight);
        if (ackEliciting) {
            idle.onSent(nowNs);
        }
        keyring.onSealed(level);
    }

    /** Between two trains: within one, the keys of its packets are needed to the end. */
    void updateKeysWhenDue() {
        if (keyring.isLimitNear()) {
            updateKeys();
        }
    }

    void onHandshakePacketSent(long nowNs) {
        discard(EncryptionLevel.INITIAL, nowNs);
    }

    void onNonProbingPacket(long nowNs, Path path) {
        if (path == paths.active() || !handshake.isConfirmed()) {
            return;
        }
        paths.pto(ptoNs());
        if (paths.onNonProbingPacket(nowNs, path)) {
            onPathChanged(nowNs);
        }
    }

    /** The peer is somewhere else now. RFC 9000 §9.4, §9.5. */
    private void onPathChanged(long nowNs) {
        statistics.pathChanges++;
        PathMtu.settle(this);
        if (paths.isPortChangeOnly()) {
            recovery.onPortChanged();
        } else {
            recovery.onPathChanged(nowNs);
        }
        if (peerIds.hasSpare()) {
            peerIds.rotate();
        }
        sink.onPathChanged(nowNs, paths.active().remote);
        tools.reporter().onRecovery(this, nowNs);
        listener.onPathChanged(this, paths.active().remote);
    }

    void onEarlyData(long nowNs, TlsEvent.Complete agreed) {
        handshake.onEarlyData(agreed);
        listener.onEarlyData(this);
        for (StashedPackets.Stashed packet : handshake.stash().take(EncryptionLevel.EARLY)) {
            if (isOpen()) {
                tools.receiver().onStashed(this, nowNs, packet);
            }
        }
    }

    void onEarlyDataOutcome(long nowNs, boolean taken) {
        if (!taken) {
            // RFC 9001 §4.6.2: as if it had never been sent; the streams send it again.
            keyring.discardEarly();
            recovery.onEarlyDataRejected(nowNs);
        }
        listener.onEarlyDataOutcome(this, taken);
    }

    void onHandshakeComplete(long nowNs) {
        keyring.discardEarly();
        handshake.stash().take(EncryptionLevel.EARLY);
        if (!server) {
            keyring.onFirstPhase(recovery.sent(EncryptionLevel.APPLICATION).nextPacketNumber());
        }
        statistics.onHandshakeComplete(nowNs);
        sink.onHandshakeComplete(nowNs, handshake.result().applicationProtocol());
        PathMtu.begin(this);
        if (server) {
            onHandshakeConfirmed(nowNs);
            host.onAddressProved(nowNs);
        }
        listener.onHandshakeComplete(this);
        for (StashedPackets.Stashed packet : handshake.stash().take(EncryptionLevel.APPLICATION)) {
            if (isOpen()) {
                tools.receiver().onStashed(this, nowNs, packet);
            }
        }
    }

    /** Server: a token for the client's next connection, to be sent as NEW_TOKEN frame. RFC 9000 §8.1.3. */
    public void offerToken(byte[] token) {
        paths.tokens.offer(token);
    }

    void onPathResponse(long nowNs, long data) {
        if (paths.onPathResponse(nowNs, data) && server && paths.active().isValidated() && !paths.isPortChangeOnly()) {
            host.onAddressProved(nowNs);
        }
    }

    void onHandshakeKeys(long nowNs) {
        for (StashedPackets.Stashed packet : handshake.stash().take(EncryptionLevel.HANDSHAKE)) {
            tools.receiver().onStashed(this, nowNs, packet);
        }
    }

    void onHandshakeConfirmed(long nowNs) {
        if (!handshake.isConfirmed() || keyring.canSend(EncryptionLevel.HANDSHAKE)) {
            handshake.onConfirmed();
            paths.onHandshakeConfirmed();
            discard(EncryptionLevel.INITIAL, nowNs);
            discard(EncryptionLevel.HANDSHAKE, nowNs);
            recovery.onHandshakeConfirmed(nowNs);
        }
    }

    private void discard(int level, long nowNs) {
        if (keyring.canSend(level)) {
            keyring.discard(level);
            handshake.crypto(level).discard();
            acks[level].discard();
            recovery.onSpaceDiscarded(level, nowNs);
        }
    }

    void onRetry(long nowNs, MemorySegment memory, PacketHeader header) {
        if (!server
                && acks[EncryptionLevel.INITIAL].largestReceived() < 0
                && handshake.onRetry(memory, header, keyring.protection())) {
            peerIds.onHandshakeId(handshake.retrySourceConnectionId());
            keyring.installInitial(handshake.retrySourceConnectionId(), false);
            recovery.onRetry(nowNs);
        }
    }

    void onVersionNegotiation(long nowNs, MemorySegment memory, PacketHeader header) {
        if (server
                || acks[EncryptionLevel.INITIAL].largestReceived() >= 0
                || handshake.retrySourceConnectionId() != null) {
            return;
        }
        CloseReason reason = handshake.onVersionNegotiation(memory, header, localIds.initial());
        if (reason != null) {
            vanish(nowNs, reason);
        }
    }

    // ---- the end

    void onPeerClose(
            long nowNs, boolean application, long code, long frameType, byte[] data, int reasonAt, int reasonLength) {
        int length = Math.min(reasonLength, Termination.MAX_REASON_BYTES);
        String words = new String(data, reasonAt, length, StandardCharsets.UTF_8);
        CloseReason reason;
        if (application) {
            reason = new CloseReason.Application(code, words, true);
        } else if (code >= TransportErrorCode.CRYPTO_ERROR && code <= TransportErrorCode.CRYPTO_ERROR + 0xff) {
            reason = new CloseReason.Tls((int) (code - TransportErrorCode.CRYPTO_ERROR), words, true, null);
        } else {
            reason = new CloseReason.Transport(code, frameType, words, true);
        }
        drain(nowNs, reason);
    }

    void onStatelessReset(long nowNs) {
        drain(nowNs, new CloseReason.StatelessReset());
    }

    /** The datagram's last 16 bytes may be the reset token of an id of this connection. RFC 9000 §10.3.1. */
    public boolean onPossibleStatelessReset(long nowNs, MemorySegment memory, long tokenAt) {
        if (isOpen() && peerIds.isStatelessReset(memory, tokenAt)) {
            onStatelessReset(nowNs);
            return true;
        }
        return false;
    }

    /** Whatever went wrong here, the loop and its other connections live on; the peer is told no details. */
    private void onDefect(long nowNs, RuntimeException defect) {
        String words = "internal error";
        closeFor(
                nowNs,
                new CloseReason.Transport(TransportErrorCode.INTERNAL_ERROR, 0, words + ": " + defect, false),
                TransportErrorCode.INTERNAL_ERROR,
                0,
                words);
    }

    void closeFor(long nowNs, TransportException violation) {
        closeFor(
                nowNs,
                new CloseReason.Transport(violation.code(), violation.frameType(), violation.reason(), false),
                violation.code(),
                violation.frameType(),
                violation.reason());
    }

    void closeFor(long nowNs, CloseReason reason, long code, long frameType, String words) {
        if (isOpen()) {
            termination.close(reason, false, code, frameType, words, nowNs + CLOSE_PTOS * ptoNs());
            onEnded(nowNs);
        }
    }

    private void drain(long nowNs, CloseReason reason) {
        boolean wasOpen = isOpen();
        termination.drain(reason, nowNs + CLOSE_PTOS * ptoNs());
        if (wasOpen) {
            onEnded(nowNs);
        }
    }

    private void vanish(long nowNs, CloseReason reason) {
        termination.vanish(reason);
        onEnded(nowNs);
        release();
    }

    private void onEnded(long nowNs) {
        sink.onClosed(nowNs, termination.reason());
        handshake.destroy();
        streams.onConnectionClosed();
        datagrams.onConnectionClosed();
        host.onWantsTransmit();
        listener.onClosed(this, termination.reason());
        memory.onEnded();
    }

    private void release() {
        localIds.close();
        keyring.destroy();
        memory.onGone();
        sink.onGone();
    }

    private long ptoNs() {
        return recovery.ptoNs();
    }
}
