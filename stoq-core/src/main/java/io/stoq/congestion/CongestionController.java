package io.stoq.congestion;

/**
 * Decides how much may be in flight, and how fast it leaves. Confined to the connection's loop.
 *
 * <p>Recovery calls {@code onAckBegin}, then {@code onPacketAcked} for each newly acknowledged packet, then, where the
 * acknowledgment revealed losses, {@code onPacketLost} for each lost packet and {@code onPacketsLost}, then, where it
 * reported marks, {@code onCongestionExperienced}, then {@code onAckEnd}. Losses found by a timer come without the others.
 * Per-packet callbacks only add up; what is expensive belongs into {@code onAckEnd}. Only packets in flight (RFC 9002 §2)
 * of the current path are reported. A new path gets a new controller (RFC 9000 §9.4).
 *
 * <h2>Writing one</h2>
 *
 * A controller is a class with a constructor that takes {@link CongestionParameters}; its reference is the factory:
 *
 * <pre>{@code
 * ConnectionConfig config = ConnectionConfig.builder().congestion(Aimd::new).build();
 * transport.client().tls(tls).config(config).connect("server.example", 4433);
 * }</pre>
 *
 * <p>The least it has to do is to grow {@link #windowBytes()} in {@link #onAckEnd} by what {@link #onPacketAcked} added up, and
 * to shrink it in {@link #onPacketsLost} and {@link #onCongestionExperienced}, once for all packets that were sent before it last
 * did so. {@code docs/ecn-and-pacing.md} leads through an example.
 *
 * <p>What holds for all of them: no call allocates, waits or reads a clock; time may stand still or jump, so differences of
 * times are bounded before they divide or multiply anything; round trip times may be 0; the window never falls below two
 * datagrams, and follows {@link #onMaxDatagramSize}; rate and quantum are positive. An exception closes the connection.
 */
public interface CongestionController {

    /** The pacing rate of a controller that does not want its packets to be spaced. */
    long UNPACED = Long.MAX_VALUE;

    /** As it is configured and reported, such as {@code cubic}. */
    String name();

    /** How many longs of its own this controller keeps with each sent packet: delivery state, for rate estimation. */
    default int packetColumns() {
        return 0;
    }

    /**
     * A packet left.
     *
     * @param bytes size of the packet, with header and tag
     * @param bytesInFlightBefore without this packet
     * @param columns holds this packet's {@link #packetColumns()} longs from {@code at} on; borrowed for the call
     */
    void onPacketSent(long nowNs, long packetNumber, int bytes, long bytesInFlightBefore, long[] columns, int at);

    /**
     * An ACK frame with news is about to be worked through.
     *
     * @param bytesInFlightBefore with what it acknowledges
     * @param applicationLimited the sender had nothing to send while the window had room. RFC 9002 §7.8
     */
    void onAckBegin(long nowNs, long bytesInFlightBefore, boolean applicationLimited);

    /**
     * A packet was acknowledged for the first time, and had not been declared lost.
     *
     * @param columns as in {@link #onPacketSent}
     */
    void onPacketAcked(long packetNumber, int bytes, long sentNs, long[] columns, int at);

    /**
     * All of the ACK frame is worked through. The round trip times are those of RFC 9002 §5.
     *
     * @param rttSampleNs the round trip that this ACK frame measured, the peer's delay included; 0 where it measured none
     */
    void onAckEnd(long nowNs, long bytesInFlight, long rttSampleNs, long smoothedRttNs, long minRttNs);

    /**
     * The sender has nothing to send though window and pacer would let it: its application, or the peer's flow control, is
     * what holds it back. RFC 9002 §7.8
     */
    default void onApplicationLimited(long bytesInFlight) {}

    /**
     * A packet was declared lost; {@link #onPacketsLost} follows when all of them were reported. Packet numbers rise within a
     * batch.
     *
     * @param columns as in {@link #onPacketSent}
     */
    default void onPacketLost(long packetNumber, int bytes, long sentNs, long[] columns, int at) {}

    /**
     * Packets were declared lost, at one go.
     *
     * @param largestLostSentNs when the one with the largest number was sent
     * @param persistentCongestion the losses establish persistent congestion. RFC 9002 §7.6
     */
    void onPacketsLost(
            long nowNs, long largestLost, long largestLostSentNs, long lostBytes, boolean persistentCongestion);

    /**
     * The peer reported more packets marked Congestion Experienced. RFC 9002 §7.1
     *
     * @param sentNs when the largest packet acknowledged by that report was sent
     * @param markedPackets how many more
     */
    void onCongestionExperienced(long nowNs, long sentNs, long markedPackets);

    /** A packet that had been declared lost was acknowledged after all. */
    void onSpuriousLoss(long nowNs, long packetNumber, int bytes, long sentNs);

    /** The path turned out to carry larger or smaller datagrams. RFC 9002 §7.2 */
    void onMaxDatagramSize(int bytes);

    /** How many bytes may be in flight. */
    long windowBytes();

    /** How fast packets should leave, or {@link #UNPACED}. */
    long pacingRateBytesPerSecond();

    /** How many bytes may leave back to back. */
    long sendQuantumBytes();

    /** The controller's state in its own terms, for people: {@code slow start}, {@code ProbeBW_UP}. A constant. */
    default String state() {
        return "";
    }

    /** What the controller believes that the path carries; 0 where it has no such belief. */
    default long bandwidthBytesPerSecond() {
        return 0;
    }
}
