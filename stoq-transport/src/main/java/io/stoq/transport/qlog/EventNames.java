package io.stoq.transport.qlog;

/** How events and what differs in them are called. */
enum EventNames {

    /** draft-ietf-quic-qlog-main-schema-13, draft-ietf-quic-qlog-quic-events-12. */
    IETF(
            "quic:connection_started",
            "quic:connection_closed",
            "quic:connection_state_updated",
            "quic:tuple_assigned",
            "quic:alpn_information",
            "quic:parameters_set",
            "quic:packet_sent",
            "quic:packet_received",
            "quic:packet_dropped",
            "quic:packet_lost",
            "quic:timer_updated",
            "quic:recovery_metrics_updated",
            "quic:congestion_state_updated",
            "loglevel:warning"),

    /** qlog 0.3, which is draft-02 to qvis. */
    QVIS(
            "connectivity:connection_started",
            "connectivity:connection_closed",
            "connectivity:connection_state_updated",
            "connectivity:path_assigned",
            "transport:alpn_information",
            "transport:parameters_set",
            "transport:packet_sent",
            "transport:packet_received",
            "transport:packet_dropped",
            "recovery:packet_lost",
            "recovery:loss_timer_updated",
            "recovery:metrics_updated",
            "recovery:congestion_state_updated",
            "generic:warning");

    final String connectionStarted;
    final String connectionClosed;
    final String connectionState;
    final String pathAssigned;
    final String alpn;
    final String parametersSet;
    final String packetSent;
    final String packetReceived;
    final String packetDropped;
    final String packetLost;
    final String timer;
    final String metrics;
    final String congestionState;
    final String warning;

    EventNames(
            String connectionStarted,
            String connectionClosed,
            String connectionState,
            String pathAssigned,
            String alpn,
            String parametersSet,
            String packetSent,
            String packetReceived,
            String packetDropped,
            String packetLost,
            String timer,
            String metrics,
            String congestionState,
            String warning) {
        this.connectionStarted = connectionStarted;
        this.connectionClosed = connectionClosed;
        this.connectionState = connectionState;
        this.pathAssigned = pathAssigned;
        this.alpn = alpn;
        this.parametersSet = parametersSet;
        this.packetSent = packetSent;
        this.packetReceived = packetReceived;
        this.packetDropped = packetDropped;
        this.packetLost = packetLost;
        this.timer = timer;
        this.metrics = metrics;
        this.congestionState = congestionState;
        this.warning = warning;
    }
}
