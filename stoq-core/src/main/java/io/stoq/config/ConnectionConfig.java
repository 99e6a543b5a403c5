package io.stoq.config;

import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.congestion.CongestionControllerFactory;
import io.stoq.memory.ConnectionMemory;
import java.time.Duration;

/**
 * The knobs of one connection. Immutable; each value is checked when it is built, and nothing is clamped silently.
 *
 * @param limits flow control and stream counts that this side grants
 * @param timing timeouts and acknowledgement delay
 * @param datagramSize UDP payload sizes
 * @param congestion the congestion controller of every path
 * @param maxDatagramFrameBytes largest DATAGRAM frame this side takes, 0 to switch them off (RFC 9221 §3)
 * @param ecn whether packets are sent ECN-capable where the socket can and the path lets them pass (RFC 9000 §13.4)
 * @param memoryBytes what the connection may hold in memory before its peer gets no more credit; never twice as much. At
 *     least {@link #leastMemoryBytes}, so that a peer that keeps to its credit never loses a stream for it
 */
public record ConnectionConfig(
        Limits limits,
        Timing timing,
        DatagramSize datagramSize,
        CongestionControllerFactory congestion,
        int maxDatagramFrameBytes,
        boolean ecn,
        long memoryBytes) {

    private static final long MIB = 1 << 20;
    private static final long DEFAULT_MEMORY_BYTES = 64 * MIB;
    private static final long MAX_MEMORY_BYTES = 1L << 40;

    public ConnectionConfig {
        require(limits != null && timing != null && datagramSize != null && congestion != null, "a part is null");
        range("maxDatagramFrameBytes", maxDatagramFrameBytes, 0, 65_535);
        require(
                memoryBytes >= leastMemoryBytes(limits),
                "memoryBytes is " + memoryBytes + "; with connection windows of up to "
                        + limits.maxConnectionWindowBytes() + " bytes and " + limits.maxStreams()
                        + " streams it must be at least " + leastMemoryBytes(limits)
                        + ": raise it, or lower connectionWindowBytes and maxStreams");
        range("memoryBytes", memoryBytes, 0, MAX_MEMORY_BYTES);
    }

    /**
     * What these limits let a peer make a connection hold without doing wrong: the window once as data that waits, once as
     * what may still come, and the open streams, here and where the application meets them.
     */
    public static long leastMemoryBytes(Limits limits) {
        return Math.max(
                ConnectionMemory.MIN_BUDGET_BYTES,
                2 * (limits.maxConnectionWindowBytes() + limits.maxStreams() * ConnectionMemory.STREAM_BYTES));
    }

    /** What {@link Builder} begins with. */
    public static ConnectionConfig defaults() {
        return new Builder().build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * What this side lets the peer do. RFC 9000 §4.
     *
     * @param initialConnectionWindowBytes credit at the start over all streams
     * @param maxConnectionWindowBytes how far that window may grow
     * @param initialStreamWindowBytes credit at the start of each stream
     * @param maxStreamWindowBytes how far that window may grow
     * @param maxBidirectionalStreams streams that the peer may have open at once
     * @param maxUnidirectionalStreams the same for one-way streams
     */
    public record Limits(
            long initialConnectionWindowBytes,
            long maxConnectionWindowBytes,
            long initialStreamWindowBytes,
            long maxStreamWindowBytes,
            long maxBidirectionalStreams,
            long maxUnidirectionalStreams) {

        public Limits {
            range("maxConnectionWindowBytes", maxConnectionWindowBytes, 16_384, 1L << 32);
            range("initialConnectionWindowBytes", initialConnectionWindowBytes, 0, maxConnectionWindowBytes);
            range("maxStreamWindowBytes", maxStreamWindowBytes, 16_384, 1L << 32);
            range("initialStreamWindowBytes", initialStreamWindowBytes, 0, maxStreamWindowBytes);
            range("maxBidirectionalStreams", maxBidirectionalStreams, 0, 1 << 20);
            range("maxUnidirectionalStreams", maxUnidirectionalStreams, 0, 1 << 20);
        }

        /** Of both kinds. */
        public long maxStreams() {
            return maxBidirectionalStreams + maxUnidirectionalStreams;
        }
    }

    /**
     * @param idleTimeout silence after which the connection is given up; zero: never (RFC 9000 §10.1)
     * @param handshakeTimeout how long the handshake may take
     * @param keepAlive after how much silence a PING is sent; zero: never
     * @param maxAckDelay how long an acknowledgement may wait (RFC 9000 §13.2.1)
     * @param initialRtt assumed before the first sample (RFC 9002 §6.2.2)
     */
    public record Timing(
            Duration idleTimeout,
            Duration handshakeTimeout,
            Duration keepAlive,
            Duration maxAckDelay,
            Duration initialRtt) {

        public Timing {
            range("idleTimeout in ms", idleTimeout.toMillis(), 0, 1L << 32);
            range("handshakeTimeout in ms", handshakeTimeout.toMillis(), 1, 3_600_000);
            range("keepAlive in ms", keepAlive.toMillis(), 0, 1L << 32);
            range("maxAckDelay in ms", maxAckDelay.toMillis(), 1, (1 << 14) - 1);
            range("initialRtt in ms", initialRtt.toMillis(), 1, 60_000);
            require(
                    keepAlive.isZero() || idleTimeout.isZero() || keepAlive.compareTo(idleTimeout) < 0,
                    "keepAlive " + keepAlive + " must be shorter than idleTimeout " + idleTimeout);
        }
    }

    /**
     * @param sendBytes largest UDP payload to send, however much more the path carries: the search for the path's MTU ends
     *     there (RFC 8899). 1232 fits every IPv6 path, 1452 an Ethernet, 65,487 the loopback interface
     * @param receiveBytes largest UDP payload that is announced as acceptable (max_udp_payload_size)
     */
    public record DatagramSize(int sendBytes, int receiveBytes) {

        public DatagramSize {
            range("largest UDP payload to send", sendBytes, 1200, 65_487);
            range("largest UDP payload to receive", receiveBytes, 1200, 65_527);
        }
    }

    /** Builds a configuration; every default is stated at its field. */
    public static final class Builder {

        private long initialConnectionWindowBytes = 4 * MIB;
        private long maxConnectionWindowBytes = 16 * MIB;
        private long initialStreamWindowBytes = MIB;
        private long maxStreamWindowBytes = 16 * MIB;
        private long maxBidirectionalStreams = 1000;
        private long maxUnidirectionalStreams = 1000;
        private Duration idleTimeout = Duration.ofSeconds(30);
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private Duration keepAlive = Duration.ZERO;
        private Duration maxAckDelay = Duration.ofMillis(25);
        private Duration initialRtt = Duration.ofMillis(333);
        private int sendBytes = 65_487;
        private int receiveBytes = 65_527;
        private CongestionControllerFactory congestion = CongestionAlgorithm.CUBIC.factory();
        private int maxDatagramFrameBytes = 65_535;
        private boolean ecn = true;

        /** 0: what is not said follows from the windows. */
        private long memoryBytes;

        private Builder() {}

        /** Credit over all streams, in bytes: at the start, and how far it may grow. Default 4 and 16 MiB. */
        public Builder connectionWindowBytes(long initial, long max) {
            this.initialConnectionWindowBytes = initial;
            this.maxConnectionWindowBytes = max;
            return this;
        }

        /** Credit of each stream, in bytes: at the start, and how far it may grow. Default 1 and 16 MiB. */
        public Builder streamWindowBytes(long initial, long max) {
            this.initialStreamWindowBytes = initial;
            this.maxStreamWindowBytes = max;
            return this;
        }

        /** Streams of each kind that the peer may have open at once. Default 1000 and 1000. */
        public Builder maxStreams(long bidirectional, long unidirectional) {
            this.maxBidirectionalStreams = bidirectional;
            this.maxUnidirectionalStreams = unidirectional;
            return this;
        }

        /** Silence after which the connection is given up; zero for never. Default 30 s. */
        public Builder idleTimeout(Duration value) {
            this.idleTimeout = value;
            return this;
        }

        /** How long the handshake may take. Default 10 s. */
        public Builder handshakeTimeout(Duration value) {
            this.handshakeTimeout = value;
            return this;
        }

        /** Silence after which a PING keeps the connection alive; zero for never. Default never. */
        public Builder keepAlive(Duration value) {
            this.keepAlive = value;
            return this;
        }

        /** How long an acknowledgement may wait. Default 25 ms. */
        public Builder maxAckDelay(Duration value) {
            this.maxAckDelay = value;
            return this;
        }

        /** Round-trip time assumed before the first sample. Default 333 ms. */
        public Builder initialRtt(Duration value) {
            this.initialRtt = value;
            return this;
        }

        /**
         * Largest UDP payload to send, 1200 to 65,487 bytes. Default 65,487: as much as the path turns out to carry. With 1232
         * or less nothing needs to be found out.
         */
        public Builder maxUdpPayloadBytes(int value) {
            this.sendBytes = value;
            return this;
        }

        /** Largest UDP payload to accept, 1200 to 65,527 bytes. Default 65,527. */
        public Builder maxReceiveUdpPayloadBytes(int value) {
            this.receiveBytes = value;
            return this;
        }

        /** Default CUBIC. */
        public Builder congestion(CongestionAlgorithm algorithm) {
            this.congestion = algorithm.factory();
            return this;
        }

        /** A controller of your own. */
        public Builder congestion(CongestionControllerFactory factory) {
            this.congestion = factory;
            return this;
        }

        /** Largest DATAGRAM frame to accept, 0 to switch datagrams off. Default 65,535. */
        public Builder maxDatagramFrameBytes(int value) {
            this.maxDatagramFrameBytes = value;
            return this;
        }

        /**
         * Whether packets are sent ECN-capable, so that congested queues can mark them rather than drop them, where the socket
         * can do so and the path turns out to let marks pass. RFC 9000 §13.4. Default true.
         */
        public Builder ecn(boolean value) {
            this.ecn = value;
            return this;
        }

        /**
         * What a connection may hold in memory: data that waits to be put in order, to be read or to be acknowledged, and the
         * objects around it. Over it the peer gets no more credit, over 3/2 of it the streams that hold most are reset, and
         * the connection is closed before it holds twice as much. Needed are {@link #leastMemoryBytes}. Default 64 MiB, or
         * what the windows and streams need where that is more.
         */
        public Builder memoryBytes(long value) {
            range("memoryBytes", value, 1, MAX_MEMORY_BYTES);
            this.memoryBytes = value;
            return this;
        }

        /** The configuration.
         *
         * @throws IllegalArgumentException where a value is out of its range; the message names both */
        public ConnectionConfig build() {
            Limits limits = new Limits(
                    initialConnectionWindowBytes,
                    maxConnectionWindowBytes,
                    initialStreamWindowBytes,
                    maxStreamWindowBytes,
                    maxBidirectionalStreams,
                    maxUnidirectionalStreams);
            return new ConnectionConfig(
                    limits,
                    new Timing(idleTimeout, handshakeTimeout, keepAlive, maxAckDelay, initialRtt),
                    new DatagramSize(sendBytes, receiveBytes),
                    congestion,
                    maxDatagramFrameBytes,
                    ecn,
                    memoryBytes > 0 ? memoryBytes : Math.max(DEFAULT_MEMORY_BYTES, leastMemoryBytes(limits)));
        }
    }

    private static void range(String name, long value, long min, long max) {
        require(value >= min && value <= max, name + " is " + value + "; it must be within " + min + ".." + max);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
