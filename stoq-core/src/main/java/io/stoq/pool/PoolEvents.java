package io.stoq.pool;

/**
 * Hears what a pool does. Called on a virtual thread, one event after the other; it may block, and what it throws is logged.
 * One that falls behind loses events, as {@link PoolStatistics#droppedEvents()} tells.
 */
@FunctionalInterface
public interface PoolEvents {
    /** One event, in the order in which they came about. */
    void onEvent(PoolEvent event);
}
