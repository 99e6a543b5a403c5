package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.ConnectionHandler;
import io.stoq.ConnectionTask;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.config.ConnectionConfig;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams and connections as handlers on the event loop use them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EventFaceTest {

    /** Takes at most so many bytes a call, asks for the rest at once, and notes what else happens. */
    private static final class Sipping implements StreamEvents {

        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final int sipBytes;

        Sipping(int sipBytes) {
            this.sipBytes = sipBytes;
        }

        @Override
        public void onData(StoqStream stream, ByteBuffer data) {
            byte[] sip = new byte[Math.min(sipBytes, data.remaining())];
            data.get(sip);
            bytes.writeBytes(sip);
            if (data.hasRemaining()) {
                stream.resume();
            }
        }

        @Override
        public void onFinished(StoqStream stream) {
            told.add("finished");
        }

        @Override
        public void onReset(StoqStream stream, long code) {
            told.add("reset " + code);
        }

        @Override
        public void onStopSending(StoqStream stream, long code) {
            told.add("stop " + code);
        }

        @Override
        public void onClosed(StoqStream stream) {
            told.add("closed");
            closed.complete(null);
        }
    }

    private static Pair served(StreamEvents events) throws Exception {
        ConnectionHandler handler = new ConnectionHandler() {
            @Override
            public StreamEvents onStream(StoqStream stream) {
                return events;
            }
        };
        ConnectionConfig config = ConnectionConfig.defaults();
        return new Pair("auto", config, config, builder -> builder.handler(handler));
    }

    @Test
    void whatAHandlerLeavesComesAgainWhenItAsks() throws Exception {
        Sipping sipping = new Sipping(700);
        try (Pair pair = served(sipping)) {
            byte[] bytes = random(300_000);
            StoqStream stream = pair.client.openUnidirectionalStream();
            stream.write(ByteBuffer.wrap(bytes));
            stream.finish();
            sipping.closed.get();
            assertArrayEquals(bytes, sipping.bytes.toByteArray());
            assertEquals(List.of("finished", "closed"), List.copyOf(sipping.told));
        }
    }

    @Test
    void aHandlerThatComesLateGetsWhatCameBefore() throws Exception {
        try (Pair pair = new Pair("auto")) {
            byte[] bytes = random(2_000_000);
            StoqStream stream = pair.client.openUnidirectionalStream();
            stream.write(ByteBuffer.wrap(bytes));
            stream.finish();
            StoqStream accepted = pair.peer().acceptStream();
            byte[] head = accepted.inputStream().readNBytes(10_000);
            Sipping sipping = new Sipping(5_000);
            accepted.handler(sipping);
            sipping.closed.get();
            assertEquals(List.of("finished", "closed"), List.copyOf(sipping.told));
            assertEquals(bytes.length, head.length + sipping.bytes.size());
            assertArrayEquals(Arrays.copyOfRange(bytes, 10_000, bytes.length), sipping.bytes.toByteArray());
            assertThrows(IllegalStateException.class, () -> accepted.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void resetsAndStopsReachTheHandler() throws Exception {
        Sipping sipping = new Sipping(1000);
        try (Pair pair = served(sipping)) {
            StoqStream stream = pair.client.openStream();
            stream.write(ByteBuffer.wrap(new byte[10]));
            stream.stopSending(21);
            stream.reset(22);
            sipping.closed.get();
            List<String> told = List.copyOf(sipping.told);
            assertTrue(told.contains("stop 21") && told.contains("reset 22"), told::toString);
            assertEquals("closed", told.getLast());
        }
    }

    @Test
    void theEndOfTheConnectionEndsStreamsFirst() throws Exception {
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        CompletableFuture<Void> seen = new CompletableFuture<>();
        ConnectionHandler handler = new ConnectionHandler() {
            @Override
            public void onConnected(StoqConnection connection) {
                told.add("connected " + connection.applicationProtocol());
            }

            @Override
            public StreamEvents onStream(StoqStream stream) {
                return new StreamEvents() {
                    @Override
                    public void onData(StoqStream from, ByteBuffer data) {
                        data.position(data.limit());
                        told.add("data");
                        seen.complete(null);
                    }

                    @Override
                    public void onClosed(StoqStream from) {
                        told.add("stream closed");
                    }
                };
            }

            @Override
            public void onClosed(StoqConnection connection, CloseReason reason) {
                told.add("connection closed");
                ended.complete(null);
            }
        };
        ConnectionConfig config = ConnectionConfig.defaults();
        try (Pair pair = new Pair("auto", config, config, builder -> builder.handler(handler))) {
            pair.client.openStream().write(ByteBuffer.wrap(new byte[10]));
            seen.get();
            pair.client.close();
            ended.get();
            assertEquals(List.of("connected test", "data", "stream closed", "connection closed"), List.copyOf(told));
        }
    }

    @Test
    void aDatagramThatTheHandlerTakesDoesNotWaitForAThread() throws Exception {
        CompletableFuture<Byte> taken = new CompletableFuture<>();
        ConnectionHandler handler = new ConnectionHandler() {
            @Override
            public boolean onDatagram(StoqConnection connection, ByteBuffer data) {
                if (data.get(data.position()) == 1) {
                    return taken.complete(data.get());
                }
                return false;
            }
        };
        ConnectionConfig config = ConnectionConfig.defaults();
        try (Pair pair = new Pair("auto", config, config, builder -> builder.handler(handler))) {
            assertTrue(pair.client.sendDatagram(ByteBuffer.wrap(new byte[] {1})));
            assertTrue(pair.client.sendDatagram(ByteBuffer.wrap(new byte[] {2})));
            assertEquals((byte) 1, taken.get());
            assertArrayEquals(new byte[] {2}, pair.peer().receiveDatagram(Duration.ofSeconds(20)));
        }
    }

    @Test
    void waitingOnTheEventLoopIsRefused() throws Exception {
        CompletableFuture<List<Throwable>> refusals = new CompletableFuture<>();
        ConnectionHandler waiting = new ConnectionHandler() {
            @Override
            public StreamEvents onStream(StoqStream stream) {
                refusals.complete(List.of(
                        catching(() -> stream.read(ByteBuffer.allocate(1))),
                        catching(() -> stream.write(ByteBuffer.allocate(1))),
                        catching(() -> stream.connection().openStream()),
                        catching(() -> stream.connection().acceptStream())));
                return null;
            }
        };
        ConnectionConfig config = ConnectionConfig.defaults();
        try (Pair pair = new Pair("auto", config, config, builder -> builder.handler(waiting))) {
            pair.client.openStream().write(ByteBuffer.allocate(1));
            for (Throwable refusal : refusals.get()) {
                assertEquals(IllegalStateException.class, refusal.getClass());
            }
        }
    }

    @Test
    void aConnectionHandlerThatThrowsLosesItsConnection() throws Exception {
        ConnectionHandler clumsy = new ConnectionHandler() {
            @Override
            public boolean onDatagram(StoqConnection connection, ByteBuffer data) {
                throw new IllegalStateException("clumsy");
            }
        };
        ConnectionConfig config = ConnectionConfig.defaults();
        try (Pair pair = new Pair("auto", config, config, builder -> builder.handler(clumsy))) {
            pair.client.sendDatagram(ByteBuffer.wrap(new byte[1]));
            CloseReason.Application reason =
                    (CloseReason.Application) pair.client.closed().get();
            assertEquals(ConnectionTask.FAILED, reason.code());
            try (StoqConnection next = pair.connect(config)) {
                assertTrue(next.isOpen(), "the server lives on");
            }
        }
    }

    @Test
    void tryWriteKeepsEverythingOrNothing() throws Exception {
        ConnectionConfig narrow = ConnectionConfig.builder()
                .streamWindowBytes(65_536, 65_536)
                .connectionWindowBytes(131_072, 131_072)
                .build();
        try (Pair pair = new Pair("auto", ConnectionConfig.defaults(), narrow, builder -> builder)) {
            StoqStream stream = pair.client.openStream();
            ByteBuffer large = ByteBuffer.allocate(3 << 20);
            assertTrue(stream.tryWrite(large));
            assertEquals(0, large.remaining());
            large.clear();
            boolean taken = stream.tryWrite(large);
            assertEquals(taken ? 0 : large.capacity(), large.remaining());
            stream.finish();
            assertThrows(StoqException.Closed.class, () -> stream.tryWrite(ByteBuffer.allocate(1)));
            int expected = taken ? 6 << 20 : 3 << 20;
            assertEquals(expected, pair.peer().acceptStream().inputStream().readAllBytes().length);
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static Throwable catching(Attempt attempt) {
        try {
            attempt.run();
            return new AssertionError("was not refused");
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(5).nextBytes(bytes);
        return bytes;
    }
}
