package io.stoq.sim;

/**
 * A link's bandwidth: datagrams leave one after the other at {@code bitsPerSecond}, counted over UDP payloads, and wait
 * in a drop-tail queue; optionally a queue that is long gets ECN-capable datagrams marked.
 */
public final class Rate extends Queue {

    private final Transmitter transmitter;
    private final long markAboveBytes;

    /** @param queueBytes room for datagrams that wait or are being sent */
    public Rate(long bitsPerSecond, long queueBytes) {
        this(bitsPerSecond, queueBytes, Long.MAX_VALUE);
    }

    /** @param markAboveBytes ECN-capable datagrams that find more than this in the queue become CE */
    public Rate(long bitsPerSecond, long queueBytes, long markAboveBytes) {
        super(queueBytes);
        this.transmitter = new Transmitter(bitsPerSecond);
        this.markAboveBytes = markAboveBytes;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        boolean marked = queuedBytes() > markAboveBytes && datagram.ecn() != 0;
        if (admit(datagram)) {
            pass(marked ? mark(datagram) : datagram, transmitter.departureNs(nowNs, datagram.length()));
        }
    }
}
