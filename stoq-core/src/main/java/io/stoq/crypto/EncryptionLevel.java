package io.stoq.crypto;

/** Encryption levels as small integers. RFC 9001 §2.1. */
public final class EncryptionLevel {

    public static final int INITIAL = 0;
    public static final int HANDSHAKE = 1;

    /** 1-RTT. */
    public static final int APPLICATION = 2;

    /** 0-RTT. It has no packet number space of its own and no CRYPTO data. */
    public static final int EARLY = 3;

    /** How many packet number spaces there are; the levels before {@link #EARLY} have their numbers. RFC 9000 §12.3. */
    public static final int COUNT = 3;

    private EncryptionLevel() {}

    /** The packet number space of a level. RFC 9000 §12.3. */
    public static int spaceOf(int level) {
        return level == EARLY ? APPLICATION : level;
    }

    /** How logs and qlog call a level. */
    public static String nameOf(int level) {
        return switch (level) {
            case INITIAL -> "Initial";
            case HANDSHAKE -> "Handshake";
            case EARLY -> "0-RTT";
            default -> "1-RTT";
        };
    }
}
