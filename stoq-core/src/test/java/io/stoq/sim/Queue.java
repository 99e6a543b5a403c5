package io.stoq.sim;

/** An element in which datagrams wait for their turn to be sent: what makes a link the bottleneck of a path. */
public abstract class Queue extends Element {

    static final long BIT_NANOS_PER_BYTE = 8_000_000_000L;

    private final long queueBytes;
    private long queuedBytes;
    private long maxQueuedBytes;
    private long markedDatagrams;

    /** @param queueBytes room for datagrams that wait or are being sent */
    Queue(long queueBytes) {
        this.queueBytes = queueBytes;
    }

    public final long queuedBytes() {
        return queuedBytes;
    }

    /** Most bytes that were in the queue at a time. */
    public final long maxQueuedBytes() {
        return maxQueuedBytes;
    }

    /** Datagrams that were marked Congestion Experienced. */
    public final long markedDatagrams() {
        return markedDatagrams;
    }

    /** Takes the datagram in, or drops it where there is no room. */
    final boolean admit(SimDatagram datagram) {
        if (queuedBytes + datagram.length() > queueBytes) {
            drop(datagram);
            return false;
        }
        queuedBytes += datagram.length();
        maxQueuedBytes = Math.max(maxQueuedBytes, queuedBytes);
        return true;
    }

    /** A datagram that was taken in is no longer inside. */
    final void release(SimDatagram datagram) {
        queuedBytes -= datagram.length();
    }

    final SimDatagram mark(SimDatagram datagram) {
        markedDatagrams++;
        return datagram.ecn(SimDatagram.CE);
    }

    @Override
    protected void onPassed(SimDatagram datagram) {
        release(datagram);
    }
}
