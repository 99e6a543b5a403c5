package io.stoq.wire;

/** Version numbers. RFC 9000 §15. */
public final class QuicVersion {

    /** Marks a Version Negotiation packet. RFC 8999 §6. */
    public static final int NEGOTIATION = 0;

    /** RFC 9000. */
    public static final int V1 = 1;

    private QuicVersion() {}

    /**
     * Whether this is one of the versions 0x?a?a?a?a that nobody supports and everybody must tolerate. RFC 9000 §15.
     */
    public static boolean isReserved(int version) {
        return (version & 0x0f0f0f0f) == 0x0a0a0a0a;
    }
}
