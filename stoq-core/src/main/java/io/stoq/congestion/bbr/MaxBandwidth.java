package io.stoq.congestion.bbr;

/** The highest delivery rate of this bandwidth probing cycle and the one before. §5.5.2 to §5.5.6 */
final class MaxBandwidth {

    private long current;
    private long previous;

    long bytesPerSecond() {
        return Math.max(current, previous);
    }

    /** A sample that the application limited counts only where it shows that the path carries more than was believed. */
    void onSample(long bytesPerSecond, boolean applicationLimited) {
        if (bytesPerSecond > 0 && (bytesPerSecond >= bytesPerSecond() || !applicationLimited)) {
            current = Math.max(current, bytesPerSecond);
        }
    }

    /** A cycle is over. One without samples is none: else an application that pauses would make us forget the path. */
    void advance() {
        if (current > 0) {
            previous = current;
            current = 0;
        }
    }
}
