package io.stoq.connection;

import io.stoq.CloseReason;
import io.stoq.wire.TransportErrorCode;
import java.nio.charset.StandardCharsets;

/**
 * The end of a connection: closing, draining, gone. Confined to the connection's loop. RFC 9000 §10.2, §10.3.
 */
final class Termination {

    /** Longest reason phrase that is sent, and longest that is taken from a peer, in bytes. */
    static final int MAX_REASON_BYTES = 512;

    private static final byte[] NO_REASON = new byte[0];

    private enum State {
        OPEN,
        CLOSING,
        DRAINING,
        GONE
    }

    private State state = State.OPEN;
    private CloseReason reason;
    private boolean application;
    private long code;
    private long frameType;
    private byte[] phrase = NO_REASON;
    private int closesWanted;
    private long packetsSinceClose;
    private long answerAtPackets;
    private long endNs = Long.MAX_VALUE;
    private boolean whenServed;

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isGone() {
        return state == State.GONE;
    }

    CloseReason reason() {
        return reason;
    }

    /** The connection is to close when no stream is in flight. */
    void closeWhenServed() {
        whenServed = true;
    }

    boolean closesWhenServed() {
        return whenServed && state == State.OPEN;
    }

    /** This side closes: CONNECTION_CLOSE is sent, and again in answer to packets, until {@code endNs}. */
    void close(CloseReason reason, boolean application, long code, long frameType, String words, long endNs) {
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSING;
        this.reason = reason;
        this.application = application;
        this.code = code;
        this.frameType = frameType;
        this.phrase = cut(words);
        this.endNs = endNs;
        closesWanted = 2;
        answerAtPackets = 1;
    }

    /** The peer closed or reset: nothing more is sent. */
    void drain(CloseReason reason, long endNs) {
        if (state == State.DRAINING || state == State.GONE) {
            return;
        }
        if (state == State.OPEN) {
            this.reason = reason;
        }
        state = State.DRAINING;
        closesWanted = 0;
        this.endNs = Math.min(this.endNs, endNs);
    }

    /** Ends without a word: idle timeout, handshake timeout, version mismatch. */
    void vanish(CloseReason reason) {
        if (state == State.OPEN) {
            this.reason = reason;
        }
        state = State.GONE;
        closesWanted = 0;
        endNs = Long.MAX_VALUE;
    }

    /** A datagram arrived while closing: answered at an exponentially falling rate. RFC 9000 §10.2.1. */
    void onDatagramWhileClosing() {
        if (state == State.CLOSING && ++packetsSinceClose >= answerAtPackets) {
            packetsSinceClose = 0;
            answerAtPackets *= 2;
            closesWanted = 2;
        }
    }

    boolean wantsToSend() {
        return closesWanted > 0;
    }

    /**
     * Which datagram comes next: true for that with the 1-RTT packet, false for that with the levels before it. RFC 9000
     * §10.2.3. The former is first and alone: a peer that can read it hears the application's code rather than
     * APPLICATION_ERROR, and needs no luck with a packet before it whose keys it has discarded.
     */
    boolean pollOneRttClose() {
        return --closesWanted > 0;
    }

    /** Whether the frame to send at {@code level} is the application's variant, which only 1-RTT packets may carry. */
    boolean isApplicationCloseAt(int level) {
        return application && level == 2;
    }

    /** RFC 9000 §10.2.3: an application's code must not show in Initial and Handshake packets. */
    long codeAt(int level) {
        return application && level != 2 ? TransportErrorCode.APPLICATION_ERROR : code;
    }

    long frameType() {
        return frameType;
    }

    byte[] phraseAt(int level) {
        return application && level != 2 ? NO_REASON : phrase;
    }

    long deadlineNs() {
        return endNs;
    }

    /** Returns true when the connection is gone now. */
    boolean onTimeout(long nowNs) {
        if (state != State.GONE && nowNs >= endNs) {
            state = State.GONE;
            endNs = Long.MAX_VALUE;
            return true;
        }
        return false;
    }

    private static byte[] cut(String words) {
        if (words == null || words.isEmpty()) {
            return NO_REASON;
        }
        byte[] bytes = words.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_REASON_BYTES) {
            return bytes;
        }
        int end = MAX_REASON_BYTES;
        while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return java.util.Arrays.copyOf(bytes, end);
    }
}
