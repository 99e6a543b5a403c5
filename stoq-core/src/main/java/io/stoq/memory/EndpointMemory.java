package io.stoq.memory;

import io.stoq.MemoryStatistics;

/**
 * The memory of all connections of an endpoint, which share its budget: the sum of what they hold, kept by plain arithmetic.
 * Confined to the endpoint's loop.
 *
 * <p>Over the budget, connections that hold more than an equal share of it come under pressure, the others go on. See
 * {@link ConnectionMemory} for what pressure is.
 */
public final class EndpointMemory {

    private final long budgetBytes;
    private long heldBytes;
    private long peakBytes;
    private int connections;
    private boolean over;
    private boolean eased;

    /** Where that did not help, connections are not asked to give back again before so much is held. */
    private long relieveAbove;

    // Counts over all connections, for now and then
    private long withheld;
    private long streamsReset;
    private long connectionsClosed;
    private long connectionsRefused;
    private long unbalancedBytes;

    /** @param budgetBytes for all connections together */
    public EndpointMemory(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    /** For components that are used without an endpoint: nothing is ever too much. */
    public static EndpointMemory unlimited() {
        return new EndpointMemory(Long.MAX_VALUE / 4);
    }

    public long budgetBytes() {
        return budgetBytes;
    }

    /** What all connections hold, in bytes. */
    public long heldBytes() {
        return heldBytes;
    }

    /** Whether one more connection would bring the endpoint close to its budget: 7/8 of it are held. */
    public boolean refusesConnections() {
        return heldBytes + ConnectionMemory.HANDSHAKE_BYTES > budgetBytes - (budgetBytes >> 3);
    }

    public void onConnectionRefused() {
        connectionsRefused++;
    }

    /** More than the budget is held, and not yet enough was given back. */
    boolean isOver() {
        return over;
    }

    /** What each connection may hold while the endpoint is over its budget. */
    long shareBytes() {
        return budgetBytes / Math.max(1, connections);
    }

    /** Whether so much is held that the connections that hold most have to give it back: 3/2 of the budget. */
    public boolean wantsRelief() {
        return heldBytes > relieveAbove && heldBytes > budgetBytes + (budgetBytes >> 1);
    }

    /** All connections were asked to give back what they can. */
    public void onRelieved() {
        relieveAbove = heldBytes + (budgetBytes >> 4);
    }

    /** Whether connections that were under pressure for the endpoint's sake may go on; true once for each time. */
    public boolean pollEased() {
        boolean due = eased;
        eased = false;
        return due;
    }

    /** For tests: bytes that connections had charged and not released when they ended; there should be none, ever. */
    public long unbalancedBytes() {
        return unbalancedBytes;
    }

    public MemoryStatistics statistics() {
        return new MemoryStatistics(
                heldBytes, budgetBytes, peakBytes, withheld, streamsReset, connectionsClosed, connectionsRefused);
    }

    // ---- connections

    void onOpened() {
        connections++;
    }

    void onGone() {
        connections--;
    }

    void add(long bytes) {
        heldBytes += bytes;
        if (bytes > 0) {
            peakBytes = Math.max(peakBytes, heldBytes);
            over |= heldBytes > budgetBytes;
            return;
        }
        relieveAbove = Math.min(relieveAbove, heldBytes + (budgetBytes >> 4));
        if (over && heldBytes <= budgetBytes - (budgetBytes >> 3)) {
            over = false;
            eased = true;
        }
    }

    void onWithheld() {
        withheld++;
    }

    void onStreamReset() {
        streamsReset++;
    }

    void onConnectionClosed() {
        connectionsClosed++;
    }

    void onUnbalanced(long bytes) {
        unbalancedBytes += bytes;
    }
}
