package io.stoq;

/**
 * What became of address validation tokens at a server; a snapshot. RFC 9000 §8.1.
 *
 * @param issued for connections to come (NEW_TOKEN frames)
 * @param acceptedRetry tokens of Retry packets that proved an address
 * @param acceptedNew tokens of NEW_TOKEN frames that did
 * @param unreadable tokens that are no good from where they came: forged, altered, of another address, another server or a
 *     lost key, or of a Retry packet for another connection id
 * @param expired tokens that came too late
 * @param reused tokens that were good for one connection and had it, or may have had it
 */
public record TokenStatistics(
        long issued, long acceptedRetry, long acceptedNew, long unreadable, long expired, long reused) {

    /** Nothing happened yet. */
    public static TokenStatistics none() {
        return new TokenStatistics(0, 0, 0, 0, 0, 0);
    }

    /** Tokens that proved an address. */
    public long accepted() {
        return acceptedRetry + acceptedNew;
    }

    /** Tokens that proved nothing. */
    public long rejected() {
        return unreadable + expired + reused;
    }

    /** The sum of both. */
    public TokenStatistics plus(TokenStatistics other) {
        return new TokenStatistics(
                issued + other.issued,
                acceptedRetry + other.acceptedRetry,
                acceptedNew + other.acceptedNew,
                unreadable + other.unreadable,
                expired + other.expired,
                reused + other.reused);
    }
}
