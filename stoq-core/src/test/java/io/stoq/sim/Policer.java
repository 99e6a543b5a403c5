package io.stoq.sim;

/** Drops what exceeds a rate, instead of letting it wait: a token bucket, full at the start. */
public final class Policer extends Element {

    private final long bitsPerSecond;
    private final long bucketBitNanos;
    private long tokensBitNanos;
    private long filledNs;

    /** @param bucketBytes how much may pass at once */
    public Policer(long bitsPerSecond, long bucketBytes) {
        if (bitsPerSecond < 1 || bucketBytes < 1) {
            throw new IllegalArgumentException(
                    "a policer of " + bitsPerSecond + " bit/s and " + bucketBytes + " bytes; 1 or more needed of both");
        }
        this.bitsPerSecond = bitsPerSecond;
        bucketBitNanos = bucketBytes * Queue.BIT_NANOS_PER_BYTE;
        tokensBitNanos = bucketBitNanos;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        long missing = bucketBitNanos - tokensBitNanos;
        long elapsedNs = Math.max(0, nowNs - filledNs);
        tokensBitNanos = elapsedNs >= Math.ceilDiv(missing, bitsPerSecond)
                ? bucketBitNanos
                : tokensBitNanos + elapsedNs * bitsPerSecond;
        filledNs = nowNs;
        long needed = datagram.length() * Queue.BIT_NANOS_PER_BYTE;
        if (tokensBitNanos < needed) {
            drop(datagram);
            return;
        }
        tokensBitNanos -= needed;
        pass(datagram, nowNs);
    }
}
