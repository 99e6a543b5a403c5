package io.stoq.bench.perf;

import io.stoq.CloseReason;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.transport.StoqTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/** The client's side of a measurement with small messages: threads that send over one connection until they are stopped. */
final class MessageLoad implements AutoCloseable {

    private static final Duration ROOM_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration END_GRACE = Duration.ofSeconds(2);

    private final StoqTransport transport;
    private final StoqConnection connection;
    private final MessageShape shape;
    private final Tally tally = new Tally();
    private final LongAdder sent = new LongAdder();
    private final EchoTimes times = new EchoTimes();
    private final List<Thread> threads = new ArrayList<>();
    /**
     * Echoes while warming up leave at this rate or their own, whichever is higher: code that is compiled in the middle of a
     * measurement takes the processor from what is measured.
     */
    private static final double WARM_UP_PER_SECOND = 10_000;

    private volatile boolean stopped;

    /** When the measurement began; 0 while warming up. */
    private volatile long warmNs;

    private volatile StoqException failure;

    private MessageLoad(StoqTransport transport, StoqConnection connection, MessageShape shape) {
        this.transport = transport;
        this.connection = connection;
        this.shape = shape;
    }

    /** The load is on when this returns. */
    static MessageLoad start(StoqTransport transport, PerfLoad.Connector connector, MessageShape shape)
            throws IOException {
        MessageLoad load = new MessageLoad(transport, connector.connect(), shape);
        try {
            load.requireRoom();
            long startNs = System.nanoTime();
            for (int i = 0; i < shape.threads(); i++) {
                Sending sending = load.sending(i, startNs);
                load.threads.add(
                        Thread.ofPlatform().name("stoq-perf-" + i).daemon().unstarted(() -> load.send(sending)));
            }
            load.threads.forEach(Thread::start);
            return load;
        } catch (IOException | RuntimeException e) {
            load.close();
            throw e;
        }
    }

    private void requireRoom() throws IOException {
        if (shape.kind() == MessageKind.DATAGRAM && shape.bytes() > connection.maxDatagramPayloadBytes()) {
            int longest = connection.maxDatagramPayloadBytes();
            throw new IOException(
                    longest == 0
                            ? "the server takes no datagrams; measure with --message-kind stream"
                            : "--message is " + shape.bytes() + "; the longest datagram that fits a packet here is "
                                    + longest + " bytes: give a smaller --message, or a larger --payload");
        }
    }

    /** What one thread does until it is stopped. */
    private interface Sending {
        void run() throws StoqException;
    }

    private Sending sending(int thread, long startNs) throws StoqException {
        if (shape.kind() == MessageKind.DATAGRAM) {
            return this::sendDatagrams;
        }
        StoqStream stream = connection.openStream();
        if (shape.kind() == MessageKind.STREAM) {
            return () -> sendOnStream(stream);
        }
        stream.handler(times.receiver(shape.bytes(), tally));
        return () -> sendEchoes(stream, thread, startNs);
    }

    /** Threads take turns, so that together they are as even as one would be. */
    private Schedule schedule(double perSecond, int thread, long startNs) {
        double intervalNs = 1e9 / perSecond;
        return new Schedule(startNs, thread * intervalNs, shape.threads() * intervalNs);
    }

    private void send(Sending sending) {
        try {
            sending.run();
        } catch (StoqException e) {
            if (!stopped) {
                failure = e;
            }
        }
    }

    private void sendOnStream(StoqStream stream) throws StoqException {
        stream.write(ByteBuffer.allocate(PerfProtocol.HEADER_BYTES));
        byte[] message = new byte[shape.bytes()];
        while (!stopped) {
            stream.write(message, 0, message.length);
            sent.increment();
        }
        stream.finish();
    }

    private void sendDatagrams() throws StoqException {
        ByteBuffer message = ByteBuffer.allocate(shape.bytes());
        while (!stopped) {
            connection.sendDatagram(message.clear(), ROOM_TIMEOUT);
            sent.increment();
        }
    }

    private void sendEchoes(StoqStream stream, int thread, long startNs) throws StoqException {
        Schedule warmUp = schedule(Math.max(shape.perSecond(), WARM_UP_PER_SECOND), thread, startNs);
        sendEchoes(stream, warmUp, () -> warmNs == 0);
        sendEchoes(stream, schedule(shape.perSecond(), thread, warmNs), () -> true);
        stream.finish();
    }

    private void sendEchoes(StoqStream stream, Schedule schedule, BooleanSupplier goesOn) throws StoqException {
        ByteBuffer message = ByteBuffer.allocate(shape.bytes());
        while (!stopped && goesOn.getAsBoolean()) {
            message.clear().putLong(0, schedule.awaitNext());
            stream.write(message);
            sent.increment();
        }
    }

    /** The warm-up is over: what follows counts, and echoes leave at their own rate. */
    void onWarm() {
        warmNs = System.nanoTime();
        times.take();
    }

    /** Messages that were handed to the transport so far. */
    long sent() {
        return sent.sum();
    }

    /** What echoes took; empty where there are none. */
    EchoTimes times() {
        return times;
    }

    /** @throws IOException where the connection has ended, or a thread has, which neither should */
    Snapshot snapshot() throws IOException {
        CloseReason reason = connection.closeReason();
        if (reason != null) {
            throw new StoqException.ConnectionClosed(reason);
        }
        if (failure != null) {
            throw failure;
        }
        PacketTotals packets = new PacketTotals();
        packets.add(connection.statistics());
        return Snapshot.of(tally, packets, transport.socketStatistics(), transport.bufferStatistics());
    }

    /** Ends the threads; what they sent last may be on its way still. */
    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join(END_GRACE);
            thread.interrupt();
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(Thread::interrupt);
        connection.close(PerfProtocol.DONE, "done");
    }
}
