package io.stoq.datagram;

/** What a connection wants to know about its datagrams. All calls come on the connection's loop. */
public interface DatagramsListener {

    /** A datagram arrived. The array is borrowed for the call; {@code length} may be 0. */
    void onDatagram(byte[] data, int at, int length);

    /**
     * The peer acknowledged the packet that carried {@code count} datagrams, from number {@code first} on. It may come after
     * {@link #onDatagramsLost} where a loss was spurious.
     */
    void onDatagramsAcked(long first, int count);

    /**
     * {@code count} datagrams, from number {@code first} on, were lost, or one was dropped because no packet can hold it. They
     * are not sent again. RFC 9221 §5.2.
     */
    void onDatagramsLost(long first, int count);

    /** A call of the application made a datagram sendable. */
    void onWantsTransmit();
}
