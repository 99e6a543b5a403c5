package io.stoq;

/**
 * How connections ended so far, by the kinds of {@link CloseReason}; a snapshot.
 *
 * @param application closed by an application, here or there
 * @param transport a protocol violation, a limit, a refusal
 * @param tls the TLS handshake failed
 */
public record CloseCounts(
        long application,
        long transport,
        long tls,
        long idleTimeout,
        long handshakeTimeout,
        long statelessReset,
        long versionNegotiation) {

    /** None ended. */
    public static CloseCounts none() {
        return new CloseCounts(0, 0, 0, 0, 0, 0, 0);
    }

    /** One that ended for this reason. */
    public static CloseCounts of(CloseReason reason) {
        return switch (reason) {
            case CloseReason.Application a -> new CloseCounts(1, 0, 0, 0, 0, 0, 0);
            case CloseReason.Transport t -> new CloseCounts(0, 1, 0, 0, 0, 0, 0);
            case CloseReason.Tls t -> new CloseCounts(0, 0, 1, 0, 0, 0, 0);
            case CloseReason.IdleTimeout i -> new CloseCounts(0, 0, 0, 1, 0, 0, 0);
            case CloseReason.HandshakeTimeout h -> new CloseCounts(0, 0, 0, 0, 1, 0, 0);
            case CloseReason.StatelessReset s -> new CloseCounts(0, 0, 0, 0, 0, 1, 0);
            case CloseReason.VersionNegotiation v -> new CloseCounts(0, 0, 0, 0, 0, 0, 1);
        };
    }

    /** The sum of both. */
    public CloseCounts plus(CloseCounts other) {
        return new CloseCounts(
                application + other.application,
                transport + other.transport,
                tls + other.tls,
                idleTimeout + other.idleTimeout,
                handshakeTimeout + other.handshakeTimeout,
                statelessReset + other.statelessReset,
                versionNegotiation + other.versionNegotiation);
    }
}
