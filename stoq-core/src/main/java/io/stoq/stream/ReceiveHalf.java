package io.stoq.stream;

import io.stoq.buffer.ByteWriter;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.VarInt;
import io.stoq.wire.frame.FrameType;
import io.stoq.wire.frame.MaxStreamDataFrame;
import io.stoq.wire.frame.StopSendingFrame;

/**
 * The receiving half of a stream. Confined to the connection's loop. RFC 9000 §3.2.
 *
 * <p>Bytes in order go from the packet straight to the handler; others, and what the handler leaves, wait in the reassembly.
 */
final class ReceiveHalf {

    private final Stream stream;
    private final ConnectionFlow flow;
    private final ReceiveWindow window;
    private final Reassembly reassembly;

    private long highest;
    private long taken;
    private long finalSize = -1;

    /** The handler left bytes; it is asked again after {@link #resume()}. */
    private boolean paused;

    private boolean delivering;
    private boolean resumed;

    /** Nothing is wanted any more: the application stopped the stream, or the connection ended. */
    private boolean discarding;

    private boolean stopDue;
    private long stopCode;
    private boolean reset;
    private long resetCode;
    private boolean over;

    ReceiveHalf(Stream stream, ConnectionFlow flow, BlockPool pool, ReceiveWindow window) {
        this.stream = stream;
        this.flow = flow;
        this.window = window;
        this.reassembly = new Reassembly(pool);
    }

    long takenBytes() {
        return taken;
    }

    /** Up to where data arrived, gaps included. */
    long highestByte() {
        return highest;
    }

    /** Memory of what was not taken, in bytes. */
    long heldBytes() {
        return reassembly.heldBytes();
    }

    /** All was delivered, or the reset was. */
    boolean isOver() {
        return over;
    }

    // What the peer sends

    void onStream(long offset, byte[] data, int at, int length, boolean fin) {
        long end = offset + length;
        checkFinalSize(end, fin, FrameType.STREAM);
        claim(end, FrameType.STREAM);
        if (fin) {
            finalSize = end;
        }
        if (discarding) {
            endDiscarded();
        } else if (end > taken && !reset) {
            int known = (int) Math.max(0, taken - offset);
            accept(offset + known, data, at + known, length - known);
        }
    }

    void onResetStream(long code, long size) {
        checkFinalSize(size, true, FrameType.RESET_STREAM);
        claim(size, FrameType.RESET_STREAM);
        // RFC 9000 §3.2: once all data and its end are there, a reset changes nothing.
        boolean complete = finalSize >= 0 && Math.max(taken, reassembly.readableEnd()) == size;
        finalSize = size;
        if (discarding) {
            endDiscarded();
        } else if (!reset && !complete) {
            reset = true;
            resetCode = code;
            stopDue = false;
            drop();
        }
    }

    // What the application does

    void stop(long code) {
        if (discarding || over) {
            return;
        }
        discarding = true;
        // RFC 9000 §3.5: of no use once the final size is known.
        stopDue = finalSize < 0;
        stopCode = code;
        if (!reset) {
            drop();
        }
        endDiscarded();
    }

    /** The connection ended. */
    void abandon() {
        discarding = true;
        over = true;
        stopDue = false;
        releaseReassembly();
    }

    void resume() {
        if (delivering) {
            resumed = true;
        } else {
            paused = false;
        }
    }

    /** Makes one call to the handler where one is due; false when none was. */
    boolean deliver() {
        if (over || discarding) {
            return false;
        }
        if (reset) {
            over = true;
            stream.tellReset(resetCode);
            return true;
        }
        if (!paused && taken < reassembly.readableEnd()) {
            deliverKept();
            return true;
        }
        if (taken == finalSize) {
            over = true;
            stream.tellFinished();
            return true;
        }
        return false;
    }

    // What can be sent

    boolean wantsControl() {
        return stopDue || wantsCredit();
    }

    /** Writes STOP_SENDING and MAX_STREAM_DATA where they are due; false: something does not fit. */
    boolean writeControl(ByteWriter out, SentPackets log, long nowNs, long minRttNs) {
        long id = stream.id();
        if (stopDue) {
            if (StopSendingFrame.size(id, stopCode) > out.remaining()) {
                return false;
            }
            StopSendingFrame.write(out, id, stopCode);
            log.addFrame(SentFrame.STOP_SENDING, id, 0, 0);
            stopDue = false;
        }
        if (wantsCredit()) {
            if (MaxStreamDataFrame.size(id, VarInt.MAX) > out.remaining()) {
                return false;
            }
            long maximum = window.nextMaximum(nowNs, minRttNs);
            MaxStreamDataFrame.write(out, id, maximum);
            log.addFrame(SentFrame.MAX_STREAM_DATA, id, maximum, 0);
        }
        return true;
    }

    void onStopLost() {
        stopDue |= discarding && !over;
    }

    void onCreditLost(long value) {
        window.onUpdateLost(value);
    }

    /** RFC 9000 §3.2: credit matters to the peer only while it does not know how the stream ends. */
    private boolean wantsCredit() {
        return finalSize < 0
                && !discarding
                && window.wantsUpdate()
                && !stream.memory().isWithholding();
    }

    private void accept(long offset, byte[] data, int at, int length) {
        int left = length;
        if (offset == taken && !paused && stream.hasHandler()) {
            left -= deliver(data, at, length);
            if (discarding) {
                return;
            }
        }
        if (left > 0) {
            reassembly.insert(offset + length - left, data, at + length - left, left);
        }
    }

    private void deliverKept() {
        Block block = reassembly.blockAt(taken);
        int at = (int) taken & Block.MASK;
        int length = (int) Math.min(reassembly.readableEnd() - taken, Block.BYTES - at);
        deliver(block.bytes, at, length);
    }

    /** Hands bytes to the handler; returns how many it took. */
    private int deliver(byte[] data, int at, int length) {
        delivering = true;
        resumed = false;
        int count = stream.tellData(data, at, length);
        delivering = false;
        if (discarding) {
            // Stopped from inside the call, where the block was still lent out.
            releaseReassembly();
            return 0;
        }
        paused = count < length && !(resumed && count > 0);
        taken += count;
        window.onConsumed(count);
        flow.onConsumed(count);
        reassembly.advance(taken);
        return count;
    }

    /** RFC 9000 §4.5. */
    private void checkFinalSize(long end, boolean isFinal, int frameType) {
        if (finalSize >= 0 ? end > finalSize || isFinal && end != finalSize : isFinal && end < highest) {
            throw new TransportException(TransportErrorCode.FINAL_SIZE_ERROR, frameType, "final size changed");
        }
    }

    /** Counts bytes up to {@code end} against the stream's and the connection's credit. RFC 9000 §4.1. */
    private void claim(long end, int frameType) {
        if (end <= highest) {
            return;
        }
        if (end > window.maximum()) {
            throw new TransportException(
                    TransportErrorCode.FLOW_CONTROL_ERROR, frameType, "more than the stream's credit");
        }
        flow.onReceived(end - highest, frameType);
        if (discarding || reset) {
            flow.onConsumed(end - highest);
        }
        highest = end;
    }

    /** Gives up what was not taken: the connection's credit comes back, the stream's does not matter any more. */
    private void drop() {
        flow.onConsumed(highest - taken);
        releaseReassembly();
    }

    private void releaseReassembly() {
        if (!delivering) {
            reassembly.clear();
        }
    }

    /** RFC 9000 §3.5: a stopped stream is over when it is known how much the peer sent. */
    private void endDiscarded() {
        if (finalSize >= 0) {
            over = true;
            stopDue = false;
        }
    }
}
