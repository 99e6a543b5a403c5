package io.stoq.stream;

import io.stoq.StreamPriority;
import io.stoq.buffer.BufferPool;
import io.stoq.buffer.ByteWriter;
import io.stoq.memory.ConnectionMemory;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.TransportParameters;
import io.stoq.wire.frame.FrameType;

/**
 * All streams of one connection, and flow control over them. Confined to the connection's loop. RFC 9000 §2-4.
 *
 * <p>Frames come in through the {@code onX} methods and go out through {@link #writeFrames}. Whatever a peer sends raises
 * nothing but {@link TransportException}; whatever an application throws stays with its stream.
 */
public final class Streams {

    private final boolean server;
    private final StreamLimits limits;
    private final StreamsListener listener;
    private final StreamTable table = new StreamTable();
    private final BlockPool pool;
    private final ConnectionMemory memory;
    private final ConnectionFlow flow;
    private final Scheduler scheduler;
    private final LocalStreams localBidirectional = new LocalStreams(true);
    private final LocalStreams localUnidirectional = new LocalStreams(false);
    private final PeerStreams peerBidirectional;
    private final PeerStreams peerUnidirectional;

    private TransportParameters peer;
    private Stream latest;
    private long nowNs;
    private long minRttNs;

    /** The peer's limits are those of an earlier connection still. */
    private boolean remembered;

    /** The frames that come in are early data. */
    private boolean early;

    private boolean closed;
    private boolean refusing;

    /** Streams in the table that nobody wanted. */
    private int refused;

    /**
     * @param buffers of the loop, for what arrives out of order
     * @param memory of the connection, which is charged for what streams hold
     */
    public Streams(
            boolean server,
            StreamLimits limits,
            BufferPool buffers,
            ConnectionMemory memory,
            StreamsListener listener) {
        this.server = server;
        this.limits = limits;
        this.memory = memory;
        this.pool = new BlockPool(buffers, memory);
        this.listener = listener;
        this.flow = new ConnectionFlow(limits, memory);
        this.scheduler = new Scheduler(flow);
        this.peerBidirectional = new PeerStreams(true, limits.maxBidirectional(), memory);
        this.peerUnidirectional = new PeerStreams(false, limits.maxUnidirectional(), memory);
    }

    /** The peer's limits, where there was no early data; streams can be opened from now on. */
    public void onPeerParameters(TransportParameters parameters) {
        onPeerParameters(parameters, false);
    }

    /**
     * The peer's limits; streams can be opened from now on.
     *
     * @param earlyData whether the peer took data that was sent by limits of an earlier connection
     * @throws TransportException PROTOCOL_VIOLATION where it did and its limits are lower now; where it did not and more was
     *     sent than its limits allow now, so that it cannot be sent again, INTERNAL_ERROR
     * @throws IllegalStateException if they were given before
     */
    public void onPeerParameters(TransportParameters parameters, boolean earlyData) {
        TransportParameters before = peer;
        if (before != null && !remembered) {
            throw new IllegalStateException("the peer's parameters were given before");
        }
        peer = parameters;
        if (remembered) {
            remembered = false;
            forget(before, earlyData);
        }
        flow.onMaxData(parameters.initialMaxData());
        onMaxStreams(true, parameters.initialMaxStreamsBidi());
        onMaxStreams(false, parameters.initialMaxStreamsUni());
    }

    /** Whether the frames that follow come from a 0-RTT packet: streams that they open are marked. */
    public void early(boolean inEarlyPacket) {
        early = inEarlyPacket;
    }

    /** The peer's limits in an earlier connection, by which early data goes. RFC 9000 §7.4.1. */
    public void onRemembered(TransportParameters parameters) {
        peer = parameters;
        remembered = true;
        flow.onMaxData(parameters.initialMaxData());
        onMaxStreams(true, parameters.initialMaxStreamsBidi());
        onMaxStreams(false, parameters.initialMaxStreamsUni());
    }

    /** The limits that early data went by give way to those of this connection. */
    private void forget(TransportParameters before, boolean earlyData) {
        if (earlyData && !peer.allowsAtLeast(before)) {
            throw new TransportException(
                    TransportErrorCode.PROTOCOL_VIOLATION, "limits are lower than those that early data was taken by");
        }
        boolean fits = flow.restart(peer.initialMaxData())
                & localBidirectional.restart(peer.initialMaxStreamsBidi())
                & localUnidirectional.restart(peer.initialMaxStreamsUni());
        for (Stream stream : table.all()) {
            fits &= stream.send == null || !isLocal(stream.id()) || stream.send.restart(initialCredit(stream));
            scheduler.update(stream);
        }
        if (!fits) {
            throw new TransportException(
                    TransportErrorCode.INTERNAL_ERROR,
                    "early data was refused, and is more than the limits of this connection allow");
        }
    }

    private long initialCredit(Stream stream) {
        return stream.isBidirectional() ? peer.initialMaxStreamDataBidiRemote() : peer.initialMaxStreamDataUni();
    }

    /**
     * Opens a stream; the caller sets its handler before the next frame comes in.
     *
     * @return null when the peer allows no more streams now, when its parameters are not known yet (then
     *     {@link StreamsListener#onStreamsAvailable} follows), or when the connection is closed
     */
    public Stream open(boolean bidirectional) {
        if (closed) {
            return null;
        }
        long index = local(bidirectional).pollIndex();
        if (index < 0) {
            wantTransmit();
            return null;
        }
        long sendMaximum = bidirectional ? peer.initialMaxStreamDataBidiRemote() : peer.initialMaxStreamDataUni();
        return add(StreamId.of(index, server, bidirectional), sendMaximum, bidirectional);
    }

    /** The open stream with an id; null when there is none. */
    public Stream find(long id) {
        Stream known = latest;
        if (known != null && known.id() == id) {
            return known;
        }
        known = table.find(id);
        if (known != null) {
            latest = known;
        }
        return known;
    }

    /** Streams that are open in at least one direction, of both sides. */
    public int openStreams() {
        return table.size();
    }

    /** Those among {@link #openStreams()} that were not refused. */
    public int servedStreams() {
        return table.size() - refused;
    }

    /** Refuses what the peer opens from now on. */
    public void refuseNew() {
        refusing = true;
    }

    /** Data bytes that were sent once more. */
    public long retransmittedBytes() {
        return scheduler.retransmittedBytes();
    }

    /** The round-trip time by which windows grow. */
    public void minRtt(long ns) {
        minRttNs = ns;
    }

    /** True memory that reassembly holds, in bytes; at most 9/8 of the credit given and one block a stream. */
    public long bytesHeld() {
        return pool.bytesHeld();
    }

    // Frames in

    /** STREAM. RFC 9000 §19.8. */
    public void onStream(long atNs, long id, long offset, byte[] data, int at, int length, boolean fin) {
        nowNs = atNs;
        checkMemory(FrameType.STREAM);
        Stream stream = receiver(id, FrameType.STREAM);
        if (stream != null) {
            stream.receive.onStream(offset, data, at, length, fin);
            settle(stream);
            relieve();
        }
    }

    /** RESET_STREAM. RFC 9000 §19.4. */
    public void onResetStream(long atNs, long id, long code, long finalSize) {
        nowNs = atNs;
        Stream stream = receiver(id, FrameType.RESET_STREAM);
        if (stream != null) {
            stream.receive.onResetStream(code, finalSize);
            settle(stream);
        }
    }

    /** STOP_SENDING. RFC 9000 §19.5. */
    public void onStopSending(long atNs, long id, long code) {
        nowNs = atNs;
        Stream stream = sender(id, FrameType.STOP_SENDING);
        if (stream != null) {
            stream.onStopSending(code);
            settle(stream);
        }
    }

    /** MAX_DATA. RFC 9000 §19.9. */
    public void onMaxData(long maximum) {
        flow.onMaxData(maximum);
    }

    /** MAX_STREAM_DATA. RFC 9000 §19.10. */
    public void onMaxStreamData(long id, long maximum) {
        Stream stream = sender(id, FrameType.MAX_STREAM_DATA);
        if (stream != null) {
            stream.send.onMaxStreamData(maximum);
            settle(stream);
        }
    }

    /** MAX_STREAMS. RFC 9000 §19.11. */
    public void onMaxStreams(boolean bidirectional, long maximum) {
        if (local(bidirectional).onMaximum(maximum) && !closed) {
            listener.onStreamsAvailable(bidirectional);
        }
    }

    /** DATA_BLOCKED: nothing to do, credit follows what is consumed. RFC 9000 §19.12. */
    public void onDataBlocked(long limit) {}

    /** STREAM_DATA_BLOCKED: opens the stream, like every frame for it. RFC 9000 §19.13. */
    public void onStreamDataBlocked(long id, long limit) {
        receiver(id, FrameType.STREAM_DATA_BLOCKED);
    }

    /** STREAMS_BLOCKED: what credit there is goes out without waiting for more. RFC 9000 §19.14. */
    public void onStreamsBlocked(boolean bidirectional, long limit) {
        remote(bidirectional).onBlocked();
    }

    // Frames out

    /** Control frames, or data that flow control lets go. */
    public boolean wantsToSend() {
        return hasDataToSend() || hasControlToSend();
    }

    /** Stream data that flow control lets go. */
    public boolean hasDataToSend() {
        return !closed && scheduler.hasData();
    }

    /**
     * Writes control frames, then STREAM frames as the streams' priorities say, until {@code out} is full. A STREAM frame
     * that fills {@code out} has no length field: it must end its packet.
     *
     * <p>What is written counts as sent: when the packet is dropped, its frames must be given to {@link #onFrameLost}.
     */
    public void writeFrames(ByteWriter out, SentPackets log) {
        if (closed || hasControlToSend() && !writeControl(out, log)) {
            return;
        }
        scheduler.writeData(out, log);
    }

    /** A packet with a frame of this component was acknowledged; arguments as in {@link SentFrame}. */
    public void onFrameAcked(int kind, long a, long b, int c) {
        if (kind != SentFrame.STREAM && kind != SentFrame.RESET_STREAM) {
            return;
        }
        Stream stream = find(a);
        if (stream == null || stream.send == null) {
            return;
        }
        if (kind == SentFrame.STREAM) {
            stream.send.onAcked(b, c >>> 1, (c & 1) != 0);
        } else {
            stream.send.onResetAcked();
        }
        settle(stream);
    }

    /** A packet with a frame of this component was lost, or never sent; arguments as in {@link SentFrame}. */
    public void onFrameLost(int kind, long a, long b, int c) {
        switch (kind) {
            case SentFrame.MAX_DATA -> flow.onCreditLost(a);
            case SentFrame.DATA_BLOCKED -> flow.onBlockedLost(a);
            case SentFrame.MAX_STREAMS -> remote(a == 1).onLost(b);
            case SentFrame.STREAMS_BLOCKED -> local(a == 1).onLost(b);
            default -> onStreamFrameLost(kind, a, b, c);
        }
    }

    /** The connection ended: all memory goes back, no handler is called any more, and calls of streams have no effect. */
    public void onConnectionClosed() {
        if (closed) {
            return;
        }
        closed = true;
        latest = null;
        for (Stream stream : table.all()) {
            stream.abandon();
            memory.release(ConnectionMemory.STREAM_BYTES);
        }
    }

    // Memory

    /** Resets the streams that hold most, where the connection holds so much that it has to be. */
    public void relieve() {
        if (!closed && memory.wantsRelief()) {
            while (memory.wantsMoreRelief() && resetLargest()) {
                // those that hold at least half of what the largest holds, each time
            }
            if (memory.wantsMoreRelief()) {
                memory.onReliefFailed();
            }
        }
    }

    private boolean resetLargest() {
        Stream[] all = table.all();
        long most = 0;
        for (Stream stream : all) {
            most = Math.max(most, stream.heldBytes());
        }
        if (most == 0) {
            return false;
        }
        for (int i = 0; i < all.length && memory.wantsMoreRelief(); i++) {
            if (all[i].heldBytes() > most / 2) {
                memory.onStreamReset();
                all[i].onOverBudget();
                scheduler.update(all[i]);
            }
        }
        return true;
    }

    /** Streams that had to wait with their credit find their place among those that have something to send. */
    public void onMemoryEased() {
        if (!closed) {
            for (Stream stream : table.all()) {
                scheduler.update(stream);
            }
        }
    }

    private void checkMemory(int frameType) {
        if (memory.isExhausted()) {
            throw memory.exhausted(frameType);
        }
    }

    // Calls of streams

    ConnectionMemory memory() {
        return memory;
    }

    ConnectionFlow flow() {
        return flow;
    }

    BlockPool pool() {
        return pool;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isLocal(long id) {
        return StreamId.isOfServer(id) == server;
    }

    /** The application changed a stream. */
    void onChanged(Stream stream) {
        if (!closed) {
            scheduler.update(stream);
            wantTransmit();
        }
    }

    void prioritize(Stream stream, StreamPriority priority) {
        if (!closed) {
            scheduler.priority(stream, priority);
        }
    }

    void onHandlerFailure(Stream stream, Throwable failure) {
        listener.onHandlerFailure(stream, failure);
    }

    /** Both directions of a stream are over. */
    void forget(Stream stream) {
        table.remove(stream);
        memory.release(ConnectionMemory.STREAM_BYTES);
        if (stream.isRefused()) {
            refused--;
        }
        if (latest == stream) {
            latest = null;
        }
        if (!isLocal(stream.id())) {
            remote(stream.isBidirectional()).onClosed();
        }
    }

    private void onStreamFrameLost(int kind, long id, long b, int c) {
        Stream stream = find(id);
        if (stream == null) {
            return;
        }
        switch (kind) {
            case SentFrame.STREAM -> stream.send.onLost(b, c >>> 1, (c & 1) != 0);
            case SentFrame.RESET_STREAM -> stream.send.onResetLost();
            case SentFrame.STREAM_DATA_BLOCKED -> stream.send.onBlockedLost(b);
            case SentFrame.STOP_SENDING -> stream.receive.onStopLost();
            case SentFrame.MAX_STREAM_DATA -> stream.receive.onCreditLost(b);
            default -> {
                return;
            }
        }
        scheduler.update(stream);
    }

    /** A frame changed a stream: its handler hears what is due, and it finds its place among the senders. */
    private void settle(Stream stream) {
        stream.pump();
        if (!closed) {
            scheduler.update(stream);
        }
    }

    /** The stream that a frame to a receiving half is for; null when it is closed already. */
    private Stream receiver(long id, int frameType) {
        if (!StreamId.isBidirectional(id) && isLocal(id)) {
            throw wrongState(frameType, "frame for a receiving half on a stream that only sends");
        }
        Stream known = find(id);
        return known != null ? known : opened(id, frameType);
    }

    /** The stream that a frame to a sending half is for; null when it is closed already. */
    private Stream sender(long id, int frameType) {
        if (!StreamId.isBidirectional(id) && !isLocal(id)) {
            throw wrongState(frameType, "frame for a sending half on a stream that only receives");
        }
        Stream known = find(id);
        return known != null ? known : opened(id, frameType);
    }

    private Stream opened(long id, int frameType) {
        if (closed) {
            return null;
        }
        boolean bidirectional = StreamId.isBidirectional(id);
        long index = StreamId.index(id);
        if (isLocal(id)) {
            // RFC 9000 §19.4, §19.5, §19.8, §19.10: a stream of ours that we did not open yet.
            if (index >= local(bidirectional).opened()) {
                throw wrongState(frameType, "frame for a stream that is not open yet");
            }
            return null;
        }
        PeerStreams streams = remote(bidirectional);
        streams.checkLimit(index, frameType);
        if (index < streams.opened()) {
            return null;
        }
        // RFC 9000 §3.2: opening a stream opens all of its type with lower ids.
        while (streams.opened() <= index && !closed) {
            checkMemory(frameType);
            long sendMaximum = bidirectional ? initialMaxStreamDataBidiLocal() : -1;
            Stream next = add(StreamId.of(streams.opened(), !server, bidirectional), sendMaximum, true);
            streams.onOpened();
            next.onOpened(listener, refusing);
            if (next.isRefused()) {
                refused++;
            }
        }
        return closed ? null : find(id);
    }

    private Stream add(long id, long sendMaximum, boolean receives) {
        ReceiveWindow window = receives
                ? new ReceiveWindow(limits.initialStreamWindowBytes(), limits.maxStreamWindowBytes(), nowNs)
                : null;
        Stream stream = new Stream(this, id, sendMaximum, window, isLocal(id) ? remembered : early);
        memory.charge(ConnectionMemory.STREAM_BYTES);
        table.add(stream);
        scheduler.update(stream);
        return stream;
    }

    private long initialMaxStreamDataBidiLocal() {
        return peer == null ? 0 : peer.initialMaxStreamDataBidiLocal();
    }

    private boolean hasControlToSend() {
        return !closed
                && (scheduler.hasControl()
                        || flow.wantsControl(scheduler.hasFresh())
                        || peerBidirectional.wantsToSend()
                        || peerUnidirectional.wantsToSend()
                        || localBidirectional.wantsToSend()
                        || localUnidirectional.wantsToSend());
    }

    /** Returns false when something does not fit. */
    private boolean writeControl(ByteWriter out, SentPackets log) {
        return flow.writeControl(out, log, scheduler.hasFresh(), nowNs, minRttNs)
                && (!peerBidirectional.wantsToSend() || peerBidirectional.write(out, log))
                && (!peerUnidirectional.wantsToSend() || peerUnidirectional.write(out, log))
                && (!localBidirectional.wantsToSend() || localBidirectional.write(out, log))
                && (!localUnidirectional.wantsToSend() || localUnidirectional.write(out, log))
                && scheduler.writeControl(out, log, nowNs, minRttNs);
    }

    private void wantTransmit() {
        if (wantsToSend()) {
            listener.onWantsTransmit();
        }
    }

    private LocalStreams local(boolean bidirectional) {
        return bidirectional ? localBidirectional : localUnidirectional;
    }

    private PeerStreams remote(boolean bidirectional) {
        return bidirectional ? peerBidirectional : peerUnidirectional;
    }

    private static TransportException wrongState(int frameType, String reason) {
        return new TransportException(TransportErrorCode.STREAM_STATE_ERROR, frameType, reason);
    }
}
