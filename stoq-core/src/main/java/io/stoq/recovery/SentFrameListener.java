package io.stoq.recovery;

/**
 * Told what became of the frames of sent packets. Called on the connection's loop, from inside {@link Recovery}, and must not
 * call back into it.
 *
 * <p>Implementations are idempotent: a frame may be reported lost, because a probe shall repeat it, or by mistake of loss
 * detection, and be acknowledged later; and it may be reported lost twice. The numbers mean what {@link SentFrame} says.
 */
public interface SentFrameListener {

    void onFrameAcked(int space, int kind, long a, long b, int c);

    void onFrameLost(int space, int kind, long a, long b, int c);
}
