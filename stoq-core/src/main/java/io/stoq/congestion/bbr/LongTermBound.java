package io.stoq.congestion.bbr;

/** The volume in flight above which the last probes lost too much; grows ever faster while probes find room. §5.3.3.6 */
final class LongTermBound {

    private static final int MAX_DOUBLINGS = 30;

    private final int headroomPercent;
    private long bytes = Rates.INFINITE;

    /** Acknowledged bytes that raise the bound by one datagram; and what was acknowledged towards the next. */
    private long ackedPerDatagram = Rates.INFINITE;

    private long ackedBytes;
    private int doublings;

    LongTermBound(BbrParameters parameters) {
        headroomPercent = parameters.headroomPercent();
    }

    /** BBR.inflight_longterm. */
    long bytes() {
        return bytes;
    }

    boolean isSet() {
        return bytes != Rates.INFINITE;
    }

    void set(long newBytes) {
        bytes = newBytes;
    }

    void raiseTo(long atLeast) {
        bytes = Math.max(bytes, atLeast);
    }

    /** What leaves others their share. */
    long withHeadroom(Window window) {
        if (!isSet()) {
            return Rates.INFINITE;
        }
        long headroom = Math.max(window.datagramBytes(), Rates.percent(bytes, headroomPercent));
        return Math.max(bytes - headroom, window.minBytes());
    }

    void stopGrowing() {
        ackedPerDatagram = Rates.INFINITE;
    }

    void resetGrowth() {
        doublings = 0;
        ackedBytes = 0;
    }

    /** One datagram in this round trip, twice as many in each that follows. */
    void steepen(Window window) {
        long datagramsThisRound = 1L << doublings;
        doublings = Math.min(doublings + 1, MAX_DOUBLINGS);
        ackedPerDatagram = Math.max(window.bytes() / datagramsThisRound, window.datagramBytes());
    }

    void grow(Window window, long newlyAckedBytes, boolean roundStart) {
        if (!window.isLimiting() || window.bytes() < bytes) {
            return; // not in full use
        }
        ackedBytes += newlyAckedBytes;
        long datagrams = ackedBytes / ackedPerDatagram;
        ackedBytes -= datagrams * ackedPerDatagram;
        bytes += datagrams * window.datagramBytes();
        if (roundStart) {
            steepen(window);
        }
    }
}
