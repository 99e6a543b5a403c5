package io.stoq.recovery;

/**
 * Told what became of sent packets and their frames. Called on the connection's loop, from inside {@link Recovery}, and must not
 * call back into it.
 *
 * <p>Implementations are idempotent: a frame may be reported lost, because a probe shall repeat it, or by mistake of loss
 * detection, and be acknowledged later; and it may be reported lost twice. The numbers mean what {@link SentFrame} says.
 */
public interface SentFrameListener {

    void onFrameAcked(int space, int kind, long a, long b, int c);

    void onFrameLost(int space, int kind, long a, long b, int c);

    /** A packet was declared lost; its frames follow. */
    default void onPacketLost(int space, long packetNumber, boolean mtuProbe, long nowNs) {}

    /** All packets that are declared lost at one go were reported; probes of the path's MTU do not count. */
    default void onPacketsLost(int packets, long bytes, boolean persistentCongestion, long nowNs) {}

    /**
     * Probes are going to be sent. RFC 9002 §6.2.4
     *
     * @param count probe timeouts in a row
     */
    default void onProbeTimeout(int space, int count, long nowNs) {}
}
