package io.stoq.recovery;

/**
 * Kinds of frames that sent packets carried, as integers, each with up to three numbers that say what to do when the packet
 * is acknowledged or lost. RFC 9000 §13.3.
 */
public final class SentFrame {

    /** a: largest acknowledged. */
    public static final int ACK = 1;

    /** a: offset, c: length. */
    public static final int CRYPTO = 2;

    /** a: stream id, b: offset, c: length times two, plus one with FIN. */
    public static final int STREAM = 3;

    /** a: stream id. */
    public static final int RESET_STREAM = 4;

    /** a: stream id. */
    public static final int STOP_SENDING = 5;

    /** a: the maximum sent. */
    public static final int MAX_DATA = 6;

    /** a: stream id, b: the maximum sent. */
    public static final int MAX_STREAM_DATA = 7;

    /** a: 1 for bidirectional, 0 for unidirectional, b: the maximum sent. */
    public static final int MAX_STREAMS = 8;

    public static final int DATA_BLOCKED = 9;

    /** a: stream id. */
    public static final int STREAM_DATA_BLOCKED = 10;

    /** a: 1 for bidirectional, 0 for unidirectional. */
    public static final int STREAMS_BLOCKED = 11;

    /** a: sequence number. */
    public static final int NEW_CONNECTION_ID = 12;

    /** a: sequence number. */
    public static final int RETIRE_CONNECTION_ID = 13;

    /** a: the data. */
    public static final int PATH_CHALLENGE = 14;

    public static final int PING = 15;
    public static final int HANDSHAKE_DONE = 16;

    /** a: number of the token. */
    public static final int NEW_TOKEN = 17;

    /** All DATAGRAM frames of the packet. a: number of the first, c: how many. */
    public static final int DATAGRAM = 18;

    /** A probe of the path's MTU. a: packet number. */
    public static final int MTU_PROBE = 19;

    private SentFrame() {}

    /** Whether the loss of such a frame makes its content due again; else repeating it has no use. RFC 9000 §13.3 */
    public static boolean isRetransmittable(int kind) {
        return kind != ACK && kind != PING && kind != DATAGRAM && kind != PATH_CHALLENGE && kind != MTU_PROBE;
    }
}
