package io.stoq.congestion.bbr;

import io.stoq.congestion.CongestionParameters;

/** The congestion window: how much may be in flight. §5.6.4 */
final class Window {

    /** MinPipeCwnd: a peer that acknowledges every other packet keeps this going. */
    private static final int MIN_DATAGRAMS = 4;

    private int datagramBytes;
    private long initialBytes;
    private long bytes;
    private long savedBytes;
    private boolean limitedThisRound;
    private boolean limitedLastRound;

    Window(CongestionParameters parameters) {
        datagramBytes = parameters.maxDatagramBytes();
        initialBytes = parameters.initialWindowBytes();
        bytes = initialBytes;
    }

    long bytes() {
        return bytes;
    }

    int datagramBytes() {
        return datagramBytes;
    }

    long initialBytes() {
        return initialBytes;
    }

    long minBytes() {
        return (long) MIN_DATAGRAMS * datagramBytes;
    }

    /** C.is_cwnd_limited: the window was full at some time in the last round trip. */
    boolean isLimiting() {
        return limitedThisRound || limitedLastRound;
    }

    void onPacketSent(long bytesInFlight) {
        limitedThisRound |= bytesInFlight + datagramBytes > bytes;
    }

    void onRoundStart() {
        limitedLastRound = limitedThisRound;
        limitedThisRound = false;
    }

    void onMaxDatagramSize(int newBytes) {
        boolean untouched =
                bytes == initialBytes && bytes == CongestionParameters.recommendedWindowBytes(datagramBytes);
        datagramBytes = newBytes;
        if (untouched) {
            initialBytes = CongestionParameters.recommendedWindowBytes(newBytes);
            bytes = initialBytes;
        }
        bytes = Math.max(bytes, minBytes());
    }

    /** Towards what the model wants, by no more than what was acknowledged. */
    void onAck(long newlyAckedBytes, long maxInFlight, boolean pipeWasFull, long deliveredBytes) {
        if (pipeWasFull) {
            bytes = Math.min(bytes + newlyAckedBytes, maxInFlight);
        } else if (bytes < maxInFlight || deliveredBytes < initialBytes) {
            bytes += newlyAckedBytes;
        }
        bytes = Math.max(bytes, minBytes());
    }

    void limitTo(long mostBytes) {
        bytes = Math.min(bytes, Math.max(mostBytes, minBytes()));
    }

    /** Remembers the window before it shrinks for a while. */
    void save(boolean shrunkAlready) {
        savedBytes = shrunkAlready ? Math.max(savedBytes, bytes) : bytes;
    }

    void restore() {
        bytes = Math.max(bytes, savedBytes);
    }

    void collapse() {
        bytes = minBytes();
    }
}
