package io.stoq.bench.lab;

/**
 * What a check found.
 *
 * @param passed the value is within the bounds
 * @param tolerated it is, or is no further off than is known
 */
public record Verdict(Check check, double value, boolean passed, boolean tolerated) {

    /** {@code goodput 87.1 Mbit/s, wanted >= 85 Mbit/s}. */
    @Override
    public String toString() {
        return check.what() + " " + check.text(value) + ", wanted " + check.bound()
                + (check.shortfall() == null ? "" : " (" + check.tolerance() + ")");
    }
}
