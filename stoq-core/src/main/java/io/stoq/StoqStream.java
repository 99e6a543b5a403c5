package io.stoq;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * A stream of a connection: ordered bytes, in one direction or both, each flow controlled for itself. RFC 9000 §2.
 *
 * <p>It has two faces. The one that waits ({@code read}, {@code write}, {@link #inputStream()}, {@link #outputStream()}) is
 * made for virtual threads; it must not be used on an event loop, where it throws {@link IllegalStateException}. The one
 * that does not wait ({@link #handler}, {@link #tryWrite}, {@link #resume}) calls back on the event loop. Each direction
 * is used through one face at a time.
 *
 * <p>Thread-safe. Reading and writing are independent of each other; several threads that read, or write, take turns.
 */
public interface StoqStream extends AutoCloseable {

    /**
     * The error code of both directions of streams that this side resets because their connection, or the endpoint, holds
     * too much memory: {@code 0x4d454d}. Calls of such a stream throw {@link StoqException.OverBudget} here, and
     * {@link StoqException.StreamReset} with this code at the peer.
     */
    long OVER_BUDGET = 0x4d454d;

    /** RFC 9000 §2.1. */
    long id();

    /** The connection that it is a stream of, open or not. */
    StoqConnection connection();

    /** Whether both sides can write to it. RFC 9000 §2.1. */
    boolean isBidirectional();

    /** Whether this side opened it. */
    boolean isLocal();

    /**
     * Whether it was opened by early data (0-RTT). What a peer sent so may be a replay of an earlier connection's: act on it
     * only where doing so twice does no harm, or wait for {@link StoqConnection#earlyData()}. RFC 9001 §9.2.
     */
    boolean isEarlyData();

    /**
     * Whether nothing of this side's direction was ever put into a packet: the peer cannot have seen any of it, so it may be
     * repeated elsewhere once the connection is closed. May wait for the event loop for a moment.
     */
    boolean isUnsent();

    // ---- the face that waits

    /**
     * Reads what is there, at least one byte unless the target is full; waits for it.
     *
     * @return how many bytes were read, or -1 at the end of the stream
     * @throws StoqException.StreamReset where the peer gave up its direction; bytes not read yet are gone
     * @throws StoqException.Closed after {@link #stopSending}
     */
    int read(ByteBuffer target) throws StoqException;

    /**
     * As {@link #read(ByteBuffer)}, for so long at the most.
     *
     * @throws StoqException.Timeout where nothing came in time
     */
    int read(ByteBuffer target, Duration timeout) throws StoqException;

    /** As {@link #read(ByteBuffer)}. */
    default int read(byte[] target, int at, int length) throws StoqException {
        return read(ByteBuffer.wrap(target, at, length));
    }

    /**
     * Writes all remaining bytes: copies them and returns when the last one is on its way to the loop. Waits while more
     * than the transport's {@code streamSendBufferBytes} are not acknowledged. When it is interrupted, the bytes that the
     * buffer's position has passed will be sent, and the stream stays usable.
     *
     * @throws StoqException.StreamReset where the peer asked to stop sending
     * @throws StoqException.Closed after {@link #finish()} or {@link #reset}
     */
    void write(ByteBuffer source) throws StoqException;

    /**
     * As {@link #write(ByteBuffer)}, for so long at the most. The bytes that the buffer's position has passed will be sent.
     *
     * @throws StoqException.Timeout where there was no room for all of them in time
     */
    void write(ByteBuffer source, Duration timeout) throws StoqException;

    /** As {@link #write(ByteBuffer)}. */
    default void write(byte[] source, int at, int length) throws StoqException {
        write(ByteBuffer.wrap(source, at, length));
    }

    /**
     * Writes without a copy: the bytes must not change until {@code onReleased} runs, on the event loop, exactly once: when
     * the peer acknowledged them, or the stream or connection ended. Where this throws it does not run.
     */
    void writeReferenced(byte[] source, int at, int length, Runnable onReleased) throws StoqException;

    /**
     * Ends this side's direction after what was written. Finishing twice does nothing, nor does finishing what the peer asked
     * to stop: it may have answered before it read the end. {@link #awaitDelivered} tells whether all arrived. Waits for a
     * thread that is in the middle of a write, and never for anything else.
     *
     * @throws IllegalStateException on an event loop while a thread is in the middle of a write
     */
    void finish() throws StoqException;

    /**
     * Waits until the peer's transport has acknowledged all that was written.
     *
     * @throws StoqException.Timeout where that takes longer
     */
    void awaitDelivered(Duration timeout) throws StoqException;

    /**
     * Writes a region of a file as {@link #write(ByteBuffer)} does, without loading it whole: at most 64 KiB of it beside what the
     * stream's own bound holds. The file's position is neither used nor changed, and an interruption does not close the file.
     *
     * @param position of the first byte in the file, 0 or more
     * @param count how many bytes, 0 or more
     * @throws StoqException.FileTooShort where the file ends within the region, or does so in the course of it
     * @throws IOException where the file cannot be read
     */
    void writeFile(FileChannel file, long position, long count) throws IOException;

    /** Reads as {@link #read}; closing it before its end is {@link #stopSending} with code 0. */
    InputStream inputStream();

    /** Writes as {@link #write(byte[], int, int)}; flushing it is {@link #flush()}, closing it {@link #finish()}. */
    OutputStream outputStream();

    /**
     * Reads as {@link #read}, and follows the rules of {@link java.nio.channels.InterruptibleChannel}: a thread that is interrupted
     * in it, or in whose middle it is closed, gets a {@link java.nio.channels.ClosedByInterruptException} or an
     * {@link java.nio.channels.AsynchronousCloseException}, and the channel is closed. Closing it before its end is
     * {@link #stopSending} with code 0. What this side stopped is a {@link java.nio.channels.ClosedChannelException}; what the
     * peer or the connection did stays the {@link StoqException} that it is.
     */
    ReadableByteChannel readableChannel();

    /**
     * Writes as {@link #write(ByteBuffer)}, all or nothing left, by the rules of {@link #readableChannel()}. Closing it is
     * {@link #finish()}; in the middle of a write, by interruption or another thread, it is {@link #reset} with code 0.
     */
    WritableByteChannel writableChannel();

    // ---- the face that does not wait

    /**
     * Sets who hears of this stream from now on, on the event loop. Bytes that nobody read yet come first, and what became of the
     * stream before is told once more.
     */
    void handler(StreamEvents events);

    /**
     * Writes all remaining bytes or none, without waiting.
     *
     * @return false under back-pressure: nothing was taken, and {@link StreamEvents#onWritable} follows where a handler is
     *     set
     * @throws StoqException as {@link #write(ByteBuffer)}
     */
    boolean tryWrite(ByteBuffer source) throws StoqException;

    /**
     * Completes when a {@link #tryWrite} that returned false has a chance again; at once where none did, or where nothing can
     * be written any more, as {@code tryWrite} then tells. The twin of {@link StreamEvents#onWritable} for those who have no
     * handler. Completes on the event loop.
     */
    CompletableFuture<Void> writable();

    /**
     * The twin of {@link #awaitDelivered}: completes when all that was written before the call is acknowledged, on the event
     * loop; fails as that one, except that it knows no timeout.
     */
    CompletableFuture<Void> delivered();

    /** As {@link #tryWrite} and {@link #writeReferenced}; where it returns false, {@code onReleased} does not run. */
    boolean tryWriteReferenced(byte[] source, int at, int length, Runnable onReleased) throws StoqException;

    /**
     * As {@link #writeFile}, without waiting. Completes when the last byte is on its way to the loop; fails as that one throws.
     * Cancelling it ends it between two pieces.
     */
    CompletableFuture<Void> writeFileAsync(FileChannel file, long position, long count);

    /**
     * What comes, for one subscriber, which takes the place of {@link #handler}: its demand is the peer's credit. Items have 1 to
     * 65,536 bytes, and belong to the subscriber. Signals come on the event loop, so that the subscriber must not block; the first,
     * {@code onSubscribe}, from inside {@code subscribe}. Cancelling is {@link #stopSending} with code 0. It fails with
     * {@link StoqException.StreamReset}, {@link StoqException.ConnectionClosed} or, where this side stopped the stream, {@link
     * StoqException.Closed}.
     */
    Flow.Publisher<ByteBuffer> publisher();

    /**
     * Writes what one publisher has, and finishes after it. It asks for an item when the stream has taken the last one, copies it,
     * and is done with it before it asks for the next. Where the stream or connection ends it cancels its subscription.
     *
     * @param failureCode what the stream is reset with where the publisher fails
     */
    Flow.Subscriber<ByteBuffer> subscriber(long failureCode);

    /** Asks for the bytes that {@link StreamEvents#onData} left. */
    void resume();

    // ---- both

    /**
     * Orders what this side sends on the stream, repetitions included, among the connection's other streams; at any time. Until
     * then it is {@link StreamPriority#DEFAULT}. RFC 9218 §4.
     *
     * @throws IllegalStateException where this side only reads the stream
     */
    void priority(StreamPriority priority);

    /** What was set last. */
    StreamPriority priority();

    /**
     * As {@link StoqConnection#flush()}: what was written waits no longer for more, here and on the connection's other
     * streams, with which it shares packets. Never throws.
     */
    default void flush() {
        connection().flush();
    }

    /** Gives up this side's direction: what is not delivered yet may never be. RFC 9000 §3.1. */
    void reset(long code);

    /** Wants no more bytes from the peer; what comes is thrown away. RFC 9000 §3.5. */
    void stopSending(long code);

    /** Counters as of now. Any thread; may wait for the event loop for a moment. */
    StreamStatistics statistics();

    /**
     * Finishes this side's direction, and stops the peer's with code 0 where its end was not read. Where the last write was cut
     * short by its deadline, an interruption or this very call, this side's direction is reset with code 0 instead, so that the
     * peer cannot take a part for the whole. Never throws; closing twice does nothing.
     */
    @Override
    void close();
}
