package io.stoq.transport.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * How long an identity or a trust is still good, as a gauge for any Micrometer registry. Immutable.
 *
 * <pre>{@code
 * ExpiryMetrics.identity("server", identity::expires).bindTo(registry);
 * }</pre>
 *
 * <p>Negative from the end on. Registries keep what they read, and with it the identity, until the meter is removed.
 */
@SuppressWarnings("exports") // whoever uses it has Micrometer
public final class ExpiryMetrics implements MeterBinder {

    private final String meter;
    private final String description;
    private final String tag;
    private final String name;
    private final Supplier<Instant> expires;

    private ExpiryMetrics(String meter, String description, String tag, String name, Supplier<Instant> expires) {
        this.meter = meter;
        this.description = description;
        this.tag = tag;
        this.name = name;
        this.expires = expires;
    }

    /**
     * The gauge {@code stoq.identity.expiry.seconds}.
     *
     * @param name value of the tag {@code identity}
     * @param expires when it ends; called when the registry reads, must not wait
     */
    public static ExpiryMetrics identity(String name, Supplier<Instant> expires) {
        return new ExpiryMetrics(
                "stoq.identity.expiry.seconds", "Time until the certificate in use ends", "identity", name, expires);
    }

    /**
     * The gauge {@code stoq.trust.expiry.seconds}: the end of the revocation list, or of the last authority.
     *
     * @param name value of the tag {@code trust}
     * @param expires when it ends; called when the registry reads, must not wait
     */
    public static ExpiryMetrics trust(String name, Supplier<Instant> expires) {
        return new ExpiryMetrics(
                "stoq.trust.expiry.seconds", "Time until nothing is trusted any more", "trust", name, expires);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Clock clock = registry.config().clock();
        Gauge.builder(meter, () -> seconds(expires.get(), clock))
                .description(description)
                .baseUnit("seconds")
                .tag(tag, name)
                .strongReference(true)
                .register(registry);
    }

    private static double seconds(Instant end, Clock clock) {
        return Duration.between(Instant.ofEpochMilli(clock.wallTime()), end).toMillis() / 1e3;
    }
}
