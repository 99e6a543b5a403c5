package io.stoq;

/** What became of the data that a client sent before the handshake (0-RTT). RFC 9001 §4.6. */
public enum EarlyData {

    /** There was none. */
    NONE,

    /** The server took it. */
    ACCEPTED,

    /** The server did not read it; the transport sent it again when the handshake was complete. */
    REJECTED
}
