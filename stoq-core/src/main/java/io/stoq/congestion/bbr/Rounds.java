package io.stoq.congestion.bbr;

/** Counts round trips by packets: one has passed when a packet is acknowledged that left after the last one had. §5.5.1 */
final class Rounds {

    private long endDelivered;
    private long count;
    private boolean start;

    /** A new round trip begins now. */
    void restart(long deliveredBytes) {
        endDelivered = deliveredBytes;
    }

    void onAck(DeliveryRate delivery) {
        start = delivery.hasSample() && delivery.priorDelivered() >= endDelivered;
        if (start) {
            restart(delivery.deliveredBytes());
            count++;
        }
    }

    /** Whether this ACK frame ended a round trip. */
    boolean isStart() {
        return start;
    }

    long count() {
        return count;
    }
}
