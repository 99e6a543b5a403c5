package io.stoq.bench.lab;

/** What a check found. */
public record Verdict(Check check, double value, boolean passed) {

    /** {@code goodput 87.1 Mbit/s, wanted >= 85 Mbit/s}. */
    @Override
    public String toString() {
        return check.what() + " " + check.text(value) + ", wanted " + check.bound();
    }
}
