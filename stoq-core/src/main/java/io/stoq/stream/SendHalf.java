package io.stoq.stream;

import io.stoq.buffer.ByteWriter;
import io.stoq.buffer.RangeSet;
import io.stoq.memory.ConnectionMemory;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.VarInt;
import io.stoq.wire.frame.ResetStreamFrame;
import io.stoq.wire.frame.StreamDataBlockedFrame;
import io.stoq.wire.frame.StreamFrame;

/**
 * The sending half of a stream. Confined to the connection's loop. RFC 9000 §3.1.
 *
 * <p>Data is <em>fresh</em> until it was sent once; what was lost since is <em>repair</em> and goes first. Fresh data needs
 * credit, repair had it.
 */
final class SendHalf {

    /** Where more is to send, a frame with less than this would cost more than it carries. */
    private static final int LEAST_FRAGMENT_BYTES = 16;

    private enum State {
        SEND,
        DATA_ACKNOWLEDGED,
        RESET_SENT,
        RESET_ACKNOWLEDGED
    }

    private final long id;
    private final SendBuffer buffer;
    private final ConnectionMemory memory;
    private final RangeSet acked = new RangeSet();
    private final RangeSet lost = new RangeSet();
    private State state = State.SEND;

    private long maximum;
    private long blockedReported = -1;
    private long sentEnd;
    private long ackedPrefix;
    private long retransmitted;

    private boolean finished;
    private boolean finDue;
    private boolean finAcked;

    /** Ranges whose memory is charged. */
    private int rangesCharged;

    private long resetCode;
    private boolean resetDue;
    private boolean sent;

    private long lowWaterBytes = 256 * 1024;
    private long highWaterBytes = 1024 * 1024;
    private boolean reachedHighWater;

    SendHalf(Stream stream, long maximum) {
        this.id = stream.id();
        this.buffer = new SendBuffer(stream);
        this.memory = stream.memory();
        this.maximum = maximum;
    }

    // What the application does

    /** The state is open: neither finished nor reset. */
    boolean isOpen() {
        return state == State.SEND && !finished;
    }

    void write(SendChunk chunk) {
        buffer.append(chunk);
        reachedHighWater |= bufferedBytes() >= highWaterBytes;
    }

    void finish() {
        if (isOpen()) {
            finished = true;
            finDue = true;
        }
    }

    /** RFC 9000 §3.1: a reset is possible until all data is acknowledged. */
    void reset(long code) {
        if (state == State.SEND) {
            state = State.RESET_SENT;
            resetCode = code;
            resetDue = true;
            forget();
        }
    }

    /** The connection ended. */
    void abandon() {
        state = State.RESET_ACKNOWLEDGED;
        resetDue = false;
        forget();
    }

    void waterMarks(long lowBytes, long highBytes) {
        lowWaterBytes = lowBytes;
        highWaterBytes = highBytes;
        reachedHighWater |= bufferedBytes() >= highWaterBytes;
    }

    boolean isWritable() {
        return isOpen() && !reachedHighWater;
    }

    /** Whether the buffer has drained after it was full; true once for each time. */
    boolean pollWritable() {
        if (!reachedHighWater || bufferedBytes() > lowWaterBytes) {
            return false;
        }
        reachedHighWater = false;
        return isOpen();
    }

    long bufferedBytes() {
        return state == State.SEND ? buffer.end() - ackedPrefix : 0;
    }

    /** Memory of what the peer did not acknowledge, in bytes. */
    long heldBytes() {
        return buffer.heldBytes();
    }

    long writtenBytes() {
        return buffer.end();
    }

    long acknowledgedBytes() {
        return ackedPrefix;
    }

    long sentBytes() {
        return sentEnd;
    }

    /** Data bytes that were sent once more. */
    long retransmittedBytes() {
        return retransmitted;
    }

    /** The peer's limit. */
    long limitBytes() {
        return maximum;
    }

    /** Whether any frame of it was put into a packet. */
    boolean wasSent() {
        return sent;
    }

    // What can be sent

    boolean hasRepair() {
        return !lost.isEmpty() || finDue && sentEnd == buffer.end() && state == State.SEND;
    }

    boolean hasFresh() {
        return sentEnd < Math.min(buffer.end(), maximum) && state == State.SEND;
    }

    boolean wantsControl() {
        return resetDue || wantsBlocked();
    }

    /** The peer acknowledged everything: data and FIN, or the reset. */
    boolean isOver() {
        return state == State.DATA_ACKNOWLEDGED || state == State.RESET_ACKNOWLEDGED;
    }

    /** STOP_SENDING has nothing to stop any more. */
    boolean isResetOrOver() {
        return state != State.SEND;
    }

    /**
     * Writes one STREAM frame of data that was never sent.
     *
     * @param credit what the connection lets go, at least 1
     * @return how many bytes of data it carries; -1: it does not fit
     */
    int writeFresh(ByteWriter out, SentPackets log, long credit) {
        long offset = sentEnd;
        long available = Math.min(Math.min(buffer.end(), maximum) - offset, credit);
        int length = writeHeader(out, offset, available);
        if (length > 0) {
            buffer.putFresh(out, length);
            sentEnd = offset + length;
            sent = true;
            log.addFrame(SentFrame.STREAM, id, offset, length << 1 | finAt(offset + length));
        }
        return length;
    }

    /** Writes one STREAM frame of data that was lost, or of a FIN alone; returns as {@link #writeFresh}. */
    int writeRepair(ByteWriter out, SentPackets log) {
        long offset = lost.isEmpty() ? sentEnd : lost.from(0);
        long available = lost.isEmpty() ? 0 : lost.to(0) - offset;
        int length = writeHeader(out, offset, available);
        if (length < 0) {
            return -1;
        }
        buffer.copyAgain(out, offset, length);
        retransmitted += length;
        lost.remove(offset, offset + length);
        sent = true;
        log.addFrame(SentFrame.STREAM, id, offset, length << 1 | finAt(offset + length));
        return length;
    }

    /** Writes RESET_STREAM and STREAM_DATA_BLOCKED where they are due; false: something does not fit. */
    boolean writeControl(ByteWriter out, SentPackets log) {
        if (resetDue) {
            if (ResetStreamFrame.size(id, resetCode, sentEnd) > out.remaining()) {
                return false;
            }
            // RFC 9000 §4.5: the final size is the flow control credit that the stream consumed.
            ResetStreamFrame.write(out, id, resetCode, sentEnd);
            log.addFrame(SentFrame.RESET_STREAM, id, 0, 0);
            resetDue = false;
            sent = true;
        }
        if (wantsBlocked()) {
            if (StreamDataBlockedFrame.size(id, maximum) > out.remaining()) {
                return false;
            }
            StreamDataBlockedFrame.write(out, id, maximum);
            log.addFrame(SentFrame.STREAM_DATA_BLOCKED, id, maximum, 0);
            blockedReported = maximum;
            sent = true;
        }
        return true;
    }

    // What the peer says

    /** RFC 9000 §4.1: a maximum that is not larger is ignored. */
    void onMaxStreamData(long newMaximum) {
        maximum = Math.max(maximum, newMaximum);
    }

    /** Another limit than the one that was gone by so far; false where more was sent already. */
    boolean restart(long newMaximum) {
        maximum = newMaximum;
        blockedReported = -1;
        return sentEnd <= maximum;
    }

    void onAcked(long offset, int length, boolean fin) {
        if (state != State.SEND) {
            return;
        }
        finAcked |= fin;
        finDue &= !fin;
        long end = offset + length;
        if (!lost.isEmpty()) {
            lost.remove(offset, end);
        }
        if (offset <= ackedPrefix) {
            extendPrefix(end);
        } else {
            acked.add(offset, end);
        }
        // The state may have changed: releasing chunks calls the application.
        if (finAcked && ackedPrefix == buffer.end() && state == State.SEND) {
            state = State.DATA_ACKNOWLEDGED;
            acked.release();
            lost.release();
        }
        chargeRanges();
    }

    void onLost(long offset, int length, boolean fin) {
        if (state != State.SEND) {
            return;
        }
        finDue |= fin && !finAcked;
        long from = Math.max(offset, ackedPrefix);
        long end = offset + length;
        // A copy sent earlier or later may have been acknowledged in part.
        for (int i = 0; i < acked.size() && acked.from(i) < end; i++) {
            lost.add(from, Math.min(end, acked.from(i)));
            from = Math.max(from, acked.to(i));
        }
        lost.add(from, end);
        chargeRanges();
    }

    void onResetAcked() {
        if (state == State.RESET_SENT) {
            state = State.RESET_ACKNOWLEDGED;
            resetDue = false;
        }
    }

    void onResetLost() {
        resetDue |= state == State.RESET_SENT;
    }

    /** RFC 9000 §13.3: sent again only while the stream is still blocked at the same limit. */
    void onBlockedLost(long limit) {
        if (limit == blockedReported) {
            blockedReported = -1;
        }
    }

    private boolean wantsBlocked() {
        return sentEnd == maximum && blockedReported != maximum && sentEnd < buffer.end() && state == State.SEND;
    }

    /** 1 when a frame that ends here carries the FIN, which is then no longer due. */
    private int finAt(long end) {
        if (!finished || end != buffer.end()) {
            return 0;
        }
        finDue = false;
        return 1;
    }

    private void extendPrefix(long end) {
        if (end <= ackedPrefix) {
            return;
        }
        ackedPrefix = end;
        while (!acked.isEmpty() && acked.from(0) <= ackedPrefix) {
            ackedPrefix = Math.max(ackedPrefix, acked.to(0));
            acked.removeFirst();
        }
        buffer.release(ackedPrefix);
    }

    private void forget() {
        acked.release();
        lost.release();
        finDue = false;
        chargeRanges();
        buffer.releaseAll();
    }

    /** The peer decides by what it acknowledges how many ranges there are. */
    private void chargeRanges() {
        int more = acked.capacityRanges() + lost.capacityRanges() - rangesCharged;
        if (more > 0) {
            memory.chargeSent(more * ConnectionMemory.RANGE_BYTES);
        } else if (more < 0) {
            memory.releaseSent(-more * ConnectionMemory.RANGE_BYTES);
        }
        rangesCharged += more;
    }

    /** Writes what precedes the data and returns how much of it fits behind, or -1. */
    private int writeHeader(ByteWriter out, long offset, long available) {
        int room = out.remaining() - StreamFrame.overheadToEnd(id, offset);
        if (room < Math.min(available, LEAST_FRAGMENT_BYTES)) {
            return -1;
        }
        int length = (int) Math.min(available, room);
        boolean fin = finished && offset + length == buffer.end();
        int spare = room - length;
        if (spare >= VarInt.size(length)) {
            StreamFrame.writeHeader(out, id, offset, length, fin);
            return length;
        }
        // No room for a length field: the frame reaches to the end of the packet. PADDING goes in front, as nothing may
        // follow.
        for (int i = 0; i < spare; i++) {
            out.putByte(0);
        }
        StreamFrame.writeHeaderToEnd(out, id, offset, fin);
        return length;
    }
}
