package io.stoq.bench.perf;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** How long echoes, or answers, took, in microseconds. */
public record Latency(
        double mean,
        double p50,
        double p90,
        double p99,
        @JsonProperty("p99_9") double p999,
        double max) {

    private static final double NS_PER_US = 1e3;

    /** Null where there was none. */
    public static Latency of(Histogram ns) {
        if (ns.getTotalCount() == 0) {
            return null;
        }
        return new Latency(
                us(ns.getMean()),
                us(ns.getValueAtPercentile(50)),
                us(ns.getValueAtPercentile(90)),
                us(ns.getValueAtPercentile(99)),
                us(ns.getValueAtPercentile(99.9)),
                us(ns.getMaxValue()));
    }

    /** For people. */
    public String text() {
        return String.format(
                Locale.ROOT, "p50 %.1f us, p90 %.1f, p99 %.1f, p99.9 %.1f, at most %.1f", p50, p90, p99, p999, max);
    }

    private static double us(double ns) {
        return Math.rint(ns / NS_PER_US * 10) / 10;
    }
}
