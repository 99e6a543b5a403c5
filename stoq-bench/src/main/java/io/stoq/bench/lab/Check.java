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
 * @param shortfall what is not reached yet, and how far off it may be; or null
 */
public record Check(
        String what,
        String unit,
        Set<String> controllers,
        ToDoubleFunction<Outcome> measure,
        double atLeast,
        double atMost,
        Shortfall shortfall) {

    /**
     * A bound that does not hold, and the one that does until it will.
     *
     * @param atLeast of what is tolerated
     * @param atMost of what is tolerated
     * @param reason why the real bound is out of reach
     */
    public record Shortfall(double atLeast, double atMost, String reason) {}

    public static Check that(String what, String unit, ToDoubleFunction<Outcome> measure) {
        return new Check(what, unit, Set.of(), measure, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, null);
    }

    public Check atLeast(double bound) {
        return new Check(what, unit, controllers, measure, bound, atMost, shortfall);
    }

    public Check atMost(double bound) {
        return new Check(what, unit, controllers, measure, atLeast, bound, shortfall);
    }

    public Check between(double low, double high) {
        return atLeast(low).atMost(high);
    }

    /** It is known not to hold; up to this bound, beyond the wanted one, nothing has got worse. */
    public Check tolerating(double bound, String reason) {
        boolean above = bound > atMost;
        Shortfall tolerated = new Shortfall(above ? atLeast : bound, above ? bound : atMost, reason);
        return new Check(what, unit, controllers, measure, atLeast, atMost, tolerated);
    }

    public Check by(Set<String> names) {
        return new Check(what, unit, names, measure, atLeast, atMost, shortfall);
    }

    boolean isFor(String controller) {
        return controllers.isEmpty() || controllers.contains(controller);
    }

    public Verdict verdict(Outcome outcome) {
        double value = measure.applyAsDouble(outcome);
        boolean passed = value >= atLeast && value <= atMost;
        boolean tolerated = passed || (shortfall != null && value >= shortfall.atLeast && value <= shortfall.atMost);
        return new Verdict(this, value, passed, tolerated);
    }

    /** A value with its unit. */
    public String text(double value) {
        return number(value) + (unit.isEmpty() || !Double.isFinite(value) ? "" : " " + unit);
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

    /** What is tolerated, and why; an empty text where nothing but the bound is. */
    public String tolerance() {
        if (shortfall == null) {
            return "";
        }
        double bound = shortfall.atMost > atMost ? shortfall.atMost : shortfall.atLeast;
        return (Double.isInfinite(bound) ? "anything" : text(bound)) + " tolerated: " + shortfall.reason;
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
