package io.stoq.tls;

import java.time.Duration;
import java.time.Instant;

/** When to ask for the next certificate: after two thirds of a lifetime, and after failures in growing steps. */
final class Renewal {

    /** A fleet that was started at once is not to ask at once: up to a twentieth of the lifetime sooner or later. */
    private static final double JITTER = 0.05;

    private static final double AT = 2.0 / 3;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    private static final Duration LAST_RETRY = Duration.ofHours(1);
    private static final int MAX_DOUBLINGS = 10;

    private final Clockwork clockwork;
    private Instant due;
    private int failures;

    Renewal(Clockwork clockwork) {
        this.clockwork = clockwork;
    }

    boolean isDue() {
        return !clockwork.now().isBefore(due);
    }

    /** @param until when what was loaded just now ends */
    void onLoaded(Instant until) {
        failures = 0;
        Instant now = clockwork.now();
        // From now and not from the certificate's beginning: that is put back, for the clocks of others.
        due = now.plus(scaled(Duration.between(now, until), AT + JITTER * (2 * clockwork.random() - 1)));
    }

    /** @param until when the one in use ends */
    void onFailed(Instant until) {
        Instant now = clockwork.now();
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures++, MAX_DOUBLINGS));
        Duration left = Duration.between(now, until).dividedBy(10);
        Duration longest = left.compareTo(FIRST_RETRY) < 0 ? FIRST_RETRY : shorter(left, LAST_RETRY);
        due = now.plus(scaled(shorter(delay, longest), 0.75 + 0.5 * clockwork.random()));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Duration scaled(Duration duration, double factor) {
        return Duration.ofMillis((long) (duration.toMillis() * factor));
    }
}
