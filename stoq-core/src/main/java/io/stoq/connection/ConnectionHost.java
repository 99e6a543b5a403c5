package io.stoq.connection;

/** What a connection needs of the endpoint that it lives in; one object per connection. Called on the loop. */
public interface ConnectionHost {

    /** Datagrams whose destination connection id is {@code cid} belong to this connection from now on. */
    void onConnectionIdIssued(byte[] cid);

    void onConnectionIdRetired(byte[] cid);

    /** Something became sendable outside of a call of the endpoint; the endpoint is to poll. */
    void onWantsTransmit();

    /** Server: the client received what was sent to {@link Connection#remote()}, for the first time. RFC 9000 §8.1. */
    void onAddressProved(long nowNs);

    /** The handshake has work for {@link Connection#pollHandshakeTask()}. */
    void onHandshakeTaskReady();
}
