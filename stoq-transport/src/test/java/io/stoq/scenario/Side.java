package io.stoq.scenario;

import io.stoq.CloseReason;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.stream.SendChunk;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One side of a story: writes patterned streams, checks what it receives, and remembers what happened. */
final class Side implements ConnectionListener {

    final Map<Long, Incoming> incoming = new LinkedHashMap<>();
    final List<byte[]> datagrams = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    final List<InetSocketAddress> moves = new ArrayList<>();
    final List<byte[]> tokens = new ArrayList<>();
    final List<Integer> datagramSizes = new ArrayList<>();
    Connection connection;
    CloseReason closeReason;
    boolean complete;
    boolean echo;
    Runnable atEarlyData = () -> {};
    Boolean earlyDataTaken;
    boolean paused;
    int streamsAvailable;

    /** What else happens when the peer opens a stream. */
    Consumer<Connection> onOpened = at -> {};

    /** What else happens when the connection ends. */
    Consumer<Connection> onEnded = at -> {};

    /** What arrived on one stream. */
    static final class Incoming {
        final Stream stream;
        long bytes;
        boolean finished;
        boolean closed;
        long resetCode = -1;
        long stopCode = -1;
        boolean writable;
        boolean overBudget;

        Incoming(Stream stream) {
            this.stream = stream;
        }
    }

    /** Byte of the pattern at an offset of a stream; no period that fits packets or blocks. */
    static byte pattern(long streamId, long offset) {
        return (byte) (offset * 131 + (offset >>> 8) * 31 + streamId * 7);
    }

    /** Opens a stream, writes {@code bytes} of pattern and finishes it. */
    Stream send(boolean bidirectional, int bytes) {
        Stream stream = open(bidirectional);
        if (stream != null) {
            write(stream, bytes);
            stream.finish();
        }
        return stream;
    }

    /** Opens a stream, or returns null where the peer does not allow it now. */
    Stream open(boolean bidirectional) {
        Stream stream = connection.openStream(bidirectional);
        if (stream != null) {
            stream.handler(handler());
            incoming.put(stream.id(), new Incoming(stream));
        }
        return stream;
    }

    void write(Stream stream, int bytes) {
        long from = stream.writtenBytes();
        byte[] data = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            data[i] = pattern(stream.id(), from + i);
        }
        if (bytes > 0) {
            stream.write(new SendChunk(data));
        }
    }

    long receivedBytes() {
        return incoming.values().stream().mapToLong(in -> in.bytes).sum();
    }

    long finishedStreams() {
        return incoming.values().stream().filter(in -> in.finished).count();
    }

    @Override
    public void onHandshakeComplete(Connection at) {
        complete = true;
    }

    @Override
    public void onEarlyData(Connection at) {
        connection = at;
        atEarlyData.run();
    }

    @Override
    public void onEarlyDataOutcome(Connection at, boolean taken) {
        earlyDataTaken = taken;
    }

    @Override
    public StreamHandler onStreamOpened(Connection at, Stream stream) {
        incoming.put(stream.id(), new Incoming(stream));
        onOpened.accept(at);
        return handler();
    }

    @Override
    public void onStreamsAvailable(Connection at, boolean bidirectional) {
        streamsAvailable++;
    }

    @Override
    public void onDatagram(Connection at, byte[] data, int from, int length) {
        datagrams.add(java.util.Arrays.copyOfRange(data, from, from + length));
    }

    @Override
    public void onNewToken(Connection at, byte[] token) {
        tokens.add(token);
    }

    @Override
    public void onPathChanged(Connection at, InetSocketAddress remote) {
        moves.add(remote);
    }

    @Override
    public void onDatagramSize(Connection at) {
        datagramSizes.add(at.statistics().path().maxDatagramBytes());
    }

    @Override
    public void onHandlerFailure(Connection at, Stream stream, Throwable failure) {
        failures.add(failure);
    }

    @Override
    public void onClosed(Connection at, CloseReason reason) {
        closeReason = reason;
        onEnded.accept(at);
    }

    private StreamHandler handler() {
        return new StreamHandler() {

            @Override
            public int onData(Stream stream, byte[] data, int at, int length) {
                if (paused) {
                    return 0;
                }
                Incoming in = incoming.get(stream.id());
                for (int i = 0; i < length; i++) {
                    if (data[at + i] != pattern(stream.id(), in.bytes + i)) {
                        failures.add(new AssertionError("stream " + stream.id() + " differs at " + (in.bytes + i)));
                        break;
                    }
                }
                in.bytes += length;
                if (echo && stream.hasSendHalf()) {
                    stream.write(new SendChunk(java.util.Arrays.copyOfRange(data, at, at + length)));
                }
                return length;
            }

            @Override
            public void onFinished(Stream stream) {
                incoming.get(stream.id()).finished = true;
                if (stream.hasSendHalf() && !stream.isLocal()) {
                    stream.finish();
                }
            }

            @Override
            public void onReset(Stream stream, long code) {
                incoming.get(stream.id()).resetCode = code;
            }

            @Override
            public void onStopSending(Stream stream, long code) {
                incoming.get(stream.id()).stopCode = code;
            }

            @Override
            public void onOverBudget(Stream stream) {
                incoming.get(stream.id()).overBudget = true;
            }

            @Override
            public void onWritable(Stream stream) {
                incoming.get(stream.id()).writable = true;
            }

            @Override
            public void onClosed(Stream stream) {
                incoming.get(stream.id()).closed = true;
            }
        };
    }
}
