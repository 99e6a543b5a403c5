package io.stoq.sim;

import java.util.Map;
import java.util.TreeMap;

/**
 * A link whose bandwidth follows a schedule, with a drop-tail queue. At 0 bit/s nothing leaves until the next step; what is
 * being sent then goes on where it stopped.
 */
public final class VariableRate extends Queue {

    private final TreeMap<Long, Long> bitsPerSecondFromNs = new TreeMap<>();
    private long busyUntilNs;

    /** @param bitsPerSecond until the first step */
    public VariableRate(long bitsPerSecond, long queueBytes) {
        super(queueBytes);
        step(0, bitsPerSecond);
    }

    /** From then on the link has this rate; to be called before the first datagram. */
    public VariableRate at(long fromNs, long bitsPerSecond) {
        step(fromNs, bitsPerSecond);
        return this;
    }

    public long bitsPerSecond(long nowNs) {
        return bitsPerSecondFromNs.floorEntry(Math.max(0, nowNs)).getValue();
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (admit(datagram)) {
            busyUntilNs = departureNs(Math.max(nowNs, busyUntilNs), datagram.length());
            pass(datagram, busyUntilNs);
        }
    }

    /** {@link Long#MAX_VALUE} where the schedule ends before the last bit is out. */
    private long departureNs(long startNs, int bytes) {
        if (startNs == Long.MAX_VALUE) {
            return startNs;
        }
        long bitNanos = bytes * BIT_NANOS_PER_BYTE;
        long fromNs = startNs;
        while (true) {
            long rate = bitsPerSecond(fromNs);
            Map.Entry<Long, Long> next = bitsPerSecondFromNs.higherEntry(fromNs);
            if (rate > 0) {
                long untilNs = fromNs + Math.ceilDiv(bitNanos, rate);
                if (next == null || untilNs <= next.getKey()) {
                    return untilNs;
                }
                bitNanos -= (next.getKey() - fromNs) * rate;
            } else if (next == null) {
                return Long.MAX_VALUE;
            }
            fromNs = next.getKey();
        }
    }

    private void step(long fromNs, long bitsPerSecond) {
        if (fromNs < 0 || bitsPerSecond < 0) {
            throw new IllegalArgumentException(
                    "a step to " + bitsPerSecond + " bit/s at " + fromNs + " ns; neither may be negative");
        }
        bitsPerSecondFromNs.put(fromNs, bitsPerSecond);
    }
}
