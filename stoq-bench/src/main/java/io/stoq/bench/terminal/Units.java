package io.stoq.bench.terminal;

import java.util.Locale;

/** Quantities as people read them. */
public final class Units {

    private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    private Units() {}

    /** Three digits and a decimal unit: {@code 1.25 GB}. */
    public static String bytes(double bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return (unit == 0 ? String.format(Locale.ROOT, "%.0f", value) : threeDigits(value)) + " " + BYTE_UNITS[unit];
    }

    /** {@code 312 MB/s}. */
    public static String bytesPerSecond(long bytes, long ns) {
        return bytes(ns <= 0 ? 0 : bytes * 1e9 / ns) + "/s";
    }

    /** {@code 4.32 Gbit/s}, or a smaller unit where that reads better. */
    public static String gbits(double gbps) {
        if (gbps >= 1) {
            return threeDigits(gbps) + " Gbit/s";
        }
        return gbps >= 0.001 ? threeDigits(gbps * 1e3) + " Mbit/s" : threeDigits(gbps * 1e6) + " kbit/s";
    }

    /** {@code 0.05 ms}, {@code 12.5 ms} or {@code 3.20 s}. */
    public static String duration(long ns) {
        return ns < 999_500_000 ? threeDigits(ns / 1e6) + " ms" : threeDigits(ns / 1e9) + " s";
    }

    /** {@code 1,234,567}. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** {@code 1 stream}, {@code 4 streams}. */
    public static String plural(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    private static String threeDigits(double value) {
        return String.format(Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
    }
}
