package io.stoq.connection;

import io.stoq.datagram.DatagramsListener;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import io.stoq.stream.StreamsListener;

/** Passes what streams and datagrams report to the connection's listener and host. Confined to the connection's loop. */
final class ConnectionEvents implements StreamsListener, DatagramsListener {

    private final Connection connection;
    private final ConnectionHost host;

    ConnectionEvents(Connection connection, ConnectionHost host) {
        this.connection = connection;
        this.host = host;
    }

    @Override
    public StreamHandler onStreamOpened(Stream stream) {
        return connection.listener.onStreamOpened(connection, stream);
    }

    @Override
    public void onStreamsAvailable(boolean bidirectional) {
        connection.listener.onStreamsAvailable(connection, bidirectional);
    }

    @Override
    public void onHandlerFailure(Stream stream, Throwable failure) {
        connection.listener.onHandlerFailure(connection, stream, failure);
    }

    @Override
    public void onDatagram(byte[] data, int at, int length) {
        connection.listener.onDatagram(connection, data, at, length);
    }

    @Override
    public void onDatagramsAcked(long first, int count) {}

    @Override
    public void onDatagramsLost(long first, int count) {}

    @Override
    public void onWantsTransmit() {
        host.onWantsTransmit();
    }
}
