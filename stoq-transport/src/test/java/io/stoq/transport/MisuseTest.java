package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.StreamPriority;
import io.stoq.config.ConnectionConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.slf4j.LoggerFactory;

/** What applications do that they should not: use after the end, ends twice, handlers that throw, block or take nothing. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MisuseTest {

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final StreamEvents NOTHING = (stream, data) -> {};

    @Test
    void everyCallOfAClosedConnectionSaysSo() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqConnection connection = pair.client;
            StoqConnection peer = pair.peer();
            StoqStream stream = connection.openStream();
            connection.close(3, "enough");
            connection.close(4, "twice");
            connection.close();
            closed(
                    connection::openStream,
                    () -> connection.openStream(SHORT),
                    connection::openUnidirectionalStream,
                    () -> connection.openUnidirectionalStream(SHORT),
                    connection::acceptStream,
                    () -> connection.acceptStream(LONG),
                    () -> connection.sendDatagram(ByteBuffer.allocate(1)),
                    () -> connection.sendDatagram(ByteBuffer.allocate(1), LONG),
                    connection::receiveDatagram,
                    () -> connection.receiveDatagram(LONG),
                    connection::ping,
                    () -> stream.read(ByteBuffer.allocate(1)),
                    () -> stream.read(ByteBuffer.allocate(1), LONG),
                    () -> stream.write(ByteBuffer.allocate(1)),
                    () -> stream.write(ByteBuffer.allocate(1), LONG),
                    () -> stream.tryWrite(ByteBuffer.allocate(1)),
                    () -> stream.writeReferenced(new byte[1], 0, 1, () -> {}),
                    () -> stream.tryWriteReferenced(new byte[1], 0, 1, () -> {}),
                    stream::finish);
            for (CompletableFuture<?> future : List.of(connection.openStreamAsync(true), connection.updateKeys())) {
                assertInstanceOf(
                        StoqException.ConnectionClosed.class,
                        assertThrows(ExecutionException.class, future::get).getCause());
            }
            assertDoesNotThrow(() -> {
                connection.flush();
                stream.flush();
                stream.reset(1);
                stream.stopSending(1);
                stream.resume();
                stream.priority(StreamPriority.DEFAULT);
                stream.close();
                stream.close();
                stream.writable().get();
                stream.delivered().get(); // of nothing
            });
            assertFalse(connection.isOpen());
            assertNotNull(connection.statistics());
            assertNotNull(stream.statistics());
            assertThrows(IllegalArgumentException.class, () -> peer.close(-1, ""));
            assertEquals(connection.closeReason(), connection.closed().get());
        }
    }

    @Test
    void everyCallOfAClosedStreamSaysSo() throws Exception {
        try (Pair pair = new Pair("auto")) {
            StoqStream stream = pair.client.openStream();
            stream.close();
            stream.close();
            for (Executable call : List.<Executable>of(
                    () -> stream.read(ByteBuffer.allocate(1)),
                    () -> stream.read(ByteBuffer.allocate(1), LONG),
                    () -> stream.write(ByteBuffer.allocate(1)),
                    () -> stream.write(ByteBuffer.allocate(1), LONG),
                    () -> stream.tryWrite(ByteBuffer.allocate(1)),
                    () -> stream.writeReferenced(new byte[1], 0, 1, () -> {}))) {
                assertThrows(StoqException.Closed.class, call);
            }
            stream.finish();
            StoqStream oneWay = pair.client.openUnidirectionalStream();
            assertThrows(IllegalStateException.class, () -> oneWay.read(ByteBuffer.allocate(1)));
            assertThrows(IllegalStateException.class, oneWay::inputStream);
            assertThrows(IllegalStateException.class, oneWay::readableChannel);
            assertThrows(IllegalStateException.class, oneWay::publisher);
            oneWay.finish();
            StoqStream accepted = pair.peer().acceptStream();
            while (accepted.isBidirectional()) {
                accepted = pair.peer().acceptStream();
            }
            StoqStream readOnly = accepted;
            assertThrows(IllegalStateException.class, () -> readOnly.write(ByteBuffer.allocate(1)));
            assertThrows(IllegalStateException.class, () -> readOnly.priority(StreamPriority.DEFAULT));
            assertThrows(IllegalStateException.class, readOnly::delivered);
        }
    }

    @Test
    void aClosedServerAndAClosedTransportAnswerQuestionsOnly() throws Exception {
        StoqTransport transport = StoqTransport.builder().eventLoops(1).build();
        StoqServer server = transport
                .server()
                .tls(Pair.serverTls("test"))
                .bind("::1", 0)
                .onConnection(connection -> {})
                .start();
        server.close();
        server.close();
        assertNotNull(server.localAddress());
        assertEquals(0, server.connections());
        assertNotNull(server.statistics());
        assertNotNull(server.socketStatistics());
        StoqPool pool = transport.pool("::1", 4433).tls(Pair.clientTls("test")).build();
        transport.close();
        transport.close();
        assertThrows(StoqException.Closed.class, pool::acquire);
        assertThrows(StoqException.Closed.class, pool::openStream);
        assertThrows(StoqException.Closed.class, () -> pool.exchange(stream -> 1));
        assertInstanceOf(
                StoqException.Closed.class,
                assertThrows(ExecutionException.class, () -> pool.acquireAsync().get())
                        .getCause());
        assertThrows(
                StoqException.Closed.class,
                () -> transport.client().tls(Pair.clientTls("test")).connect("::1", 4433));
        assertThrows(
                StoqException.Closed.class,
                () -> transport
                        .server()
                        .tls(Pair.serverTls("test"))
                        .bind("::1", 0)
                        .onConnection(connection -> {})
                        .start());
        assertThrows(
                StoqException.Closed.class,
                () -> transport.pool("::1", 4433).tls(Pair.clientTls("test")).build());
        assertNotNull(transport.statistics());
    }

    /** Whatever a pool was about to do in that moment: nothing is left behind that questions would wait for. */
    @Test
    void aTransportThatClosesWhileItsPoolsConnectAnswersQuestions() throws Exception {
        for (int round = 0; round < 30; round++) {
            StoqTransport transport = StoqTransport.builder().eventLoops(1).build();
            StoqPool pool =
                    transport.pool("::1", 4433).tls(Pair.clientTls("test")).build();
            for (int i = 0; i < round % 10; i++) {
                Thread.yield();
            }
            transport.close();
            assertNotNull(transport.statistics());
            assertThrows(StoqException.Closed.class, pool::acquire);
        }
    }

    @Test
    void aHandlerThatThrowsIsLoggedOnceWithItsConnectionWhichGoesOn() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("io.stoq");
        ListAppender<ILoggingEvent> log = new ListAppender<>() {
            @Override
            protected void append(ILoggingEvent event) {
                event.prepareForDeferredProcessing();
                super.append(event);
            }
        };
        log.start();
        logger.addAppender(log);
        ConnectionHandler clumsy = new ConnectionHandler() {
            @Override
            public StreamEvents onStream(StoqStream stream) {
                return (source, data) -> {
                    throw new IllegalStateException("clumsy");
                };
            }
        };
        try (Pair pair = new Pair(
                "auto", ConnectionConfig.defaults(), ConnectionConfig.defaults(), builder -> builder.handler(clumsy))) {
            StoqStream stream = pair.client.openStream();
            stream.write(new byte[100_000], 0, 100_000);
            assertThrows(StoqException.StreamReset.class, () -> stream.read(ByteBuffer.allocate(1)));
            // A round trip later nothing more was said.
            assertTrue(pair.client.isOpen());
            StoqStream answer = pair.peer().openUnidirectionalStream();
            answer.finish();
            assertEquals(-1, pair.client.acceptStream().read(ByteBuffer.allocate(1)));
        } finally {
            logger.detachAppender(log);
        }
        List<ILoggingEvent> failures = log.list.stream()
                .filter(event -> event.getThrowableProxy() != null
                        && "clumsy".equals(event.getThrowableProxy().getMessage()))
                .toList();
        assertEquals(1, failures.size());
        assertNotNull(failures.getFirst().getMDCPropertyMap().get("stoq.connection"));
    }

    @Test
    void aHandlerThatTakesNothingStopsItsPeerAndNobodyElse() throws Exception {
        long window = 65_536;
        ConnectionConfig narrow = ConnectionConfig.builder()
                .streamWindowBytes(window, window)
                .connectionWindowBytes(4 * window, 4 * window)
                .build();
        ConnectionHandler lazy = new ConnectionHandler() {
            @Override
            public StreamEvents onStream(StoqStream stream) {
                return stream.isBidirectional() ? NOTHING : null;
            }
        };
        try (Pair pair = new Pair("auto", ConnectionConfig.defaults(), narrow, builder -> builder.handler(lazy))) {
            StoqStream ignored = pair.client.openStream();
            assertThrows(StoqException.Timeout.class, () -> ignored.write(ByteBuffer.allocate(16 << 20), SHORT));
            assertThrows(StoqException.Timeout.class, () -> ignored.awaitDelivered(SHORT));
            StoqStream heard = pair.client.openUnidirectionalStream();
            CompletableFuture<Void> written = CompletableFuture.runAsync(
                    () -> assertDoesNotThrow(() -> {
                        heard.write(ByteBuffer.allocate(4 << 20));
                        heard.finish();
                    }),
                    Thread::startVirtualThread);
            assertEquals(4 << 20, pair.peer().acceptStream().inputStream().readAllBytes().length);
            written.get();
            assertEquals(window, ignored.statistics().bytesSent());
            assertTrue(pair.peer().statistics().bytesHeld() <= 2 * window);
        }
    }

    @Test
    void aHandlerThatBlocksHoldsUpItsLoopAndLosesNothing() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ConnectionHandler blocking = new ConnectionHandler() {
            @Override
            public StreamEvents onStream(StoqStream stream) {
                blocked.countDown();
                assertDoesNotThrow(() -> goOn.await());
                return null;
            }
        };
        try (Pair pair = new Pair(
                "auto",
                ConnectionConfig.defaults(),
                ConnectionConfig.defaults(),
                builder -> builder.handler(blocking))) {
            StoqStream stream = pair.client.openUnidirectionalStream();
            stream.write(new byte[1000], 0, 1000);
            stream.finish();
            blocked.await();
            assertThrows(StoqException.Timeout.class, () -> stream.awaitDelivered(SHORT));
            goOn.countDown();
            assertEquals(1000, pair.peer().acceptStream().inputStream().readAllBytes().length);
        }
    }

    @Test
    void finishingOnTheLoopWhileAThreadWritesIsRefusedRatherThanWaitedFor() throws Exception {
        ConnectionConfig narrow =
                ConnectionConfig.builder().streamWindowBytes(65_536, 65_536).build();
        try (Pair pair = new Pair("auto", ConnectionConfig.defaults(), narrow, builder -> builder)) {
            StoqStream stream = pair.client.openStream();
            Thread writer = Thread.startVirtualThread(
                    () -> assertThrows(StoqException.class, () -> stream.write(ByteBuffer.allocate(16 << 20))));
            BlockingFaceTest.awaitWaiting(writer);
            CompletableFuture<Throwable> refused = new CompletableFuture<>();
            StoqStream other = pair.client.openStream();
            other.write(new byte[1], 0, 1);
            other.handler(new StreamEvents() {
                @Override
                public void onData(StoqStream source, ByteBuffer data) {}

                @Override
                public void onReset(StoqStream source, long code) {
                    refused.complete(assertThrows(IllegalStateException.class, stream::finish));
                }
            });
            StoqStream accepted = pair.peer().acceptStream();
            while (accepted.id() != other.id()) {
                accepted = pair.peer().acceptStream();
            }
            accepted.reset(1);
            assertNotNull(refused.get());
            stream.close();
            writer.join();
        }
    }

    private static void closed(Executable... calls) {
        for (int i = 0; i < calls.length; i++) {
            assertThrows(StoqException.ConnectionClosed.class, calls[i], "call " + i);
        }
    }
}
