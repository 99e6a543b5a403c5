package io.stoq.sim;

import java.util.ArrayList;
import java.util.List;

/** Holds datagrams back until there are many, or until the first has waited long enough; then all go on at once. */
public final class AckAggregation extends Element {

    private final long bytes;
    private final long waitNs;
    private final List<SimDatagram> waiting = new ArrayList<>();
    private long waitingBytes;
    private long releaseNs = Long.MAX_VALUE;

    /** @param bytes as many are let go without further waiting */
    public AckAggregation(long bytes, long waitNs) {
        if (bytes < 1 || waitNs < 1) {
            throw new IllegalArgumentException(
                    "aggregation of " + bytes + " bytes for " + waitNs + " ns; 1 or more needed of both");
        }
        this.bytes = bytes;
        this.waitNs = waitNs;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (waiting.isEmpty()) {
            releaseNs = nowNs + waitNs;
        }
        waiting.add(datagram);
        waitingBytes += datagram.length();
        if (waitingBytes >= bytes) {
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
        return super.heldDatagrams() + waiting.size();
    }

    private void release(long nowNs) {
        waiting.forEach(datagram -> pass(datagram, nowNs));
        waiting.clear();
        waitingBytes = 0;
        releaseNs = Long.MAX_VALUE;
    }
}
