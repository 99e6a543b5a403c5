package io.stoq.bench.compare;

import java.util.List;

/** A value that was measured several times. */
public record Spread(double median, double min, double max) {

    /** Null where there are no values; the median of an even number of them is the mean of the middle two. */
    public static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            return null;
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }
}
