package io.stoq.pool;

/** Whether a pool tries to reach its endpoint. */
public enum BreakerState {
    /** It does. */
    CLOSED,
    /** It failed too often: nothing is tried for a while, and who asks is told at once. */
    OPEN,
    /** One connection is tried; it decides. */
    HALF_OPEN
}
