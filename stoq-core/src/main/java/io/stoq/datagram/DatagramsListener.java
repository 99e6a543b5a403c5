package io.stoq.datagram;

/** What a connection wants to know about its datagrams. All calls come on the connection's loop. */
public interface DatagramsListener {

    /** A datagram arrived. The array is borrowed for the call; {@code length} may be 0. */
    void onDatagram(byte[] data, int at, int length);

    /** The peer acknowledged the packet that carried it. It may come after {@link #onDatagramLost} where a loss was spurious. */
    void onDatagramAcked(long tag);

    /** It was lost, or dropped because no packet can hold it. It is not sent again. RFC 9221 §5.2. */
    void onDatagramLost(long tag);

    /** A call of the application made a datagram sendable. */
    void onWantsTransmit();
}
