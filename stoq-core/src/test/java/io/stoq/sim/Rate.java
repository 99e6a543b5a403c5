package io.stoq.sim;

/**
 * A link's bandwidth: datagrams leave one after the other at {@code bitsPerSecond}, counted over UDP payloads, and wait
 * in a drop-tail queue; optionally a queue that is long gets ECN-capable datagrams marked.
 */
public final class Rate extends Element {

    private static final long BIT_NANOS_PER_BYTE = 8_000_000_000L;

    private final long bitsPerSecond;
    private final long queueBytes;
    private final long markAboveBytes;

    private long queuedBytes;
    private long maxQueuedBytes;
    private long markedDatagrams;
    private long busyUntilNs;
    private long remainder;

    /** @param queueBytes room for datagrams that wait or are being sent */
    public Rate(long bitsPerSecond, long queueBytes) {
        this(bitsPerSecond, queueBytes, Long.MAX_VALUE);
    }

    /** @param markAboveBytes ECN-capable datagrams that find more than this in the queue become CE */
    public Rate(long bitsPerSecond, long queueBytes, long markAboveBytes) {
        if (bitsPerSecond < 1) {
            throw new IllegalArgumentException("bitsPerSecond is " + bitsPerSecond + "; 1 or more needed");
        }
        this.bitsPerSecond = bitsPerSecond;
        this.queueBytes = queueBytes;
        this.markAboveBytes = markAboveBytes;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (queuedBytes + datagram.length() > queueBytes) {
            drop(datagram);
            return;
        }
        boolean marked = queuedBytes > markAboveBytes && datagram.ecn() != 0;
        markedDatagrams += marked ? 1 : 0;
        queuedBytes += datagram.length();
        maxQueuedBytes = Math.max(maxQueuedBytes, queuedBytes);
        pass(marked ? datagram.ecn(SimDatagram.CE) : datagram, departureNs(nowNs, datagram.length()));
    }

    /** Most bytes that were in the queue at a time. */
    public long maxQueuedBytes() {
        return maxQueuedBytes;
    }

    public long queuedBytes() {
        return queuedBytes;
    }

    /** Datagrams that were marked Congestion Experienced. */
    public long markedDatagrams() {
        return markedDatagrams;
    }

    @Override
    protected void onPassed(SimDatagram datagram) {
        queuedBytes -= datagram.length();
    }

    /** Exact over any number of back-to-back datagrams: what the division leaves over is carried on. */
    private long departureNs(long nowNs, int bytes) {
        if (nowNs > busyUntilNs) {
            busyUntilNs = nowNs;
            remainder = 0;
        }
        long work = bytes * BIT_NANOS_PER_BYTE + remainder;
        busyUntilNs += work / bitsPerSecond;
        remainder = work % bitsPerSecond;
        return busyUntilNs;
    }
}
