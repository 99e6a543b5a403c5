package io.stoq.wire;

/**
 * What an endpoint says about itself in its handshake. Immutable; arrays are not to be changed.
 * RFC 9000 §18.2, RFC 9221 §3.
 *
 * <p>A parameter that was absent has the RFC's default; where absence means something of its own it is null, or false.
 *
 * @param originalDestinationConnectionId of the client's first Initial packet, or null; servers only
 * @param maxIdleTimeoutMs 0 is none
 * @param statelessResetToken 16 bytes or null; servers only
 * @param maxUdpPayloadSize largest UDP payload that the endpoint is willing to receive, in bytes, 1,200 or more
 * @param initialMaxData credit of the connection, in bytes
 * @param initialMaxStreamDataBidiLocal credit of bidirectional streams that the sender of this parameter opens, in
 *     bytes
 * @param initialMaxStreamDataBidiRemote credit of bidirectional streams that its receiver opens, in bytes
 * @param initialMaxStreamDataUni credit of unidirectional streams that its receiver opens, in bytes
 * @param initialMaxStreamsBidi how many bidirectional streams its receiver may open, at most 2^60
 * @param initialMaxStreamsUni how many unidirectional streams its receiver may open, at most 2^60
 * @param ackDelayExponent at most 20
 * @param maxAckDelayMs below 2^14
 * @param disableActiveMigration whether the peer must not move during the connection
 * @param preferredAddress or null; servers only
 * @param activeConnectionIdLimit 2 or more
 * @param initialSourceConnectionId of the sender's first Initial packet; null is absent, which only a builder can
 *     produce
 * @param retrySourceConnectionId of the server's Retry packet, or null; servers only
 * @param maxDatagramFrameSize largest DATAGRAM frame, type and length included, in bytes; 0 refuses them
 */
public record TransportParameters(
        byte[] originalDestinationConnectionId,
        long maxIdleTimeoutMs,
        byte[] statelessResetToken,
        long maxUdpPayloadSize,
        long initialMaxData,
        long initialMaxStreamDataBidiLocal,
        long initialMaxStreamDataBidiRemote,
        long initialMaxStreamDataUni,
        long initialMaxStreamsBidi,
        long initialMaxStreamsUni,
        long ackDelayExponent,
        long maxAckDelayMs,
        boolean disableActiveMigration,
        PreferredAddress preferredAddress,
        long activeConnectionIdLimit,
        byte[] initialSourceConnectionId,
        byte[] retrySourceConnectionId,
        long maxDatagramFrameSize) {

    // Defaults of absent parameters. RFC 9000 §18.2.
    public static final long DEFAULT_MAX_UDP_PAYLOAD_SIZE = 65527;
    public static final long DEFAULT_ACK_DELAY_EXPONENT = 3;
    public static final long DEFAULT_MAX_ACK_DELAY_MS = 25;
    public static final long DEFAULT_ACTIVE_CONNECTION_ID_LIMIT = 2;

    /**
     * Encodes what differs from the defaults, for the TLS extension quic_transport_parameters.
     *
     * @throws IllegalArgumentException where a value is one that {@link #decode} would refuse
     */
    public byte[] encode() {
        return TransportParameterCodec.encode(this, -1, null);
    }

    /**
     * Encodes as {@link #encode()}, with one more parameter that the peer has to ignore. RFC 9000 §18.1.
     *
     * @param reservedId of the form 31 * N + 27
     */
    public byte[] encode(long reservedId, byte[] reservedValue) {
        if (reservedId < 0 || !TransportParameterId.isReserved(reservedId)) {
            throw new IllegalArgumentException("transport parameter " + reservedId + " is not of the form 31 * N + 27");
        }
        return TransportParameterCodec.encode(this, reservedId, reservedValue);
    }

    /**
     * Decodes what a peer sent; unknown parameters are ignored.
     *
     * <p>Not checked here, as it takes the connection's state: whether connection ids are the ones that were seen on
     * packets (RFC 9000 §7.3).
     *
     * @param fromServer whether the peer is the server
     * @throws TransportException TRANSPORT_PARAMETER_ERROR for whatever RFC 9000 §7.4 and §18.2 forbid
     */
    public static TransportParameters decode(byte[] bytes, boolean fromServer) {
        return TransportParameterCodec.decode(bytes, fromServer);
    }

    /**
     * Whether whoever goes by {@code remembered} keeps within these limits. RFC 9000 §7.4.1, RFC 9221 §3.
     *
     * @param remembered of an earlier connection
     */
    public boolean allowsAtLeast(TransportParameters remembered) {
        return initialMaxData >= remembered.initialMaxData
                && initialMaxStreamDataBidiLocal >= remembered.initialMaxStreamDataBidiLocal
                && initialMaxStreamDataBidiRemote >= remembered.initialMaxStreamDataBidiRemote
                && initialMaxStreamDataUni >= remembered.initialMaxStreamDataUni
                && initialMaxStreamsBidi >= remembered.initialMaxStreamsBidi
                && initialMaxStreamsUni >= remembered.initialMaxStreamsUni
                && activeConnectionIdLimit >= remembered.activeConnectionIdLimit
                && maxDatagramFrameSize >= remembered.maxDatagramFrameSize;
    }

    /** A builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects parameters. Not thread-safe. */
    public static final class Builder {

        private byte[] originalDestinationConnectionId;
        private long maxIdleTimeoutMs;
        private byte[] statelessResetToken;
        private long maxUdpPayloadSize = DEFAULT_MAX_UDP_PAYLOAD_SIZE;
        private long initialMaxData;
        private long initialMaxStreamDataBidiLocal;
        private long initialMaxStreamDataBidiRemote;
        private long initialMaxStreamDataUni;
        private long initialMaxStreamsBidi;
        private long initialMaxStreamsUni;
        private long ackDelayExponent = DEFAULT_ACK_DELAY_EXPONENT;
        private long maxAckDelayMs = DEFAULT_MAX_ACK_DELAY_MS;
        private boolean disableActiveMigration;
        private PreferredAddress preferredAddress;
        private long activeConnectionIdLimit = DEFAULT_ACTIVE_CONNECTION_ID_LIMIT;
        private byte[] initialSourceConnectionId;
        private byte[] retrySourceConnectionId;
        private long maxDatagramFrameSize;

        private Builder() {}

        public Builder originalDestinationConnectionId(byte[] connectionId) {
            originalDestinationConnectionId = connectionId;
            return this;
        }

        public Builder maxIdleTimeoutMs(long timeoutMs) {
            maxIdleTimeoutMs = timeoutMs;
            return this;
        }

        public Builder statelessResetToken(byte[] token) {
            statelessResetToken = token;
            return this;
        }

        public Builder maxUdpPayloadSize(long bytes) {
            maxUdpPayloadSize = bytes;
            return this;
        }

        public Builder initialMaxData(long bytes) {
            initialMaxData = bytes;
            return this;
        }

        public Builder initialMaxStreamDataBidiLocal(long bytes) {
            initialMaxStreamDataBidiLocal = bytes;
            return this;
        }

        public Builder initialMaxStreamDataBidiRemote(long bytes) {
            initialMaxStreamDataBidiRemote = bytes;
            return this;
        }

        public Builder initialMaxStreamDataUni(long bytes) {
            initialMaxStreamDataUni = bytes;
            return this;
        }

        public Builder initialMaxStreamsBidi(long streams) {
            initialMaxStreamsBidi = streams;
            return this;
        }

        public Builder initialMaxStreamsUni(long streams) {
            initialMaxStreamsUni = streams;
            return this;
        }

        public Builder ackDelayExponent(long exponent) {
            ackDelayExponent = exponent;
            return this;
        }

        public Builder maxAckDelayMs(long delayMs) {
            maxAckDelayMs = delayMs;
            return this;
        }

        public Builder disableActiveMigration(boolean disable) {
            disableActiveMigration = disable;
            return this;
        }

        public Builder preferredAddress(PreferredAddress address) {
            preferredAddress = address;
            return this;
        }

        public Builder activeConnectionIdLimit(long limit) {
            activeConnectionIdLimit = limit;
            return this;
        }

        public Builder initialSourceConnectionId(byte[] connectionId) {
            initialSourceConnectionId = connectionId;
            return this;
        }

        public Builder retrySourceConnectionId(byte[] connectionId) {
            retrySourceConnectionId = connectionId;
            return this;
        }

        public Builder maxDatagramFrameSize(long bytes) {
            maxDatagramFrameSize = bytes;
            return this;
        }

        public TransportParameters build() {
            return new TransportParameters(
                    originalDestinationConnectionId,
                    maxIdleTimeoutMs,
                    statelessResetToken,
                    maxUdpPayloadSize,
                    initialMaxData,
                    initialMaxStreamDataBidiLocal,
                    initialMaxStreamDataBidiRemote,
                    initialMaxStreamDataUni,
                    initialMaxStreamsBidi,
                    initialMaxStreamsUni,
                    ackDelayExponent,
                    maxAckDelayMs,
                    disableActiveMigration,
                    preferredAddress,
                    activeConnectionIdLimit,
                    initialSourceConnectionId,
                    retrySourceConnectionId,
                    maxDatagramFrameSize);
        }
    }
}
