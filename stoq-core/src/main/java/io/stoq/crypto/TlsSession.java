package io.stoq.crypto;

/**
 * One TLS 1.3 handshake as QUIC uses it: bytes per encryption level in, {@link TlsEvent}s out. RFC 9001 §4.
 *
 * <p>Not thread-safe. {@link #run()} does the expensive work and may run on any thread, never at the same time as another
 * call; the engine hands it out as a task so that public-key operations stay off the packet loop.
 */
public interface TlsSession {

    /** Queues bytes of the CRYPTO stream of one level, in order. Cheap; nothing is parsed before {@link #run()}. */
    void onCrypto(int level, byte[] data, int offset, int length);

    /** Works off what was queued; the first call of a client produces its ClientHello. Never throws for peer input. */
    void run();

    /**
     * Whether what {@link #run()} would do now costs no more than a packet does: no public-key operation, a few hashes. The
     * engine does such work on the packet loop at once. Not asked while {@link #run()} runs.
     */
    default boolean isLight() {
        return false;
    }

    /** The next thing that happened, or null. In the order in which it must be acted on. */
    TlsEvent pollEvent();

    /** Wipes secrets; no call may follow. */
    void destroy();
}
