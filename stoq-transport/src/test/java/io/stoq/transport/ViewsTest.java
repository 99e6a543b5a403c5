package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.config.ConnectionConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams as channels, publishers, subscribers, and as the target of files. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ViewsTest {

    private static final int MIB = 1 << 20;

    private static final ConnectionConfig NARROW = ConnectionConfig.builder()
            .streamWindowBytes(65_536, 65_536)
            .connectionWindowBytes(131_072, 131_072)
            .build();

    @TempDir
    Path folder;

    private static Pair narrow() throws Exception {
        return new Pair("auto", ConnectionConfig.defaults(), NARROW, builder -> builder);
    }

    // ---- channels

    @Test
    void channelsCarryBytesAndTheEnd() throws Exception {
        try (Pair pair = narrow()) {
            byte[] bytes = random(3 * MIB);
            StoqStream stream = pair.client.openUnidirectionalStream();
            CompletableFuture<Void> writing = async(() -> {
                try (WritableByteChannel channel = stream.writableChannel()) {
                    assertEquals(bytes.length, channel.write(ByteBuffer.wrap(bytes)));
                }
            });
            ReadableByteChannel channel = pair.peer().acceptStream().readableChannel();
            assertArrayEquals(bytes, Channels.newInputStream(channel).readAllBytes());
            assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
            writing.get();
            channel.close();
            channel.close();
            assertThrows(ClosedChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void aChannelIsClosedByInterruptionAndByOtherThreads() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = opened(pair);
            StoqStream accepted = pair.peer().acceptStream();
            ReadableByteChannel interrupted = stream.readableChannel();
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread reader = failing(failure, () -> interrupted.read(ByteBuffer.allocate(1)));
            BlockingFaceTest.awaitWaiting(reader);
            reader.interrupt();
            assertInstanceOf(ClosedByInterruptException.class, failure.get());
            assertFalse(interrupted.isOpen());
            assertThrows(StoqException.Closed.class, () -> stream.read(ByteBuffer.allocate(1)));

            WritableByteChannel closed = stream.writableChannel();
            CompletableFuture<Throwable> closing = new CompletableFuture<>();
            Thread writer = failing(closing, () -> closed.write(ByteBuffer.allocate(16 * MIB)));
            BlockingFaceTest.awaitWaiting(writer);
            closed.close();
            assertInstanceOf(AsynchronousCloseException.class, closing.get());
            assertThrows(
                    StoqException.StreamReset.class,
                    () -> accepted.inputStream().readAllBytes());
        }
    }

    @Test
    void aChannelOfAStreamThatWasEndedOtherwiseSaysWhy() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = opened(pair);
            WritableByteChannel writable = stream.writableChannel();
            ReadableByteChannel readable = stream.readableChannel();
            stream.finish();
            stream.stopSending(0);
            assertInstanceOf(
                    StoqException.Closed.class,
                    assertThrows(ClosedChannelException.class, () -> writable.write(ByteBuffer.allocate(1)))
                            .getCause());
            assertThrows(ClosedChannelException.class, () -> readable.read(ByteBuffer.allocate(1)));
            StoqStream cut = opened(pair);
            pair.client.close();
            assertThrows(
                    StoqException.ConnectionClosed.class,
                    () -> cut.readableChannel().read(ByteBuffer.allocate(1)));
        }
    }

    // ---- reactive streams

    @Test
    void aSubscribersDemandIsThePeersCredit() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = pair.client.openUnidirectionalStream();
            byte[] bytes = random(8 * MIB);
            CompletableFuture<Void> writing = async(() -> {
                stream.write(ByteBuffer.wrap(bytes));
                stream.finish();
            });
            Collector collector = new Collector();
            StoqStream accepted = pair.peer().acceptStream();
            accepted.publisher().subscribe(collector);
            collector.subscription.get().request(1);
            collector.first.get();
            assertTrue(collector.bytes.size() <= 65_536);
            assertFalse(writing.isDone());
            collector.unbounded = true;
            collector.subscription.get().request(1);
            collector.done.get();
            writing.get();
            assertArrayEquals(bytes, collector.bytes.toByteArray());
        }
    }

    @Test
    void aPublisherWritesThroughASubscriber() throws Exception {
        try (Pair pair = narrow()) {
            StoqStream stream = pair.client.openStream();
            byte[] bytes = random(8 * MIB);
            CompletableFuture<Void> submitting = async(() -> {
                try (SubmissionPublisher<ByteBuffer> source =
                        new SubmissionPublisher<>(Thread::startVirtualThread, 4)) {
                    source.subscribe(stream.subscriber(5));
                    for (int at = 0; at < bytes.length; at += 100_000) {
                        source.submit(ByteBuffer.wrap(bytes, at, Math.min(100_000, bytes.length - at)));
                    }
                }
            });
            StoqStream accepted = pair.peer().acceptStream();
            // Back to where it came from, by views alone.
            accepted.publisher().subscribe(accepted.subscriber(5));
            assertArrayEquals(bytes, stream.inputStream().readAllBytes());
            submitting.get();
        }
    }

    @Test
    void failuresPassThroughAdapters() throws Exception {
        try (Pair pair = narrow();
                SubmissionPublisher<ByteBuffer> source = new SubmissionPublisher<>(Thread::startVirtualThread, 4)) {
            StoqStream stream = pair.client.openStream();
            source.subscribe(stream.subscriber(5));
            source.submit(ByteBuffer.allocate(10));
            Collector collector = new Collector();
            collector.unbounded = true;
            StoqStream accepted = pair.peer().acceptStream();
            accepted.publisher().subscribe(collector);
            source.closeExceptionally(new IOException("the source failed"));
            StoqException.StreamReset reset = assertInstanceOf(
                    StoqException.StreamReset.class,
                    assertThrows(ExecutionException.class, collector.done::get).getCause());
            assertEquals(5, reset.errorCode());
            // Who comes when all is over hears of it all the same.
            Collector late = new Collector();
            accepted.publisher().subscribe(late);
            assertInstanceOf(
                    StoqException.StreamReset.class,
                    assertThrows(ExecutionException.class, late.done::get).getCause());

            Collector cut = new Collector();
            pair.client.openStream().publisher().subscribe(cut);
            pair.client.close();
            assertInstanceOf(
                    StoqException.ConnectionClosed.class,
                    assertThrows(ExecutionException.class, cut.done::get).getCause());
        }
    }

    // ---- files

    @Test
    void aRegionOfAFileIsSentByBothFaces() throws Exception {
        try (Pair pair = narrow();
                FileChannel file = file(random(5 * MIB))) {
            byte[] bytes = Files.readAllBytes(folder.resolve("file"));
            StoqStream waiting = pair.client.openUnidirectionalStream();
            CompletableFuture<Void> writing = async(() -> {
                waiting.writeFile(file, 100, 3 * MIB);
                waiting.writeFile(file, 0, 0);
                waiting.finish();
            });
            assertArrayEquals(
                    Arrays.copyOfRange(bytes, 100, 100 + 3 * MIB),
                    pair.peer().acceptStream().inputStream().readAllBytes());
            writing.get();
            StoqStream stream = pair.client.openUnidirectionalStream();
            stream.writeFileAsync(file, 0, bytes.length).thenRun(() -> {
                try {
                    stream.finish();
                } catch (StoqException e) {
                    throw new CompletionException(e);
                }
            });
            assertArrayEquals(bytes, pair.peer().acceptStream().inputStream().readAllBytes());
            assertEquals(0, file.position());
        }
    }

    @Test
    void aFileThatIsTooShortIsATypedErrorAndClosingResetsTheStream() throws Exception {
        try (Pair pair = narrow();
                FileChannel file = file(random(16 * MIB))) {
            StoqStream none = pair.client.openUnidirectionalStream();
            assertEquals(
                    0,
                    assertThrows(StoqException.FileTooShort.class, () -> none.writeFile(file, 1, 16 * MIB))
                            .bytesTransferred());
            none.close();
            StoqStream stream = pair.client.openUnidirectionalStream();
            CompletableFuture<Void> transfer = stream.writeFileAsync(file, 0, 16 * MIB);
            StoqStream accepted = pair.peer().acceptStream();
            while (accepted.id() != stream.id()) {
                accepted = pair.peer().acceptStream();
            }
            file.truncate(10 * MIB);
            StoqStream reading = accepted;
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            failing(outcome, () -> reading.inputStream().readAllBytes());
            StoqException.FileTooShort failure = assertInstanceOf(
                    StoqException.FileTooShort.class,
                    assertThrows(ExecutionException.class, transfer::get).getCause());
            assertTrue(failure.bytesTransferred() <= 10 * MIB, () -> failure.bytesTransferred() + " bytes");
            stream.close();
            assertInstanceOf(StoqException.StreamReset.class, outcome.get());
        }
    }

    @Test
    void aTransferThatIsGivenUpLeavesTheFileOpen() throws Exception {
        try (Pair pair = narrow();
                FileChannel file = file(random(16 * MIB))) {
            StoqStream stream = pair.client.openUnidirectionalStream();
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread writer = failing(failure, () -> stream.writeFile(file, 0, 16 * MIB));
            StoqStream accepted = pair.peer().acceptStream();
            writer.interrupt();
            StoqException.Interrupted interrupted = assertInstanceOf(StoqException.Interrupted.class, failure.get());
            assertTrue(file.isOpen());
            stream.finish();
            assertEquals(interrupted.bytesTransferred(), accepted.inputStream().readAllBytes().length);

            StoqStream other = pair.client.openUnidirectionalStream();
            CompletableFuture<Void> transfer = other.writeFileAsync(file, 0, 16 * MIB);
            pair.peer().acceptStream();
            transfer.cancel(true);
            assertThrows(CancellationException.class, transfer::get);
            assertTrue(file.isOpen());
            pair.client.close();
            assertThrows(StoqException.ConnectionClosed.class, () -> other.writeFile(file, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> other.writeFile(file, -1, 1));
        }
    }

    private FileChannel file(byte[] bytes) throws IOException {
        Path path = folder.resolve("file");
        Files.write(path, bytes);
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static StoqStream opened(Pair pair) throws Exception {
        StoqStream stream = pair.client.openStream();
        stream.write(new byte[1], 0, 1);
        return stream;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private interface Action {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> async(Action action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                action.run();
                done.complete(null);
            } catch (Throwable failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private static Thread failing(CompletableFuture<Throwable> failure, Action action) {
        return Thread.startVirtualThread(() -> {
            try {
                action.run();
                failure.complete(null);
            } catch (Throwable thrown) {
                failure.complete(thrown);
            }
        });
    }

    private static final class Collector implements Flow.Subscriber<ByteBuffer> {

        final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        final CompletableFuture<Void> first = new CompletableFuture<>();
        final CompletableFuture<Void> done = new CompletableFuture<>();
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        volatile boolean unbounded;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.complete(given);
            if (unbounded) {
                given.request(1);
            }
        }

        @Override
        public void onNext(ByteBuffer item) {
            bytes.write(item.array(), item.arrayOffset() + item.position(), item.remaining());
            first.complete(null);
            if (unbounded) {
                subscription.join().request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            done.complete(null);
        }
    }
}
