package io.stoq.connection;

/** Plain counters and times of one connection. Confined to the connection's loop. */
final class Counters {

    final long startedNs;
    long handshakeNs;
    long packetsSent;
    long packetsReceived;
    long bytesSent;
    long bytesReceived;
    long packetsUndecryptable;
    long packetsDuplicate;
    long pathChanges;

    Counters(long startedNs) {
        this.startedNs = startedNs;
    }

    void onHandshakeComplete(long nowNs) {
        handshakeNs = Math.max(1, nowNs - startedNs); // 0 is for those that are not complete
    }
}
