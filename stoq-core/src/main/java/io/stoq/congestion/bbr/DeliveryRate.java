package io.stoq.congestion.bbr;

/**
 * Measures at which rate the path delivers: each packet remembers what had been delivered when it left. Draft section 4.1.
 *
 * <p>Counters of bytes only grow, but for what was found again after it had been declared lost. {@code congested} counts what
 * speaks of a queue that is too long: lost bytes, and those that came marked Congestion Experienced.
 */
final class DeliveryRate {

    /** Longs kept with each sent packet. */
    static final int COLUMNS = 5;

    private static final int DELIVERED = 0;
    private static final int DELIVERED_NS = 1;
    private static final int FIRST_SENT_NS = 2;
    private static final int CONGESTED = 3;

    /** Bytes in flight with this packet, times two, plus one if the application was the limit. */
    private static final int IN_FLIGHT = 4;

    private long deliveredBytes;
    private long deliveredNs;
    private long firstSentNs;
    private long lostBytes;
    private long congestedBytes;

    /** Sent while less than this was delivered or lost: a bubble of the application. 0 while it is not the limit. */
    private long bubbleEnd;

    // The sample of the current ACK frame: of the packet with the largest number.
    private long newestPacket;
    private long priorDelivered;
    private long priorCongested;
    private long sentForNs;
    private long ackedForNs;
    private long sampleInFlight;
    private boolean sampleLimited;
    private long newlyAckedBytes;
    private long sampleDelivered;
    private long sampleRate;

    long deliveredBytes() {
        return deliveredBytes;
    }

    long lostBytes() {
        return lostBytes;
    }

    boolean isApplicationLimited() {
        return bubbleEnd != 0;
    }

    void onPacketSent(long nowNs, int bytes, long bytesInFlightBefore, long[] columns, int at) {
        if (bytesInFlightBefore == 0) {
            firstSentNs = nowNs;
            deliveredNs = nowNs;
        }
        columns[at + DELIVERED] = deliveredBytes;
        columns[at + DELIVERED_NS] = deliveredNs;
        columns[at + FIRST_SENT_NS] = firstSentNs;
        columns[at + CONGESTED] = congestedBytes;
        columns[at + IN_FLIGHT] = (bytesInFlightBefore + bytes) << 1 | (isApplicationLimited() ? 1 : 0);
    }

    void onAckBegin() {
        newestPacket = -1;
        newlyAckedBytes = 0;
        sampleDelivered = 0;
        sampleRate = 0;
    }

    void onPacketAcked(long nowNs, long packetNumber, int bytes, long sentNs, long[] columns, int at) {
        deliveredBytes += bytes;
        deliveredNs = nowNs;
        newlyAckedBytes += bytes;
        if (packetNumber < newestPacket) {
            return;
        }
        newestPacket = packetNumber;
        priorDelivered = columns[at + DELIVERED];
        priorCongested = columns[at + CONGESTED];
        sentForNs = sentNs - columns[at + FIRST_SENT_NS];
        ackedForNs = nowNs - columns[at + DELIVERED_NS];
        sampleInFlight = columns[at + IN_FLIGHT] >> 1;
        sampleLimited = (columns[at + IN_FLIGHT] & 1) != 0;
        firstSentNs = sentNs;
    }

    /**
     * All packets of the ACK frame are counted: makes the sample.
     *
     * @param minRttNs the shortest ever; a sample of less time is none, as it stems from something lost too early
     */
    void onAckEnd(long minRttNs) {
        if (bubbleEnd != 0 && deliveredBytes + lostBytes > bubbleEnd) {
            bubbleEnd = 0;
        }
        if (newestPacket < 0) {
            return;
        }
        sampleDelivered = deliveredBytes - priorDelivered;
        // The longer of the two: ACKs that were held up together would make the path look faster than it was sent to.
        long intervalNs = Math.max(sentForNs, ackedForNs);
        if (intervalNs > 0 && intervalNs >= minRttNs) {
            sampleRate = Rates.bytesPerSecond(sampleDelivered, intervalNs);
        }
    }

    void onPacketLost(int bytes) {
        lostBytes += bytes;
        congestedBytes += bytes;
    }

    void onMarked(long bytes) {
        congestedBytes += bytes;
    }

    /** A lost packet was delivered after all. */
    void onFound(int bytes) {
        lostBytes -= bytes;
        congestedBytes -= bytes;
        deliveredBytes += bytes;
    }

    /** Nothing to send though there is room: samples tell of the application until what is in flight now is gone. */
    void onApplicationLimited(long bytesInFlight) {
        bubbleEnd = Math.max(1, deliveredBytes + lostBytes + bytesInFlight);
    }

    // ---- the sample of the current ACK frame

    /** Whether the ACK frame acknowledged anything. */
    boolean hasSample() {
        return newestPacket >= 0;
    }

    /** RS.newly_acked. */
    long newlyAckedBytes() {
        return newlyAckedBytes;
    }

    /** RS.delivery_rate, 0 where there is no reliable one. */
    long sampleRate() {
        return sampleRate;
    }

    /** RS.delivered: since the packet left. */
    long sampleDelivered() {
        return sampleDelivered;
    }

    /** RS.prior_delivered: when the packet left. */
    long priorDelivered() {
        return priorDelivered;
    }

    /** RS.is_app_limited. */
    boolean isSampleLimited() {
        return sampleLimited;
    }

    /** RS.tx_in_flight: with the packet, when it left. */
    long sampleInFlight() {
        return sampleInFlight;
    }

    /** RS.lost: since the packet left. */
    long sampleCongested() {
        return Math.max(0, congestedBytes - priorCongested);
    }

    // ---- a lost packet's columns

    long congestedSince(long[] columns, int at) {
        return Math.max(0, congestedBytes - columns[at + CONGESTED]);
    }

    static long inFlightWith(long[] columns, int at) {
        return columns[at + IN_FLIGHT] >> 1;
    }

    static boolean wasLimited(long[] columns, int at) {
        return (columns[at + IN_FLIGHT] & 1) != 0;
    }
}
