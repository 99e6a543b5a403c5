package io.stoq.wire;

import io.stoq.crypto.EncryptionLevel;

/** Packet types; 0..3 are the type bits of version 1's long header. RFC 9000 §17. */
public final class PacketType {

    /** A long header of a version that is not spoken here: nothing but the invariants can be read. RFC 8999. */
    public static final int UNKNOWN_VERSION = -1;

    public static final int INITIAL = 0;
    public static final int ZERO_RTT = 1;
    public static final int HANDSHAKE = 2;
    public static final int RETRY = 3;
    public static final int VERSION_NEGOTIATION = 4;

    /** 1-RTT. */
    public static final int SHORT = 5;

    private PacketType() {}

    /**
     * The packet number space of a type, one of {@link EncryptionLevel}, or -1 where packets have no number. RFC 9000
     * §12.3.
     */
    public static int levelOf(int type) {
        return switch (type) {
            case INITIAL -> EncryptionLevel.INITIAL;
            case HANDSHAKE -> EncryptionLevel.HANDSHAKE;
            case ZERO_RTT, SHORT -> EncryptionLevel.APPLICATION;
            default -> -1;
        };
    }

    public static String nameOf(int type) {
        return switch (type) {
            case INITIAL -> "Initial";
            case ZERO_RTT -> "0-RTT";
            case HANDSHAKE -> "Handshake";
            case RETRY -> "Retry";
            case VERSION_NEGOTIATION -> "Version Negotiation";
            case SHORT -> "1-RTT";
            default -> "unknown version";
        };
    }
}
