package io.stoq.sim;

/** How long datagrams take that leave one after the other at a constant rate. */
final class Transmitter {

    private final long bitsPerSecond;
    private long busyUntilNs;
    private long remainder;

    Transmitter(long bitsPerSecond) {
        if (bitsPerSecond < 1) {
            throw new IllegalArgumentException("bitsPerSecond is " + bitsPerSecond + "; 1 or more needed");
        }
        this.bitsPerSecond = bitsPerSecond;
    }

    /** When the last bit is out. Exact over any number of back-to-back datagrams: remainders are carried on. */
    long departureNs(long nowNs, int bytes) {
        if (nowNs > busyUntilNs) {
            busyUntilNs = nowNs;
            remainder = 0;
        }
        long work = bytes * Queue.BIT_NANOS_PER_BYTE + remainder;
        busyUntilNs += work / bitsPerSecond;
        remainder = work % bitsPerSecond;
        return busyUntilNs;
    }

    long busyUntilNs() {
        return busyUntilNs;
    }
}
