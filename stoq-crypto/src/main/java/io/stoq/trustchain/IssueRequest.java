package io.stoq.trustchain;

import java.time.Duration;
import java.util.List;

/**
 * What an authority is asked to certify.
 *
 * @param request of the node
 * @param names DNS names and IPv6 addresses, checked against the authority's policy
 * @param lifetime from now, {@link #MIN_LIFETIME} to {@link #MAX_LIFETIME}
 */
public record IssueRequest(CertificateRequest request, List<String> names, Duration lifetime) {

    /** Short enough that a stolen key is soon worthless, long enough to be renewed twice a day. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(24);

    public static final Duration MIN_LIFETIME = Duration.ofMinutes(1);
    public static final Duration MAX_LIFETIME = Duration.ofDays(366);

    /** @throws IllegalArgumentException where the lifetime is outside its bounds */
    public IssueRequest {
        if (lifetime.compareTo(MIN_LIFETIME) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException(
                    "a lifetime of " + lifetime + "; give one within " + MIN_LIFETIME + " and " + MAX_LIFETIME);
        }
        names = List.copyOf(names);
    }

    /** The names that the node asks for, for 24 hours. */
    public static IssueRequest of(CertificateRequest request) {
        return new IssueRequest(request, request.names(), DEFAULT_LIFETIME);
    }

    /** Other names than those the node asks for. */
    public IssueRequest withNames(List<String> others) {
        return new IssueRequest(request, others, lifetime);
    }

    /** The same for so long, instead of a day. */
    public IssueRequest withLifetime(Duration other) {
        return new IssueRequest(request, names, other);
    }
}
