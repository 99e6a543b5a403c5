package io.stoq.recovery;

/** What loss recovery knows of one packet number space. Confined to the connection's loop. RFC 9002 §A.3 */
final class PacketSpace {

    final int number;
    final SentPackets sent;

    /** When the oldest packet below an acknowledged one counts as lost, or {@code Long.MAX_VALUE}. */
    long lossTimeNs = Long.MAX_VALUE;

    /** When the last ack-eliciting packet was sent. */
    long lastAckElicitingNs;

    /** Packets to send in spite of the congestion window. */
    int pendingProbes;

    /** How many packets without anything to acknowledge were sent one after the other. */
    int ackOnlyRun;

    /** The first packet of the current path; earlier ones no longer count for congestion control. RFC 9000 §9.4 */
    long pathStart;

    /** What the peer reports of the marks in this space. */
    final EcnCounts ecn = new EcnCounts();

    /** The first packet that can test whether the current path carries marks. */
    long ecnTestStart;

    PacketSpace(int number, SentPackets sent) {
        this.number = number;
        this.sent = sent;
    }

    /** Nothing is sent in this space any more. */
    void discard() {
        clear();
        sent.shrink();
    }

    void clear() {
        sent.clear();
        lossTimeNs = Long.MAX_VALUE;
        pendingProbes = 0;
        ackOnlyRun = 0;
    }
}
