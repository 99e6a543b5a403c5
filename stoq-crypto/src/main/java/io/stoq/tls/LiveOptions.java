package io.stoq.tls;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How something is kept up to date.
 *
 * @param interval between two looks at the files, and at the time, {@link #MIN_INTERVAL} to {@link #MAX_INTERVAL}
 * @param listener called on a thread of its own, one call at a time
 */
public record LiveOptions(Duration interval, Consumer<LiveEvent> listener) {

    /** The shortest time between two looks. */
    public static final Duration MIN_INTERVAL = Duration.ofMillis(10);

    /** The longest time between two looks. */
    public static final Duration MAX_INTERVAL = Duration.ofHours(1);

    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(5);

    /** @throws IllegalArgumentException where the interval is outside its bounds */
    public LiveOptions {
        if (interval.compareTo(MIN_INTERVAL) < 0 || interval.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException(
                    "an interval of " + interval + "; give one within " + MIN_INTERVAL + " and " + MAX_INTERVAL);
        }
        Objects.requireNonNull(listener, "listener");
    }

    /** Every five seconds, and nobody listens but the log. */
    public static LiveOptions defaults() {
        return new LiveOptions(USUAL_INTERVAL, event -> {});
    }

    /** The same with another interval. */
    public LiveOptions withInterval(Duration other) {
        return new LiveOptions(other, listener);
    }

    /** The same with another listener. */
    public LiveOptions withListener(Consumer<LiveEvent> other) {
        return new LiveOptions(interval, other);
    }
}
