package io.stoq.bench.lab;

/** Quantities as scenarios state them. */
public final class Quantities {

    private static final double NS_PER_SECOND = 1e9;

    private Quantities() {}

    public static long us(double microseconds) {
        return Math.round(microseconds * 1e3);
    }

    public static long ms(double milliseconds) {
        return Math.round(milliseconds * 1e6);
    }

    public static long seconds(double seconds) {
        return Math.round(seconds * NS_PER_SECOND);
    }

    public static long kbit(double kilobitsPerSecond) {
        return Math.round(kilobitsPerSecond * 1e3);
    }

    public static long mbit(double megabitsPerSecond) {
        return Math.round(megabitsPerSecond * 1e6);
    }

    public static long gbit(double gigabitsPerSecond) {
        return Math.round(gigabitsPerSecond * 1e9);
    }

    public static long megabytes(double megabytes) {
        return Math.round(megabytes * 1e6);
    }

    /** What a link of that rate carries in that time. */
    public static long bytes(long bitsPerSecond, long ns) {
        return Math.round(bitsPerSecond / 8.0 * (ns / NS_PER_SECOND));
    }

    public static double toMbit(double bytes, long ns) {
        return ns <= 0 ? 0 : bytes * 8e3 / ns;
    }

    public static double toMs(double ns) {
        return ns / 1e6;
    }

    public static double toSeconds(double ns) {
        return ns / NS_PER_SECOND;
    }
}
