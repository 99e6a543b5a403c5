package io.stoq.transport.qlog;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.wire.TransportParameters;
import io.stoq.wire.frame.AckBlock;
import io.stoq.wire.frame.FrameSink;
import io.stoq.wire.frame.FrameType;
import java.util.HexFormat;

/**
 * Notes the frames of a packet in a block: type, then what belongs to it. Data is never noted, only where it belongs and how
 * long it is. Confined to the connection's loop.
 */
final class FrameNotes implements FrameSink {

    /** Ranges that are noted of one ACK frame, the newest ones. */
    private static final int MAX_RANGES = 64;

    private static final long NS_PER_US = 1000;

    /** Longer acknowledgement delays are noted as this long. */
    private static final long MAX_ACK_DELAY_US = 1L << 40;

    private EventBlock block;
    private int limit;
    private boolean sent;
    private int level;
    private int localExponent = (int) TransportParameters.DEFAULT_ACK_DELAY_EXPONENT;
    private int peerExponent = (int) TransportParameters.DEFAULT_ACK_DELAY_EXPONENT;

    void parameters(boolean local, TransportParameters parameters) {
        if (local) {
            localExponent = (int) parameters.ackDelayExponent();
        } else {
            peerExponent = (int) parameters.ackDelayExponent();
        }
    }

    /** Frames of a packet follow; none is noted that would reach behind {@code end}. */
    void begin(EventBlock into, int end, boolean ofSentPacket, int ofLevel) {
        block = into;
        limit = Math.min(end, into.words.length);
        sent = ofSentPacket;
        level = ofLevel;
    }

    void ignore() {
        block = null;
    }

    /** The packet is over; returns whether its frames were noted. */
    boolean end() {
        boolean noted = block != null;
        block = null;
        return noted;
    }

    /** Whether there is room for a frame of so many words, which follow. */
    private boolean begin(int type, int words) {
        if (block == null || block.length + 1 + words > limit) {
            return false;
        }
        put(type);
        return true;
    }

    private void put(long word) {
        block.words[block.length++] = word;
    }

    private void note(int type) {
        begin(type, 0);
    }

    private void note(int type, long a) {
        if (begin(type, 1)) {
            put(a);
        }
    }

    private void note(int type, long a, long b) {
        if (begin(type, 2)) {
            put(a);
            put(b);
        }
    }

    private void note(int type, long a, long b, long c) {
        if (begin(type, 3)) {
            put(a);
            put(b);
            put(c);
        }
    }

    @Override
    public void onPadding(int length) {
        note(FrameType.PADDING, length);
    }

    @Override
    public void onPing() {
        note(FrameType.PING);
    }

    @Override
    public void onAck(AckBlock ack) {
        int ranges = Math.min(ack.ranges, MAX_RANGES);
        if (!begin(FrameType.ACK, 6 + 2 * ranges)) {
            return;
        }
        put(delayNs(ack.ackDelay));
        put(ack.ecn ? 1 : 0);
        put(ack.ect0);
        put(ack.ect1);
        put(ack.ce);
        put(ranges);
        for (int i = ranges - 1; i >= 0; i--) {
            put(ack.smallestOf[i]);
            put(ack.largestOf[i]);
        }
    }

    /** RFC 9000 §13.2.5, §19.3: without meaning before 1-RTT. */
    private long delayNs(long onWire) {
        if (level != EncryptionLevel.APPLICATION) {
            return 0;
        }
        int exponent = sent ? localExponent : peerExponent;
        return (onWire > MAX_ACK_DELAY_US >>> exponent ? MAX_ACK_DELAY_US : onWire << exponent) * NS_PER_US;
    }

    @Override
    public void onResetStream(long id, long code, long finalSize) {
        note(FrameType.RESET_STREAM, id, code, finalSize);
    }

    @Override
    public void onStopSending(long id, long code) {
        note(FrameType.STOP_SENDING, id, code);
    }

    @Override
    public void onCrypto(long offset, byte[] data, int at, int length) {
        note(FrameType.CRYPTO, offset, length);
    }

    @Override
    public void onNewToken(byte[] data, int at, int length) {
        note(FrameType.NEW_TOKEN, length);
    }

    @Override
    public void onStream(long id, long offset, byte[] data, int at, int length, boolean fin) {
        note(FrameType.STREAM, id, offset, (long) length << 1 | (fin ? 1 : 0));
    }

    @Override
    public void onMaxData(long maximum) {
        note(FrameType.MAX_DATA, maximum);
    }

    @Override
    public void onMaxStreamData(long id, long maximum) {
        note(FrameType.MAX_STREAM_DATA, id, maximum);
    }

    @Override
    public void onMaxStreams(boolean bidirectional, long maximum) {
        note(bidirectional ? FrameType.MAX_STREAMS_BIDI : FrameType.MAX_STREAMS_UNI, maximum);
    }

    @Override
    public void onDataBlocked(long at) {
        note(FrameType.DATA_BLOCKED, at);
    }

    @Override
    public void onStreamDataBlocked(long id, long at) {
        note(FrameType.STREAM_DATA_BLOCKED, id, at);
    }

    @Override
    public void onStreamsBlocked(boolean bidirectional, long at) {
        note(bidirectional ? FrameType.STREAMS_BLOCKED_BIDI : FrameType.STREAMS_BLOCKED_UNI, at);
    }

    /** The reset token is a secret, and stays one. RFC 9000 §21.11 */
    @Override
    public void onNewConnectionId(
            long sequence, long retirePriorTo, byte[] data, int cidAt, int cidLength, int tokenAt) {
        if (begin(FrameType.NEW_CONNECTION_ID, 2)) {
            put(sequence);
            put(retirePriorTo);
            block.objects.add(HexFormat.of().formatHex(data, cidAt, cidAt + cidLength));
        }
    }

    @Override
    public void onRetireConnectionId(long sequence) {
        note(FrameType.RETIRE_CONNECTION_ID, sequence);
    }

    @Override
    public void onPathChallenge(long data) {
        note(FrameType.PATH_CHALLENGE);
    }

    @Override
    public void onPathResponse(long data) {
        note(FrameType.PATH_RESPONSE);
    }

    @Override
    public void onConnectionClose(
            boolean application, long code, long frameType, byte[] data, int reasonAt, int reasonLength) {
        note(application ? FrameType.CONNECTION_CLOSE_APPLICATION : FrameType.CONNECTION_CLOSE, code, frameType);
    }

    @Override
    public void onHandshakeDone() {
        note(FrameType.HANDSHAKE_DONE);
    }

    @Override
    public void onDatagram(byte[] data, int at, int length) {
        note(FrameType.DATAGRAM, length);
    }
}
