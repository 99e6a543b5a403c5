package io.stoq.crypto;

/** Encryption levels as small integers; each but 0-RTT is also the number of its packet number space. RFC 9001 §2.1. */
public final class EncryptionLevel {

    public static final int INITIAL = 0;
    public static final int HANDSHAKE = 1;

    /** 1-RTT. */
    public static final int APPLICATION = 2;

    /** How many packet number spaces there are. RFC 9000 §12.3. */
    public static final int COUNT = 3;

    private EncryptionLevel() {}

    /** How logs and qlog call a level. */
    public static String nameOf(int level) {
        return switch (level) {
            case INITIAL -> "Initial";
            case HANDSHAKE -> "Handshake";
            default -> "1-RTT";
        };
    }
}
