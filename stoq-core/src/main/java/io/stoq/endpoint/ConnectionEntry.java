package io.stoq.endpoint;

import io.stoq.cid.ConnectionId;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionHost;

/** An endpoint's book-keeping for one connection: its routes, its place in the queues. Confined to the endpoint's loop. */
final class ConnectionEntry implements ConnectionHost {

    private final Endpoint endpoint;
    Connection connection;
    ConnectionId firstDestinationId;
    AddressKey address;
    AcceptedListener accepting;
    boolean ready;
    boolean taskReady;
    boolean handshaking = true;
    boolean removed;

    /** What a client's first packet said about its address, and what its handshake holds where that was nothing. */
    AddressProof proof = AddressProof.NONE;

    long unprovedBytes;
    long deadlineNs = Long.MAX_VALUE;
    int heapIndex = -1;

    ConnectionEntry(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void onConnectionIdIssued(byte[] cid) {
        endpoint.routes.put(ConnectionTable.key(cid, 0), this);
    }

    @Override
    public void onConnectionIdRetired(byte[] cid) {
        endpoint.routes.remove(ConnectionTable.key(cid, 0));
    }

    @Override
    public void onWantsTransmit() {
        endpoint.markReady(this);
    }

    @Override
    public void onAddressProved(long nowNs) {
        endpoint.onAddressProved(nowNs, this);
    }

    @Override
    public void onHandshakeTaskReady() {
        endpoint.markTaskReady(this);
    }
}
