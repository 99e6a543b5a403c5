package io.stoq;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A QUIC connection. Thread-safe. RFC 9000 §5.
 *
 * <p>Methods that wait are made for virtual threads: they park, can be interrupted, and must not be called on an event
 * loop, where they throw {@link IllegalStateException}. Futures complete on the connection's event loop: what depends on
 * them must not block there either. Once the connection is closed every call that needs it throws, or completes with,
 * {@link StoqException.ConnectionClosed}, whose reason is {@link #closeReason()}.
 */
public interface StoqConnection extends AutoCloseable {

    /**
     * Opens a stream that both sides can write to; waits while the peer's limit is reached. The peer hears of it with its
     * first byte or its end. RFC 9000 §4.6.
     */
    StoqStream openStream() throws StoqException;

    /**
     * As {@link #openStream()}.
     *
     * @throws StoqException.Timeout where the peer's limit was not raised in time
     */
    StoqStream openStream(Duration timeout) throws StoqException;

    /** Opens a stream that only this side can write to; waits while the peer's limit is reached. */
    StoqStream openUnidirectionalStream() throws StoqException;

    /** As {@link #openUnidirectionalStream()}; throws as {@link #openStream(Duration)}. */
    StoqStream openUnidirectionalStream(Duration timeout) throws StoqException;

    /** Opens a stream without waiting; completes when the peer's limit allows. Cancelling it gives the stream up. */
    CompletableFuture<StoqStream> openStreamAsync(boolean bidirectional);

    /** Waits for the next stream of the peer that no {@link ConnectionHandler} took. */
    StoqStream acceptStream() throws StoqException;

    /** @throws StoqException.Timeout where none came in time */
    StoqStream acceptStream(Duration timeout) throws StoqException;

    /**
     * Sends a datagram: at most once, in no order, never repeated. Copies the buffer's remaining bytes. Does not wait.
     * RFC 9221.
     *
     * @return false under back-pressure, where 256 KiB wait to be sent: nothing was taken, and
     *     {@link ConnectionHandler#onDatagramsWritable} follows. True says that it will leave unless the path shrinks or the
     *     connection ends first; whether it arrives nobody knows.
     * @throws StoqException.DatagramRefused where it is longer than {@link #maxDatagramPayloadBytes()}
     */
    boolean sendDatagram(ByteBuffer data) throws StoqException;

    /**
     * Sends a datagram as {@link #sendDatagram(ByteBuffer)}, and waits for room where there is none.
     *
     * @throws StoqException.Timeout where there was no room in time; nothing was taken
     */
    void sendDatagram(ByteBuffer data, Duration timeout) throws StoqException;

    /**
     * Has all that was written to streams, or sent as datagrams, handed to the engine without waiting for more of it. Needed
     * only where the transport was given a {@code maxBatchDelay}; without one, what is written leaves at the end of the event
     * loop's turn anyway. On the event loop, what handlers wrote so far in this turn leaves before the turn reads on. Waits
     * for nothing: congestion control and pacing still decide when packets go.
     */
    void flush();

    /** Longest datagram that can be sent now, in bytes; 0 where the peer takes none. */
    int maxDatagramPayloadBytes();

    /**
     * Waits for a datagram that no {@link ConnectionHandler} took. One MiB of them is kept, where each counts 64 bytes more
     * than it has; older ones make room for newer ones and are counted by {@link #droppedDatagrams()}.
     */
    byte[] receiveDatagram() throws StoqException;

    /** @throws StoqException.Timeout where none came in time */
    byte[] receiveDatagram(Duration timeout) throws StoqException;

    /** Datagrams that nobody received in time. */
    long droppedDatagrams();

    /** Sends a PING, which keeps the connection and the NAT bindings on its path alive. */
    void ping() throws StoqException;

    /** Changes the keys; completes with false where the last change is not finished yet. RFC 9001 §6. */
    CompletableFuture<Boolean> updateKeys();

    /** Where the peer is now; changes when it moves. RFC 9000 §9. */
    InetSocketAddress remoteAddress();

    /** What both sides agreed to speak (ALPN). */
    String applicationProtocol();

    /** The name that the client asked for, or null where it named none. */
    String serverName();

    /** The peer's certificates, its own first; empty where it showed none. */
    List<X509Certificate> peerCertificates();

    /**
     * Whether the session goes on from an earlier one, by a ticket, so that the peer's certificates are those of back then,
     * judged anew. RFC 8446 §2.2.
     */
    boolean isResumed();

    /**
     * Completes with the handshake, which is at once where the connection did not begin with early data, and tells what became
     * of that. Until then the peer is who it was in the earlier session at best: a server may be talking to a replay.
     * RFC 9001 §9.2.
     */
    CompletableFuture<EarlyData> earlyData();

    /**
     * Derives bytes that only the two sides of this connection can derive, such as a key or a proof bound to it. Both get the
     * same for the same label and context. RFC 8446 §7.5.
     *
     * @param label printable ASCII, 1 to 249 characters; registered ones begin with {@code EXPORTER}
     * @param context what the bytes are bound to beside the connection; null is the same as empty
     * @param lengthBytes 1 to 8160, and more with a cipher suite of SHA-384
     * @throws IllegalArgumentException where label or length is out of bounds
     * @throws IllegalStateException before the handshake is complete, which only early data allows to see
     */
    byte[] exportKeyingMaterial(String label, byte[] context, int lengthBytes) throws StoqException;

    /** Counters as of now; as of the end for a closed connection. Any thread; may wait for the event loop for a moment. */
    ConnectionStatistics statistics();

    /** Whether neither side closed it, and it did not fail: what a moment later may be otherwise. Any thread. */
    boolean isOpen();

    /** Why the connection ended, or null while it is open. */
    CloseReason closeReason();

    /** Completes when the connection ends, whoever ends it. */
    CompletableFuture<CloseReason> closed();

    /** Closes with application code 0, as {@link #close(long, String)}. */
    @Override
    void close();

    /**
     * Closes the connection at once and tells the peer. Streams end with it: bytes that the peer has not acknowledged are
     * lost, so wait for the peer's answer or {@link StoqStream#awaitDelivered} first. Closing twice does nothing.
     *
     * @param code the application's code, 0 to 2^62-1
     * @param reason words for people, at most 512 bytes are sent
     */
    void close(long code, String reason);
}
