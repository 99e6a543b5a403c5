package io.stoq.wire;

/** How a packet number is cut for the wire, and restored. RFC 9000 §17.1, Appendix A. */
public final class PacketNumber {

    /** The largest packet number. RFC 9000 §12.3. */
    public static final long MAX = VarInt.MAX;

    private PacketNumber() {}

    /**
     * How many bytes, 1 to 4, a packet number needs so that the peer can restore it.
     *
     * @param largestAcked the largest number that the peer acknowledged in this space, or -1; fewer than 2^31 packets
     *     behind
     */
    public static int length(long packetNumber, long largestAcked) {
        // RFC 9000 §17.1: more than twice the range not acknowledged yet, hence one bit more than the range has.
        int bits = 65 - Long.numberOfLeadingZeros(packetNumber - largestAcked);
        return Math.min(4, (bits + 7) >>> 3);
    }

    /**
     * Restores a packet number: the candidate closest to the one that is expected next.
     *
     * @param largestReceived the largest number received in this space, or -1
     * @param truncated what was on the wire, unsigned
     * @param bytes how many bytes that was, 1 to 4
     */
    public static long decode(long largestReceived, long truncated, int bytes) {
        long expected = largestReceived + 1;
        long window = 1L << (bytes << 3);
        long half = window >>> 1;
        long candidate = (expected & -window) | truncated;
        if (candidate <= expected - half && candidate <= MAX - window) {
            return candidate + window;
        }
        if (candidate > expected + half && candidate >= window) {
            return candidate - window;
        }
        return candidate;
    }
}
