package io.stoq.connection;

/** Plain counters of one connection. Confined to the connection's loop. */
final class Counters {

    long packetsSent;
    long packetsReceived;
    long bytesSent;
    long bytesReceived;
    long packetsUndecryptable;
    long packetsDuplicate;
    long probeTimeouts;
}
