package io.stoq.recovery;

/** Packets declared lost at one go, added up in ascending order. Confined to the connection's loop. */
final class LostBatch {

    private static final long NONE = -1;

    private int packets;
    private long bytes;
    private long largest;
    private long largestSentNs;
    private long runStartNs = NONE;
    private long longestRunNs;

    void reset() {
        packets = 0;
        bytes = 0;
        longestRunNs = 0;
        runStartNs = NONE;
    }

    void add(long packetNumber, long sentNs, int packetBytes) {
        packets++;
        bytes += packetBytes;
        largest = packetNumber;
        largestSentNs = sentNs;
    }

    /** RFC 9002 §7.6.2: an ack-eliciting packet that can begin or end a period of persistent congestion was lost. */
    void extendRun(long sentNs) {
        if (runStartNs == NONE) {
            runStartNs = sentNs;
        }
        longestRunNs = Math.max(longestRunNs, sentNs - runStartNs);
    }

    /** A packet in between was acknowledged. */
    void breakRun() {
        runStartNs = NONE;
    }

    int packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }

    long largest() {
        return largest;
    }

    long largestSentNs() {
        return largestSentNs;
    }

    /** The longest time between the sending of two lost packets with none acknowledged in between. */
    long longestRunNs() {
        return longestRunNs;
    }
}
