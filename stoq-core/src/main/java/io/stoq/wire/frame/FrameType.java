package io.stoq.wire.frame;

import io.stoq.crypto.EncryptionLevel;

/** Frame types and the rules that hang on them. RFC 9000 §12.4 table 3, RFC 9221 §4. */
public final class FrameType {

    public static final int PADDING = 0x00;
    public static final int PING = 0x01;
    public static final int ACK = 0x02;
    public static final int ACK_ECN = 0x03;
    public static final int RESET_STREAM = 0x04;
    public static final int STOP_SENDING = 0x05;
    public static final int CRYPTO = 0x06;
    public static final int NEW_TOKEN = 0x07;

    /** The first of eight: {@link #STREAM_FIN}, {@link #STREAM_LENGTH} and {@link #STREAM_OFFSET} are or-ed to it. */
    public static final int STREAM = 0x08;

    public static final int MAX_DATA = 0x10;
    public static final int MAX_STREAM_DATA = 0x11;
    public static final int MAX_STREAMS_BIDI = 0x12;
    public static final int MAX_STREAMS_UNI = 0x13;
    public static final int DATA_BLOCKED = 0x14;
    public static final int STREAM_DATA_BLOCKED = 0x15;
    public static final int STREAMS_BLOCKED_BIDI = 0x16;
    public static final int STREAMS_BLOCKED_UNI = 0x17;
    public static final int NEW_CONNECTION_ID = 0x18;
    public static final int RETIRE_CONNECTION_ID = 0x19;
    public static final int PATH_CHALLENGE = 0x1a;
    public static final int PATH_RESPONSE = 0x1b;
    public static final int CONNECTION_CLOSE = 0x1c;
    public static final int CONNECTION_CLOSE_APPLICATION = 0x1d;
    public static final int HANDSHAKE_DONE = 0x1e;
    public static final int DATAGRAM = 0x30;
    public static final int DATAGRAM_WITH_LENGTH = 0x31;

    /** RFC 9000 §19.8. */
    static final int STREAM_FIN = 0x01;

    static final int STREAM_LENGTH = 0x02;
    static final int STREAM_OFFSET = 0x04;

    // One bit per type, so that a rule is a single test.
    private static final long KNOWN = (1L << HANDSHAKE_DONE + 1) - 1 | 1L << DATAGRAM | 1L << DATAGRAM_WITH_LENGTH;
    private static final long BEFORE_APPLICATION =
            1L << PADDING | 1L << PING | 1L << ACK | 1L << ACK_ECN | 1L << CRYPTO | 1L << CONNECTION_CLOSE;
    private static final long NOT_EARLY = 1L << ACK
            | 1L << ACK_ECN
            | 1L << CRYPTO
            | 1L << NEW_TOKEN
            | 1L << RETIRE_CONNECTION_ID
            | 1L << PATH_RESPONSE
            | 1L << HANDSHAKE_DONE;
    private static final long NOT_ACK_ELICITING =
            1L << PADDING | 1L << ACK | 1L << ACK_ECN | 1L << CONNECTION_CLOSE | 1L << CONNECTION_CLOSE_APPLICATION;
    private static final long PROBING =
            1L << PADDING | 1L << PATH_CHALLENGE | 1L << PATH_RESPONSE | 1L << NEW_CONNECTION_ID;

    private FrameType() {}

    /** Whether a packet with such a frame has to be acknowledged. RFC 9002 §2. */
    public static boolean isAckEliciting(long type) {
        return !isIn(NOT_ACK_ELICITING, type);
    }

    /** Whether the frame may be sent on a path that is being probed without moving to it. RFC 9000 §9.1. */
    public static boolean isProbing(long type) {
        return isIn(PROBING, type);
    }

    /**
     * Whether packets of a level may carry the frame. RFC 9000 §12.4 table 3.
     *
     * @param level one of {@link EncryptionLevel}
     * @return false for types that are not known, too
     */
    public static boolean isAllowed(long type, int level) {
        return switch (level) {
            case EncryptionLevel.APPLICATION -> isIn(KNOWN, type);
            case EncryptionLevel.EARLY -> isIn(KNOWN & ~NOT_EARLY, type);
            default -> isIn(BEFORE_APPLICATION, type);
        };
    }

    /** The name of the RFC, such as {@code MAX_DATA}. */
    public static String nameOf(long type) {
        if (type < 0 || type > DATAGRAM_WITH_LENGTH) {
            return "0x" + Long.toHexString(type);
        }
        return switch ((int) type) {
            case PADDING -> "PADDING";
            case PING -> "PING";
            case ACK, ACK_ECN -> "ACK";
            case RESET_STREAM -> "RESET_STREAM";
            case STOP_SENDING -> "STOP_SENDING";
            case CRYPTO -> "CRYPTO";
            case NEW_TOKEN -> "NEW_TOKEN";
            case 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f -> "STREAM";
            case MAX_DATA -> "MAX_DATA";
            case MAX_STREAM_DATA -> "MAX_STREAM_DATA";
            case MAX_STREAMS_BIDI, MAX_STREAMS_UNI -> "MAX_STREAMS";
            case DATA_BLOCKED -> "DATA_BLOCKED";
            case STREAM_DATA_BLOCKED -> "STREAM_DATA_BLOCKED";
            case STREAMS_BLOCKED_BIDI, STREAMS_BLOCKED_UNI -> "STREAMS_BLOCKED";
            case NEW_CONNECTION_ID -> "NEW_CONNECTION_ID";
            case RETIRE_CONNECTION_ID -> "RETIRE_CONNECTION_ID";
            case PATH_CHALLENGE -> "PATH_CHALLENGE";
            case PATH_RESPONSE -> "PATH_RESPONSE";
            case CONNECTION_CLOSE, CONNECTION_CLOSE_APPLICATION -> "CONNECTION_CLOSE";
            case HANDSHAKE_DONE -> "HANDSHAKE_DONE";
            case DATAGRAM, DATAGRAM_WITH_LENGTH -> "DATAGRAM";
            default -> "0x" + Long.toHexString(type);
        };
    }

    private static boolean isIn(long set, long type) {
        return type >>> 6 == 0 && (set >>> type & 1) != 0;
    }
}
