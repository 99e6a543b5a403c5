package io.stoq.pool;

/** What a pool thinks of one of its connections. */
public enum MemberState {
    /** Takes new work. */
    HEALTHY,
    /** Slower or lossier than its endpoint's connections use to be, or silent: takes new work where no healthy one is. */
    DEGRADED,
    /** Takes no new work; closed when the work in flight is done, or when the drain timeout passes. */
    DRAINING,
    /** Gave out, or was given up; replaced. */
    BROKEN,
    /** Closed after it was drained. */
    CLOSED;

    /** Whether a connection may go from here to there. */
    public boolean mayBecome(MemberState next) {
        return switch (this) {
            case HEALTHY -> next == DEGRADED || next == DRAINING || next == BROKEN;
            case DEGRADED -> next == HEALTHY || next == DRAINING || next == BROKEN;
            case DRAINING -> next == CLOSED;
            case BROKEN, CLOSED -> false;
        };
    }

    /** Whether it counts as one of the pool's connections: it takes new work, or would. */
    public boolean isLive() {
        return this == HEALTHY || this == DEGRADED;
    }
}
