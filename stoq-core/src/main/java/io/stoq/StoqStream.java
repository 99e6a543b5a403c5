package io.stoq;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

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

    /** RFC 9000 §2.1. */
    long id();

    StoqConnection connection();

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

    /** As {@link #read(ByteBuffer)}. */
    int read(byte[] target, int at, int length) throws StoqException;

    /**
     * Writes all remaining bytes: copies them and returns when the last one is on its way to the loop. Waits while more
     * than the transport's {@code streamSendBufferBytes} are not acknowledged. When it is interrupted, the bytes that the
     * buffer's position has passed will be sent, and the stream stays usable.
     *
     * @throws StoqException.StreamReset where the peer asked to stop sending
     * @throws StoqException.Closed after {@link #finish()} or {@link #reset}
     */
    void write(ByteBuffer source) throws StoqException;

    /** As {@link #write(ByteBuffer)}. */
    void write(byte[] source, int at, int length) throws StoqException;

    /**
     * Writes without a copy: the bytes must not change until {@code onReleased} runs, on the event loop, exactly once: when
     * the peer acknowledged them, or the stream or connection ended. Where this throws it does not run.
     */
    void writeReferenced(byte[] source, int at, int length, Runnable onReleased) throws StoqException;

    /**
     * Ends this side's direction after what was written. Finishing twice does nothing, nor does finishing what the peer asked
     * to stop: it may have answered before it read the end. {@link #awaitDelivered} tells whether all arrived.
     */
    void finish() throws StoqException;

    /**
     * Waits until the peer's transport has acknowledged all that was written.
     *
     * @throws StoqException.Timeout where that takes longer
     */
    void awaitDelivered(Duration timeout) throws StoqException;

    /** Reads as {@link #read}; closing it before its end is {@link #stopSending} with code 0. */
    InputStream inputStream();

    /** Writes as {@link #write(byte[], int, int)}; flushing it is {@link #flush()}, closing it {@link #finish()}. */
    OutputStream outputStream();

    // ---- the face that does not wait

    /** Sets who hears of this stream from now on, on the event loop; bytes that nobody read yet come first. */
    void handler(StreamEvents events);

    /**
     * Writes all remaining bytes or none, without waiting.
     *
     * @return false under back-pressure: nothing was taken, and {@link StreamEvents#onWritable} follows where a handler is
     *     set
     * @throws StoqException as {@link #write(ByteBuffer)}
     */
    boolean tryWrite(ByteBuffer source) throws StoqException;

    /** As {@link #tryWrite} and {@link #writeReferenced}; where it returns false, {@code onReleased} does not run. */
    boolean tryWriteReferenced(byte[] source, int at, int length, Runnable onReleased) throws StoqException;

    /** Asks for the bytes that {@link StreamEvents#onData} left. */
    void resume();

    // ---- both

    /**
     * As {@link StoqConnection#flush()}: what was written waits no longer for more, here and on the connection's other
     * streams, with which it shares packets. Never throws.
     */
    void flush();

    /** Gives up this side's direction: what is not delivered yet may never be. RFC 9000 §3.1. */
    void reset(long code);

    /** Wants no more bytes from the peer; what comes is thrown away. RFC 9000 §3.5. */
    void stopSending(long code);

    /** Counters as of now. Any thread; may wait for the event loop for a moment. */
    StreamStatistics statistics();

    /** Finishes this side's direction, and stops the peer's with code 0 where its end was not read. Never throws. */
    @Override
    void close();
}
