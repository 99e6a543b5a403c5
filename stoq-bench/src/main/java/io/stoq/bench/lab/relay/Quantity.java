package io.stoq.bench.lab.relay;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rates, times and shares as people write them. Each method throws an {@link IllegalArgumentException} that says how. */
public final class Quantity {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) *([a-z%/]*)");

    private static final Map<String, Double> RATES = Map.of(
            "bit", 1.0, "kbit", 1e3, "mbit", 1e6, "gbit", 1e9, "bit/s", 1.0, "kbit/s", 1e3, "mbit/s", 1e6, "gbit/s",
            1e9);

    private static final Map<String, Double> TIMES = Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9, "min", 60e9);

    private static final double MAX_BITS_PER_SECOND = 100e9;
    private static final double MAX_NS = 3600e9;

    private final double amount;
    private final String unit;

    private Quantity(double amount, String unit) {
        this.amount = amount;
        this.unit = unit;
    }

    /** {@code 100mbit}: bits per second, 1 to 100 Gbit/s. */
    public static long bitsPerSecond(String text) {
        Quantity quantity = parse(text);
        Double factor = quantity == null ? null : RATES.get(quantity.unit);
        if (factor == null || quantity.amount * factor < 1 || quantity.amount * factor > MAX_BITS_PER_SECOND) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no rate; give one of 1bit to 100gbit, as in 100mbit or 512kbit");
        }
        return Math.round(quantity.amount * factor);
    }

    /** {@code 20ms}: nanoseconds, at most an hour. */
    public static long durationNs(String text) {
        Quantity quantity = parse(text);
        Double factor = quantity == null ? null : TIMES.get(quantity.unit);
        if (factor == null || quantity.amount * factor > MAX_NS) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time; give one up to 3600s, as in 20ms, 500us or 1.5s");
        }
        return Math.round(quantity.amount * factor);
    }

    /** {@code 1%} or {@code 0.01}: a share of all datagrams, 0 to 1. */
    public static double share(String text) {
        Quantity quantity = parse(text);
        double share = quantity == null
                ? -1
                : switch (quantity.unit) {
                    case "%" -> quantity.amount / 100;
                    case "" -> quantity.amount;
                    default -> -1;
                };
        if (share < 0 || share > 1) {
            throw new IllegalArgumentException("'" + text + "' is no share; give one of 0% to 100%, as in 1% or 0.01");
        }
        return share;
    }

    double amount() {
        return amount;
    }

    /** In small letters; empty where there is none. */
    String unit() {
        return unit;
    }

    /** Null where the text is no number with a unit behind it. */
    static Quantity parse(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.strip().toLowerCase(Locale.ROOT));
        return matcher.matches() ? new Quantity(Double.parseDouble(matcher.group(1)), matcher.group(2)) : null;
    }
}
