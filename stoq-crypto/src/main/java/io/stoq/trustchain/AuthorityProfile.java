package io.stoq.trustchain;

import java.time.Duration;
import java.util.List;

/**
 * What an authority is to be, from its first day.
 *
 * @param name of the root, 1 to 50 characters; the issuing authority is called the same with " issuing"
 * @param algorithm of both keys
 * @param permitted domains such as {@code fleet.example} and IPv6 prefixes such as {@code fd00:1::/32} that it may certify
 *     names of; every name where there is none
 * @param rootLifetime of the root's certificate
 * @param issuingLifetime of the issuing certificate, not longer
 */
public record AuthorityProfile(
        String name, KeyAlgorithm algorithm, List<String> permitted, Duration rootLifetime, Duration issuingLifetime) {

    private static final int MAX_NAME_CHARS = 50;
    private static final Duration TEN_YEARS = Duration.ofDays(3652);
    private static final Duration FIVE_YEARS = Duration.ofDays(1826);

    /** @throws IllegalArgumentException where a value is not possible */
    public AuthorityProfile {
        if (name.isBlank() || name.length() > MAX_NAME_CHARS) {
            throw new IllegalArgumentException("the authority's name has " + name.length() + " characters; give 1 to "
                    + MAX_NAME_CHARS + " that are not all blank");
        }
        if (issuingLifetime.isNegative() || issuingLifetime.isZero() || issuingLifetime.compareTo(rootLifetime) > 0) {
            throw new IllegalArgumentException("an issuing lifetime of " + issuingLifetime + " below a root's of "
                    + rootLifetime + "; it must be positive and not longer");
        }
        permitted = List.copyOf(permitted);
        NamePolicy.of(permitted);
    }

    /** ECDSA on P-256, every name, ten years for the root and five for the issuing authority. */
    public static AuthorityProfile named(String name) {
        return new AuthorityProfile(name, KeyAlgorithm.P256, List.of(), TEN_YEARS, FIVE_YEARS);
    }

    /** The same with other keys for both certificates. */
    public AuthorityProfile withAlgorithm(KeyAlgorithm other) {
        return new AuthorityProfile(name, other, permitted, rootLifetime, issuingLifetime);
    }

    /** The same, issuing for these DNS domains and IPv6 networks alone; for any where the list is empty. RFC 5280 §4.2.1.10 */
    public AuthorityProfile withPermitted(List<String> names) {
        return new AuthorityProfile(name, algorithm, names, rootLifetime, issuingLifetime);
    }

    NamePolicy policy() {
        return NamePolicy.of(permitted);
    }
}
