package io.stoq.sim;

/**
 * Lets only the newest of several acknowledgments through, as some cable and satellite modems do. What is small is taken for
 * an acknowledgment; everything else passes, behind the acknowledgment that waits.
 */
public final class AckThinning extends Element {

    /** The longest datagram that is taken for an acknowledgment, in bytes. */
    public static final int MAX_ACK_BYTES = 120;

    private final int keepOneOf;
    private final long waitNs;
    private SimDatagram newest;
    private int seen;
    private long releaseNs = Long.MAX_VALUE;

    /** @param waitNs the newest waits no longer for others */
    public AckThinning(int keepOneOf, long waitNs) {
        if (keepOneOf < 1 || waitNs < 1) {
            throw new IllegalArgumentException(
                    "thinning to one of " + keepOneOf + " within " + waitNs + " ns; 1 or more needed of both");
        }
        this.keepOneOf = keepOneOf;
        this.waitNs = waitNs;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (datagram.length() > MAX_ACK_BYTES) {
            release(nowNs);
            pass(datagram, nowNs);
            return;
        }
        if (newest == null) {
            releaseNs = nowNs + waitNs;
        } else {
            drop(newest);
        }
        newest = datagram;
        if (++seen >= keepOneOf) {
            release(nowNs);
        }
    }

    @Override
    public SimDatagram pollTransmit(long nowNs) {
        if (nowNs >= releaseNs) {
            release(nowNs);
        }
        return super.pollTransmit(nowNs);
    }

    @Override
    public long nextDeadlineNs() {
        return Math.min(releaseNs, super.nextDeadlineNs());
    }

    @Override
    public int heldDatagrams() {
        return super.heldDatagrams() + (newest == null ? 0 : 1);
    }

    private void release(long nowNs) {
        if (newest != null) {
            pass(newest, nowNs);
        }
        newest = null;
        seen = 0;
        releaseNs = Long.MAX_VALUE;
    }
}
