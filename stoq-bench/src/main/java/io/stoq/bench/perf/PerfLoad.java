package io.stoq.bench.perf;

import io.stoq.CloseReason;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.transport.StoqTransport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The client's side of the perf protocol: streams that send, or ask for, more bytes than there is time for. */
public final class PerfLoad implements AutoCloseable {

    /** Opens connections to the server under test. */
    @FunctionalInterface
    public interface Connector {
        StoqConnection connect() throws StoqException;
    }

    private final StoqTransport transport;
    private final LoadShape shape;
    private final Tally tally = new Tally();
    private final List<StoqConnection> connections = new ArrayList<>();
    private final List<Work> work = new ArrayList<>();
    private final CountDownLatch ends;

    private PerfLoad(StoqTransport transport, LoadShape shape) {
        this.transport = transport;
        this.shape = shape;
        this.ends = new CountDownLatch(shape.connections() * shape.streams());
    }

    /** Opens all connections, then all streams; the load is on when this returns. */
    public static PerfLoad start(StoqTransport transport, Connector connector, LoadShape shape) throws StoqException {
        PerfLoad load = new PerfLoad(transport, shape);
        try {
            for (int i = 0; i < shape.connections(); i++) {
                load.connections.add(connector.connect());
            }
            for (StoqConnection connection : load.connections) {
                for (int i = 0; i < shape.streams(); i++) {
                    load.open(connection.openStream());
                }
            }
            return load;
        } catch (StoqException | RuntimeException e) {
            load.close();
            throw e;
        }
    }

    private void open(StoqStream stream) throws StoqException {
        Work streamWork = shape.direction() == Direction.UP ? new Upload(stream) : new Download(stream);
        work.add(streamWork);
        stream.handler(streamWork);
        streamWork.begin();
    }

    /** @throws StoqException.ConnectionClosed where a connection has ended, which none should */
    public Snapshot snapshot() throws StoqException {
        PacketTotals packets = new PacketTotals();
        for (StoqConnection connection : connections) {
            packets.add(connection.statistics());
            CloseReason reason = connection.closeReason();
            if (reason != null) {
                throw new StoqException.ConnectionClosed(reason);
            }
        }
        return Snapshot.of(tally, packets, transport.socketStatistics(), transport.bufferStatistics());
    }

    /** Ends all streams and waits until the server has seen that, at most for {@code grace}. */
    public void finish(Duration grace) throws InterruptedException {
        work.forEach(Work::end);
        ends.await(grace.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        connections.forEach(connection -> connection.close(PerfProtocol.DONE, "done"));
    }

    private static ByteBuffer header(long wantedBytes) {
        return ByteBuffer.allocate(PerfProtocol.HEADER_BYTES)
                .putLong(wantedBytes)
                .flip();
    }

    /** What one stream does. */
    private abstract sealed class Work implements StreamEvents {

        final StoqStream stream;

        Work(StoqStream stream) {
            this.stream = stream;
        }

        abstract void begin() throws StoqException;

        abstract void end();

        @Override
        public void onClosed(StoqStream closed) {
            ends.countDown();
        }
    }

    private final class Upload extends Work {

        private final PatternWriter writer;

        Upload(StoqStream stream) {
            super(stream);
            this.writer = new PatternWriter(stream, PerfProtocol.UNLIMITED, tally);
        }

        @Override
        void begin() throws StoqException {
            stream.tryWrite(header(0));
            writer.pump();
        }

        @Override
        void end() {
            writer.stop();
        }

        @Override
        public void onWritable(StoqStream writable) {
            try {
                writer.pump();
            } catch (StoqException e) {
                // The connection's end, which the next snapshot tells of, or the server's refusal of this stream.
                writer.stop();
            }
        }

        @Override
        public void onData(StoqStream answered, ByteBuffer data) {
            data.position(data.limit());
        }
    }

    private final class Download extends Work {

        private long position;

        Download(StoqStream stream) {
            super(stream);
        }

        @Override
        void begin() throws StoqException {
            stream.tryWrite(header(PerfProtocol.UNLIMITED));
            stream.finish();
        }

        @Override
        void end() {
            stream.stopSending(PerfProtocol.DONE);
        }

        @Override
        public void onData(StoqStream answered, ByteBuffer data) {
            int length = data.remaining();
            if (shape.verify() && !Pattern.matches(data, position)) {
                tally.mismatches.increment();
            }
            position += length;
            tally.receivedBytes.add(length);
            data.position(data.limit());
        }
    }
}
