package io.stoq.wire.frame;

/** One ACK frame as it was read; reused by the reader, so borrowed for the call. RFC 9000 §19.3. */
public final class AckBlock {

    /** Ranges kept of one frame; what lies below them is checked for its form and then ignored. */
    public static final int MAX_RANGES = 256;

    public long largest;

    /** As on the wire: microseconds divided by 2 to the power of the peer's ack_delay_exponent. */
    public long ackDelay;

    /** How many entries of {@link #smallestOf} and {@link #largestOf} are valid, at least one. */
    public int ranges;

    /** The smallest packet number of each range; ranges go from high to low. */
    public final long[] smallestOf = new long[MAX_RANGES];

    /** The largest packet number of each range. */
    public final long[] largestOf = new long[MAX_RANGES];

    /** Whether the three ECN counts were there; they are 0 otherwise. */
    public boolean ecn;

    public long ect0;
    public long ect1;
    public long ce;

    void add(long smallest, long largest) {
        if (ranges < MAX_RANGES) {
            smallestOf[ranges] = smallest;
            largestOf[ranges++] = largest;
        }
    }
}
