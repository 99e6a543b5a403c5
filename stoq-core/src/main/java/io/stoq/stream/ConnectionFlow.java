package io.stoq.stream;

import io.stoq.buffer.ByteWriter;
import io.stoq.memory.ConnectionMemory;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.VarInt;
import io.stoq.wire.frame.DataBlockedFrame;
import io.stoq.wire.frame.MaxDataFrame;

/** Flow control over all streams, both directions. Confined to the connection's loop. RFC 9000 §4.1. */
final class ConnectionFlow {

    private final ReceiveWindow window;
    private final ConnectionMemory memory;
    private long received;

    private long maximum;
    private long sent;
    private long blockedReported = -1;

    ConnectionFlow(StreamLimits limits, ConnectionMemory memory) {
        this.memory = memory;
        window = new ReceiveWindow(limits.initialConnectionWindowBytes(), limits.maxConnectionWindowBytes(), 0);
    }

    /** New bytes arrived on a stream, or a final size says that they were sent. */
    void onReceived(long bytes, int frameType) {
        if (bytes > window.maximum() - received) {
            throw new TransportException(
                    TransportErrorCode.FLOW_CONTROL_ERROR, frameType, "more than the connection's credit");
        }
        received += bytes;
    }

    /** Bytes were taken by the application, or never will be. */
    void onConsumed(long bytes) {
        window.onConsumed(bytes);
    }

    /** How many new bytes the peer lets us send. */
    long credit() {
        return maximum - sent;
    }

    void onSent(long bytes) {
        sent += bytes;
    }

    /** RFC 9000 §4.1: a maximum that is not larger is ignored. */
    void onMaxData(long newMaximum) {
        maximum = Math.max(maximum, newMaximum);
    }

    /** Another limit than the one that was gone by so far; false where more was sent already. */
    boolean restart(long newMaximum) {
        maximum = newMaximum;
        blockedReported = -1;
        return sent <= maximum;
    }

    void onCreditLost(long value) {
        window.onUpdateLost(value);
    }

    void onBlockedLost(long limit) {
        if (limit == blockedReported) {
            blockedReported = -1;
        }
    }

    /** @param waiting whether a stream has data that needs the connection's credit */
    boolean wantsControl(boolean waiting) {
        return wantsCredit() || wantsBlocked(waiting);
    }

    private boolean wantsCredit() {
        return window.wantsUpdate() && !memory.isWithholding();
    }

    /** Writes MAX_DATA and DATA_BLOCKED where they are due; false: something does not fit. */
    boolean writeControl(ByteWriter out, SentPackets log, boolean waiting, long nowNs, long minRttNs) {
        if (wantsCredit()) {
            if (MaxDataFrame.size(VarInt.MAX) > out.remaining()) {
                return false;
            }
            long value = window.nextMaximum(nowNs, minRttNs);
            MaxDataFrame.write(out, value);
            log.addFrame(SentFrame.MAX_DATA, value, 0, 0);
        }
        if (wantsBlocked(waiting)) {
            if (DataBlockedFrame.size(maximum) > out.remaining()) {
                return false;
            }
            DataBlockedFrame.write(out, maximum);
            log.addFrame(SentFrame.DATA_BLOCKED, maximum, 0, 0);
            blockedReported = maximum;
        }
        return true;
    }

    private boolean wantsBlocked(boolean waiting) {
        return waiting && sent == maximum && blockedReported != maximum;
    }
}
