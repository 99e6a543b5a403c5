package io.stoq.bench.lab;

import io.stoq.CloseReason;
import io.stoq.bench.perf.Pattern;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.stream.SendChunk;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import java.net.InetSocketAddress;

/** The application at one end of a flow: sends what it was told to send, on one stream, and takes what comes. */
final class Side implements ConnectionListener, StreamHandler {

    /** Room for what the fastest and longest links of the laboratory hold. */
    private static final long LOW_WATER_BYTES = 16 << 20;

    private static final long HIGH_WATER_BYTES = 32 << 20;

    Connection connection;
    private boolean established;
    private boolean reading = true;
    private boolean finished;
    private Stream outgoing;
    private Stream incoming;
    private long toWriteBytes;
    private boolean lastWrite;
    private long receivedBytes;
    private String trouble;
    private Runnable onEstablished = () -> {};

    boolean isEstablished() {
        return established;
    }

    /** The peer's last byte was taken. */
    boolean isFinished() {
        return finished;
    }

    long receivedBytes() {
        return receivedBytes;
    }

    /** Why the flow is over though it should not be, or null. */
    String trouble() {
        return trouble;
    }

    void onEstablished(Runnable action) {
        onEstablished = action;
    }

    /** @param last nothing follows */
    void send(long bytes, boolean last) {
        toWriteBytes += bytes;
        lastWrite |= last;
        fill();
    }

    /** Whether the application takes what comes. */
    void reading(boolean reads) {
        reading = reads;
        if (reads && incoming != null) {
            incoming.resume();
        }
    }

    private void fill() {
        if (!established) {
            return;
        }
        if (outgoing == null) {
            outgoing = connection.openStream(false);
            outgoing.handler(this);
            outgoing.waterMarks(LOW_WATER_BYTES, HIGH_WATER_BYTES);
        }
        while (toWriteBytes > 0 && outgoing.isWritable()) {
            int length = (int) Math.min(toWriteBytes, Pattern.PERIOD_BYTES);
            outgoing.write(new SendChunk(Pattern.bytes(), 0, length, null));
            toWriteBytes -= length;
        }
        if (toWriteBytes == 0 && lastWrite && outgoing.isSendOpen()) {
            outgoing.finish();
        }
    }

    @Override
    public void onHandshakeComplete(Connection at) {
        established = true;
        onEstablished.run();
        if (toWriteBytes > 0) {
            fill();
        }
    }

    @Override
    public StreamHandler onStreamOpened(Connection at, Stream stream) {
        incoming = stream;
        return this;
    }

    @Override
    public int onData(Stream stream, byte[] data, int at, int length) {
        if (!reading) {
            return 0;
        }
        receivedBytes += length;
        return length;
    }

    @Override
    public void onFinished(Stream stream) {
        finished = true;
    }

    @Override
    public void onWritable(Stream stream) {
        fill();
    }

    @Override
    public void onHandlerFailure(Connection at, Stream stream, Throwable failure) {
        trouble = "a handler failed: " + failure;
    }

    @Override
    public void onClosed(Connection at, CloseReason reason) {
        trouble = "the connection ended: " + reason.describe();
    }

    @Override
    public void onReset(Stream stream, long errorCode) {
        trouble = "a stream was reset";
    }

    @Override
    public void onStopSending(Stream stream, long errorCode) {
        trouble = "a stream is not wanted";
    }

    @Override
    public void onDatagram(Connection at, byte[] data, int from, int length) {}

    @Override
    public void onDatagramSize(Connection at) {}

    @Override
    public void onStreamsAvailable(Connection at, boolean bidirectional) {}

    @Override
    public void onPathChanged(Connection at, InetSocketAddress remote) {}

    @Override
    public void onClosed(Stream stream) {}
}
