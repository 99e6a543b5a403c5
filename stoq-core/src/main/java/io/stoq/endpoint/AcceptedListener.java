package io.stoq.endpoint;

import io.stoq.CloseReason;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import java.net.InetSocketAddress;

/**
 * Stands in for the application's listener until the client's first packet proved authentic: what fails before that is
 * nobody's business. Confined to the endpoint's loop.
 */
final class AcceptedListener implements ConnectionListener {

    private ConnectionListener target;

    void target(ConnectionListener listener) {
        target = listener;
    }

    @Override
    public void onHandshakeComplete(Connection connection) {
        if (target != null) {
            target.onHandshakeComplete(connection);
        }
    }

    @Override
    public void onEarlyData(Connection connection) {
        if (target != null) {
            target.onEarlyData(connection);
        }
    }

    @Override
    public StreamHandler onStreamOpened(Connection connection, Stream stream) {
        return target == null ? null : target.onStreamOpened(connection, stream);
    }

    @Override
    public void onStreamsAvailable(Connection connection, boolean bidirectional) {
        if (target != null) {
            target.onStreamsAvailable(connection, bidirectional);
        }
    }

    @Override
    public void onDatagram(Connection connection, byte[] data, int at, int length) {
        if (target != null) {
            target.onDatagram(connection, data, at, length);
        }
    }

    @Override
    public void onPathChanged(Connection connection, InetSocketAddress remote) {
        if (target != null) {
            target.onPathChanged(connection, remote);
        }
    }

    @Override
    public void onDatagramSize(Connection connection) {
        if (target != null) {
            target.onDatagramSize(connection);
        }
    }

    @Override
    public void onMemoryPressure(boolean pressed) {
        if (target != null) {
            target.onMemoryPressure(pressed);
        }
    }

    @Override
    public void onHandlerFailure(Connection connection, Stream stream, Throwable failure) {
        if (target != null) {
            target.onHandlerFailure(connection, stream, failure);
        }
    }

    @Override
    public void onClosed(Connection connection, CloseReason reason) {
        if (target != null) {
            target.onClosed(connection, reason);
        }
    }
}
