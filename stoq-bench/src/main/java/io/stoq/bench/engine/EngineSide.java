package io.stoq.bench.engine;

import io.stoq.CloseReason;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import java.net.InetSocketAddress;

/** An application at one end of an {@link EnginePair} that takes what comes, at once, and counts it. */
public class EngineSide implements ConnectionListener, StreamHandler {

    private Connection connection;
    private boolean established;
    private long streamBytes;
    private long datagrams;

    final void connection(Connection mine) {
        connection = mine;
    }

    public final Connection connection() {
        return connection;
    }

    public final boolean isEstablished() {
        return established;
    }

    /** Bytes that came on streams. */
    public final long streamBytes() {
        return streamBytes;
    }

    /** DATAGRAM frames that came. */
    public final long datagrams() {
        return datagrams;
    }

    @Override
    public final void onHandshakeComplete(Connection at) {
        established = true;
    }

    @Override
    public final StreamHandler onStreamOpened(Connection at, Stream stream) {
        return this;
    }

    @Override
    public int onData(Stream stream, byte[] data, int at, int length) {
        streamBytes += length;
        return length;
    }

    @Override
    public void onDatagram(Connection at, byte[] data, int from, int length) {
        datagrams++;
    }

    @Override
    public final void onDatagramSize(Connection at) {}

    @Override
    public final void onHandlerFailure(Connection at, Stream stream, Throwable failure) {
        throw new IllegalStateException("a handler failed", failure);
    }

    @Override
    public final void onClosed(Connection at, CloseReason reason) {
        throw new IllegalStateException("the connection ended: " + reason.describe());
    }

    @Override
    public final void onStreamsAvailable(Connection at, boolean bidirectional) {}

    @Override
    public final void onPathChanged(Connection at, InetSocketAddress remote) {}

    @Override
    public final void onFinished(Stream stream) {}

    @Override
    public final void onReset(Stream stream, long errorCode) {}

    @Override
    public final void onStopSending(Stream stream, long errorCode) {}

    @Override
    public final void onWritable(Stream stream) {}

    @Override
    public final void onClosed(Stream stream) {}
}
