package io.stoq.congestion.bbr;

/**
 * The largest value within a sliding window, from three samples: the best, the best after it, and the best after that one.
 * (Kathleen Nichols' algorithm.)
 */
final class WindowedMax {

    private final long[] values = new long[3];
    private final long[] times = new long[3];

    long value() {
        return values[0];
    }

    /** @param time never falls */
    void update(long value, long time, long window) {
        if (value >= values[0] || time - times[2] > window) {
            fill(0, value, time);
            return;
        }
        if (value >= values[1]) {
            fill(1, value, time);
        } else if (value >= values[2]) {
            fill(2, value, time);
        }
        if (time - times[0] > window) {
            shift();
            fill(2, value, time);
            if (time - times[0] > window) {
                shift();
            }
        } else if (times[1] == times[0] && time - times[1] > window / 4) {
            fill(1, value, time); // a quarter of the window without a second best: this is it
        } else if (times[2] == times[1] && time - times[2] > window / 2) {
            fill(2, value, time);
        }
    }

    private void fill(int from, long value, long time) {
        for (int i = from; i < 3; i++) {
            values[i] = value;
            times[i] = time;
        }
    }

    private void shift() {
        for (int i = 0; i < 2; i++) {
            values[i] = values[i + 1];
            times[i] = times[i + 1];
        }
    }
}
