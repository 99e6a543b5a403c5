package io.stoq.cid;

/**
 * The endpoint's table from connection ids to connections, as one connection sees it. Confined to the endpoint's loop.
 */
public interface ConnectionIdRoutes {

    /** Packets to {@code connectionId} belong to this connection from now on. The array is not changed afterwards. */
    void add(byte[] connectionId);

    /** Packets to {@code connectionId} do not belong to this connection any more. */
    void remove(byte[] connectionId);
}
