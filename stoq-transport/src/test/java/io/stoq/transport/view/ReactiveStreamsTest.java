package io.stoq.transport.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.StoqTransport;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** The rules of Reactive Streams, as their own test suite checks them, over loopback sockets. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReactiveStreamsTest {

    private static final Identity IDENTITY = Identity.selfSigned("::1");
    private static final long TIMEOUT_MS = 1000;
    private static final long QUIET_MS = 20;

    @Test
    void aPublisherKeepsTheRules() {
        verify(Publishers.class, 20);
    }

    @Test
    void aSubscriberKeepsTheRules() {
        verify(Subscribers.class, 10);
    }

    /** @param least how many tests apply; what is optional, not offered, or not seen in time, is skipped */
    private static void verify(Class<?> suite, int least) {
        TestListenerAdapter outcome = new TestListenerAdapter();
        TestNG runner = new TestNG(false);
        runner.setVerbose(0);
        runner.setTestClasses(new Class<?>[] {suite});
        runner.addListener(outcome);
        runner.run();
        List<String> failures = outcome.getFailedTests().stream()
                .map(ReactiveStreamsTest::describe)
                .toList();
        assertEquals(List.of(), failures);
        assertEquals(List.of(), outcome.getConfigurationFailures());
        assertTrue(
                outcome.getPassedTests().size() >= least,
                () -> outcome.getPassedTests().size() + " tests passed");
    }

    private static String describe(ITestResult result) {
        return result.getName() + ": " + result.getThrowable();
    }

    /** A connection whose server sends, on each stream, as many bytes as the stream's first eight bytes say. */
    private static final class Source implements AutoCloseable {

        private static final ConnectionConfig MANY_STREAMS =
                ConnectionConfig.builder().maxStreams(10_000, 10_000).build();

        private final StoqTransport transport =
                StoqTransport.builder().eventLoops(1).build();
        private final StoqConnection connection;

        Source() throws StoqException {
            StoqServer server = transport
                    .server()
                    .tls(StoqTls.builder()
                            .identity(IDENTITY)
                            .applicationProtocols("rules")
                            .build())
                    .config(MANY_STREAMS)
                    .bind("::1", 0)
                    .onStream(stream -> {
                        ByteBuffer count = ByteBuffer.allocate(Long.BYTES);
                        while (count.hasRemaining() && stream.read(count) > 0) {
                            // until it is known
                        }
                        if (!count.hasRemaining()) {
                            stream.write(ByteBuffer.allocate((int) count.getLong(0)));
                        }
                        stream.inputStream().readAllBytes();
                    })
                    .start();
            connection = transport
                    .client()
                    .tls(StoqTls.builder()
                            .trust(Trust.certificates(IDENTITY.certificates().getFirst()))
                            .applicationProtocols("rules")
                            .build())
                    .connect("::1", server.localAddress().getPort());
        }

        StoqStream stream(long bytes) {
            try {
                StoqStream stream = connection.openStream();
                stream.write(ByteBuffer.allocate(Long.BYTES).putLong(0, bytes));
                stream.finish();
                return stream;
            } catch (StoqException e) {
                throw new UncheckedIOException(e);
            }
        }

        StoqStream openStream() {
            try {
                return connection.openStream();
            } catch (StoqException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            transport.close();
        }
    }

    /** Items of one byte, so that they can be counted. */
    public static final class Publishers extends FlowPublisherVerification<ByteBuffer> {

        private Source source;

        public Publishers() {
            super(new TestEnvironment(TIMEOUT_MS, QUIET_MS));
        }

        @BeforeClass
        public void open() throws StoqException {
            source = new Source();
        }

        @AfterClass
        public void close() {
            source.close();
        }

        @Override
        public long maxElementsFromPublisher() {
            return 10_000;
        }

        @Override
        public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
            return new StreamPublisher(source.stream(elements), 1);
        }

        @Override
        public Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
            StreamPublisher taken = new StreamPublisher(source.openStream());
            taken.subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {}

                @Override
                public void onNext(ByteBuffer item) {}

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {}
            });
            return taken;
        }
    }

    /** Streams whose peer reads everything. */
    public static final class Subscribers extends FlowSubscriberBlackboxVerification<ByteBuffer> {

        private Source source;

        public Subscribers() {
            super(new TestEnvironment(TIMEOUT_MS, QUIET_MS));
        }

        @BeforeClass
        public void open() throws StoqException {
            source = new Source();
        }

        @AfterClass
        public void close() {
            source.close();
        }

        @Override
        public Flow.Subscriber<ByteBuffer> createFlowSubscriber() {
            return new StreamSubscriber(source.openStream(), 1);
        }

        @Override
        public ByteBuffer createElement(int element) {
            return ByteBuffer.allocate(Integer.BYTES).putInt(0, element);
        }
    }
}
