package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.stoq.StoqConnection;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What is logged, at the level that tells most: which connection it belongs to, and none of what is secret. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LoggingTest {

    private static final String CONNECTION = "stoq.connection";
    private static final String PAYLOAD = "the-words-that-nobody-else-may-read";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing(); // the context of the thread that logs, not of who reads
            super.append(event);
        }
    };
    private final CountDownLatch hasRead = new CountDownLatch(1);
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger stoq = (Logger) LoggerFactory.getLogger("io.stoq");

    @BeforeEach
    void logEverything() {
        log.start();
        root.addAppender(log);
        stoq.addAppender(log);
        stoq.setAdditive(false); // the console has enough
        stoq.setLevel(Level.TRACE);
    }

    @AfterEach
    void logLess() {
        root.detachAppender(log);
        stoq.detachAppender(log);
        stoq.setAdditive(true);
        stoq.setLevel(null);
    }

    @Test
    void neitherPayloadNorKeysAreEverLogged() throws Exception {
        List<String> keyLog = new CopyOnWriteArrayList<>();
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = transport
                        .server()
                        .tls(StoqTls.builder()
                                .identity(Pair.IDENTITY)
                                .applicationProtocols("test")
                                .keyLog(keyLog::add)
                                .build())
                        .bind("::1", 0)
                        .onStream(this::echoThenFail)
                        .start();
                StoqConnection client = transport
                        .client()
                        .tls(StoqTls.builder()
                                .trust(Trust.certificates(
                                        Pair.IDENTITY.certificates().getFirst()))
                                .applicationProtocols("test")
                                .keyLog(keyLog::add)
                                .build())
                        .connect("::1", server.localAddress().getPort())) {
            byte[] data = PAYLOAD.repeat(10_000).getBytes(StandardCharsets.US_ASCII);
            StoqStream stream = client.openStream();
            Thread writer = Thread.startVirtualThread(() -> write(stream, data));
            assertEquals(data.length, stream.inputStream().readNBytes(data.length).length);
            hasRead.countDown();
            writer.join();
            client.sendDatagram(ByteBuffer.wrap(data, 0, 1000));
            // A handler that throws with all that it has is the application's; the transport adds nothing to it.
            client.openStream().handler(new StreamEvents() {
                @Override
                public void onData(StoqStream of, ByteBuffer read) {
                    read.position(read.limit());
                }
            });
            client.ping();
            client.updateKeys().get();
        }
        assertTrue(keyLog.size() >= 10, keyLog::toString);
        String logged = logged();
        assertTrue(logged.contains("connected to"), "something was logged:\n" + logged);
        assertTrue(logged.contains("ended: "), logged);
        requireAbsent(logged, PAYLOAD);
        byte[] bytes = PAYLOAD.getBytes(StandardCharsets.US_ASCII);
        requireAbsent(logged, HexFormat.of().formatHex(bytes));
        requireAbsent(logged, Base64.getEncoder().encodeToString(bytes).substring(0, 40));
        for (String line : keyLog) {
            String[] parts = line.trim().split(" ");
            byte[] secret = HexFormat.of().parseHex(parts[2]);
            requireAbsent(logged, parts[2]);
            requireAbsent(logged, parts[1]); // the client's random, by which a key log is looked up
            requireAbsent(logged, Base64.getEncoder().encodeToString(secret));
        }
    }

    @Test
    void eachLineOfAConnectionHasItsNameInTheContext() throws Exception {
        String clientId;
        String serverId;
        try (Pair pair = new Pair("auto")) {
            clientId = pair.client.statistics().localConnectionId();
            serverId = pair.peer().statistics().localConnectionId();
            StoqStream stream = pair.client.openStream();
            stream.handler((of, data) -> {
                throw new IllegalStateException("the application's mistake");
            });
            stream.write(new byte[10], 0, 10);
            pair.peer().acceptStream().write(new byte[10], 0, 10);
            while (find("a handler of stream").isEmpty()) {
                Thread.onSpinWait(); // the loop logs it
            }
            pair.client.close(5, "two\nlines");
            pair.peer().closed().get();
        }
        assertEquals(clientId, context("a handler of stream"));
        assertEquals(clientId, context("connected to"));
        assertEquals(serverId, context("accepted from"));
        List<ILoggingEvent> ends = find("ended: ");
        assertEquals(2, ends.size(), ends::toString);
        for (ILoggingEvent end : ends) {
            assertTrue(
                    List.of(clientId, serverId).contains(end.getMDCPropertyMap().get(CONNECTION)));
            assertTrue(end.getFormattedMessage().endsWith("two?lines"), end::getFormattedMessage);
        }
    }

    @Test
    void aTaskLogsUnderTheNameOfItsConnection() throws Exception {
        org.slf4j.Logger application = LoggerFactory.getLogger("io.stoq.application");
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = transport
                        .server()
                        .tls(Pair.serverTls("test"))
                        .bind("::1", 0)
                        .onStream(stream -> {
                            application.info("a request on stream {}", stream.id());
                            stream.inputStream().readAllBytes();
                            stream.finish();
                        })
                        .start();
                StoqConnection client = transport
                        .client()
                        .tls(Pair.clientTls("test"))
                        .connect("::1", server.localAddress().getPort())) {
            StoqStream stream = client.openStream();
            stream.finish();
            assertEquals(-1, stream.inputStream().read());
        }
        assertEquals(context("accepted from"), context("a request on stream 0"));
    }

    private void echoThenFail(StoqStream stream) throws Exception {
        byte[] data = stream.inputStream().readAllBytes();
        stream.write(data, 0, data.length);
        hasRead.await(); // or else the reset takes from the reader what has arrived
        throw new IllegalStateException("the application's mistake");
    }

    private static void write(StoqStream stream, byte[] data) {
        try {
            stream.write(data, 0, data.length);
            stream.finish();
        } catch (io.stoq.StoqException e) {
            throw new AssertionError(e);
        }
    }

    private List<ILoggingEvent> find(String words) {
        return events().stream()
                .filter(event -> event.getFormattedMessage().contains(words))
                .toList();
    }

    private String context(String words) {
        List<ILoggingEvent> found = find(words);
        assertEquals(1, found.size(), () -> words + ": " + found);
        return found.getFirst().getMDCPropertyMap().get(CONNECTION);
    }

    private List<ILoggingEvent> events() {
        synchronized (log) {
            return new ArrayList<>(log.list);
        }
    }

    private String logged() {
        StringBuilder text = new StringBuilder();
        for (ILoggingEvent event : events()) {
            text.append(event.getMDCPropertyMap()).append(event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                text.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static void requireAbsent(String logged, String secret) {
        assertFalse(
                logged.toLowerCase(Locale.ROOT).contains(secret.toLowerCase(Locale.ROOT)),
                () -> "was logged: " + secret);
    }
}
