package io.stoq.sim;

import java.net.InetSocketAddress;

/**
 * A source of datagrams that cares for nobody: a constant rate, without a break or in turns of on and off. Where they go to,
 * {@link Sink} counts them.
 */
public final class CrossTraffic implements SimNode {

    private final InetSocketAddress from;
    private final InetSocketAddress to;
    private final int bytes;
    private final Transmitter transmitter;
    private long onNs = Long.MAX_VALUE;
    private long offNs;
    private long nextNs;
    private long startNs;
    private long endNs = Long.MAX_VALUE;
    private long sentDatagrams;

    /** @param bytes of each datagram */
    public CrossTraffic(InetSocketAddress from, InetSocketAddress to, long bitsPerSecond, int bytes) {
        this.from = from;
        this.to = to;
        this.bytes = bytes;
        transmitter = new Transmitter(bitsPerSecond);
    }

    /** Sends from then, until then. */
    public CrossTraffic during(long fromNs, long untilNs) {
        startNs = fromNs;
        nextNs = fromNs;
        endNs = untilNs;
        return this;
    }

    /** Sends for so long, is quiet for so long, and so on. */
    public CrossTraffic inTurns(long on, long off) {
        if (on < 1 || off < 0) {
            throw new IllegalArgumentException("on for " + on + " ns and off for " + off + " ns");
        }
        onNs = on;
        offNs = off;
        return this;
    }

    public long sentDatagrams() {
        return sentDatagrams;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {}

    @Override
    public void onTimeout(long nowNs) {}

    @Override
    public SimDatagram pollTransmit(long nowNs) {
        if (nowNs < nextNs || nowNs >= endNs) {
            return null;
        }
        sentDatagrams++;
        nextNs = afterBreak(transmitter.departureNs(nextNs, bytes));
        return new SimDatagram(from, to, new byte[bytes]);
    }

    @Override
    public long nextDeadlineNs() {
        return nextNs >= endNs ? Long.MAX_VALUE : nextNs;
    }

    private long afterBreak(long atNs) {
        if (offNs == 0) {
            return atNs;
        }
        long turnNs = onNs + offNs;
        long within = (atNs - startNs) % turnNs;
        return within < onNs ? atNs : atNs - within + turnNs;
    }

    /** Takes everything. */
    public static final class Sink implements SimNode {

        private long receivedBytes;

        public long receivedBytes() {
            return receivedBytes;
        }

        @Override
        public void onDatagram(long nowNs, SimDatagram datagram) {
            receivedBytes += datagram.length();
        }

        @Override
        public void onTimeout(long nowNs) {}

        @Override
        public SimDatagram pollTransmit(long nowNs) {
            return null;
        }

        @Override
        public long nextDeadlineNs() {
            return Long.MAX_VALUE;
        }
    }
}
