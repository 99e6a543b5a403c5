/**
 * The QUIC engine: pure protocol logic over memory and time that others hand in.
 *
 * <p>Exported to all: the public API, its configuration, and the SPIs of crypto providers and congestion controllers. The rest
 * is open to STOQ's own modules only.
 */
@SuppressWarnings("module") // the modules named behind `to` are built after this one
module io.stoq {
    exports io.stoq;
    exports io.stoq.config;
    exports io.stoq.congestion;
    exports io.stoq.congestion.bbr;
    exports io.stoq.crypto;
    exports io.stoq.pool;
    exports io.stoq.buffer to
            io.stoq.tls,
            io.stoq.transport;
    exports io.stoq.cid to
            io.stoq.transport;
    exports io.stoq.connection to
            io.stoq.transport;
    exports io.stoq.datagram to
            io.stoq.transport;
    exports io.stoq.endpoint to
            io.stoq.transport;
    exports io.stoq.memory to
            io.stoq.transport;
    exports io.stoq.path to
            io.stoq.transport;
    exports io.stoq.pool.policy to
            io.stoq.transport;
    exports io.stoq.stream to
            io.stoq.transport;
    exports io.stoq.telemetry to
            io.stoq.transport;
    exports io.stoq.wire to
            io.stoq.tls,
            io.stoq.transport;
    exports io.stoq.wire.frame to
            io.stoq.transport;
}
