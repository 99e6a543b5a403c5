package io.stoq.bench.perf;

import io.stoq.ConnectionStatistics;

/** Packet counts over several connections. */
final class PacketTotals {

    private long sent;
    private long lost;
    private long spuriouslyLost;
    private long smoothedRttNs;
    private long minRttNs;
    private int maxDatagramBytes;

    synchronized void add(ConnectionStatistics connection) {
        sent += connection.packetsSent();
        lost += connection.losses().packets();
        spuriouslyLost += connection.losses().packetsSpurious();
        smoothedRttNs = Math.max(smoothedRttNs, connection.path().smoothedRttNs());
        maxDatagramBytes = maxDatagramBytes == 0
                ? connection.path().maxDatagramBytes()
                : Math.min(maxDatagramBytes, connection.path().maxDatagramBytes());
        minRttNs = minRttNs == 0
                ? connection.path().minRttNs()
                : Math.min(minRttNs, connection.path().minRttNs());
    }

    /** Adds counts only: the times are of connections that are open. */
    void add(PacketTotals other) {
        synchronized (other) {
            sent += other.sent;
            lost += other.lost;
            spuriouslyLost += other.spuriouslyLost;
        }
    }

    long sent() {
        return sent;
    }

    long lost() {
        return lost;
    }

    long spuriouslyLost() {
        return spuriouslyLost;
    }

    /** The largest among the connections that are open; 0 where there is none. */
    long smoothedRttNs() {
        return smoothedRttNs;
    }

    /** The smallest among the connections that are open; 0 where there is none. */
    long minRttNs() {
        return minRttNs;
    }

    /** The largest datagram that they send; the smallest of these sizes among those open, 0 where there is none. */
    int maxDatagramBytes() {
        return maxDatagramBytes;
    }
}
