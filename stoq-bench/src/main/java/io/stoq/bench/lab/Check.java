package io.stoq.bench.lab;

import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What has to come out: a number within bounds. Immutable.
 *
 * @param what is measured, in words
 * @param unit or an empty text
 * @param controllers whom it is meant for; empty: everybody
 * @param atLeast negative infinity for no lower bound
 * @param atMost infinity for no upper bound
 */
public record Check(
        String what,
        String unit,
        Set<String> controllers,
        ToDoubleFunction<Outcome> measure,
        double atLeast,
        double atMost) {

    public static Check that(String what, String unit, ToDoubleFunction<Outcome> measure) {
        return new Check(what, unit, Set.of(), measure, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    public Check atLeast(double bound) {
        return new Check(what, unit, controllers, measure, bound, atMost);
    }

    public Check atMost(double bound) {
        return new Check(what, unit, controllers, measure, atLeast, bound);
    }

    public Check between(double low, double high) {
        return atLeast(low).atMost(high);
    }

    public Check by(Set<String> names) {
        return new Check(what, unit, names, measure, atLeast, atMost);
    }

    boolean isFor(String controller) {
        return controllers.isEmpty() || controllers.contains(controller);
    }

    Verdict verdict(Outcome outcome) {
        double value = measure.applyAsDouble(outcome);
        return new Verdict(this, value, value >= atLeast && value <= atMost);
    }

    /** A value with its unit. */
    public String text(double value) {
        return number(value) + (unit.isEmpty() ? "" : " " + unit);
    }

    /** {@code ≥ 85 Mbit/s}. */
    public String bound() {
        if (atMost == Double.POSITIVE_INFINITY) {
            return "≥ " + text(atLeast);
        }
        if (atLeast == Double.NEGATIVE_INFINITY) {
            return "≤ " + text(atMost);
        }
        return atLeast == atMost ? "= " + text(atLeast) : number(atLeast) + " to " + text(atMost);
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "nothing";
        }
        if (Double.isInfinite(value)) {
            return "never";
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 1000 ? "%.0f" : "%.3f", value)
                .replaceFirst("(\\.\\d*?)0+$", "$1")
                .replaceFirst("\\.$", "");
    }
}
