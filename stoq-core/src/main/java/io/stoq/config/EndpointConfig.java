package io.stoq.config;

/**
 * The knobs of one endpoint: one UDP socket and all connections over it.
 *
 * @param connection configuration of connections that this endpoint accepts
 * @param accept whether Initial packets of strangers open connections (a server) or are dropped (a client)
 * @param retry when clients must prove their address before a connection is set up (RFC 9000 §8.1.2)
 * @param tokens what clients get to prove their address with when they come again (RFC 9000 §8.1.3)
 * @param maxConnections connections at once, over which new ones are refused with CONNECTION_REFUSED
 * @param maxHandshakes connections at once whose handshake is not complete
 * @param memoryBytes what all connections together may hold in memory; clients are refused from 7/8 of it on, and over it
 *     connections that hold more than an equal share come under pressure
 */
public record EndpointConfig(
        ConnectionConfig connection,
        boolean accept,
        Retry retry,
        TokenPolicy tokens,
        int maxConnections,
        int maxHandshakes,
        long memoryBytes) {

    /** For those who do not know how much there is. */
    public static final long DEFAULT_MEMORY_BYTES = 1L << 30;

    /** The least that makes sense. */
    public static final long MIN_MEMORY_BYTES = 1L << 20;

    /** The most that can be told. */
    public static final long MAX_MEMORY_BYTES = 1L << 50;

    /** When a server answers a first Initial with a Retry packet. */
    public enum Retry {
        /** Never: the 3x limit alone guards against amplification, and the limits against too much work. */
        NEVER,
        /**
         * To clients without a token while much is in the making for clients that proved nothing: handshakes, memory, or
         * Initial packets from one /64.
         */
        WHEN_BUSY,
        /** To every client without a token. */
        ALWAYS
    }

    public EndpointConfig {
        if (connection == null || retry == null || tokens == null) {
            throw new IllegalArgumentException("a part of the endpoint's configuration is null");
        }
        if (maxConnections < 1 || maxConnections > 1 << 24) {
            throw new IllegalArgumentException(
                    "maxConnections is " + maxConnections + "; it must be within 1.." + (1 << 24));
        }
        if (maxHandshakes < 1 || maxHandshakes > maxConnections) {
            throw new IllegalArgumentException(
                    "maxHandshakes is " + maxHandshakes + "; it must be within 1.." + maxConnections);
        }
        if (memoryBytes < MIN_MEMORY_BYTES || memoryBytes > MAX_MEMORY_BYTES) {
            throw new IllegalArgumentException("memoryBytes of the endpoint is " + memoryBytes + "; it must be within "
                    + MIN_MEMORY_BYTES + ".." + MAX_MEMORY_BYTES);
        }
    }

    /** An endpoint that starts connections and accepts none. */
    public static EndpointConfig client() {
        return new EndpointConfig(
                ConnectionConfig.defaults(),
                false,
                Retry.NEVER,
                TokenPolicy.defaults(),
                1 << 17,
                1 << 17,
                DEFAULT_MEMORY_BYTES);
    }

    /** An endpoint that accepts up to 131,072 connections, with Retry when it is busy. */
    public static EndpointConfig server(ConnectionConfig connection) {
        return new EndpointConfig(
                connection, true, Retry.WHEN_BUSY, TokenPolicy.defaults(), 1 << 17, 1 << 14, DEFAULT_MEMORY_BYTES);
    }

    /** The same with another rule for Retry packets. RFC 9000 §8.1.2. */
    public EndpointConfig withRetry(Retry value) {
        return new EndpointConfig(connection, accept, value, tokens, maxConnections, maxHandshakes, memoryBytes);
    }

    /** The same with another policy for tokens. RFC 9000 §8.1.3. */
    public EndpointConfig withTokens(TokenPolicy value) {
        return new EndpointConfig(connection, accept, retry, value, maxConnections, maxHandshakes, memoryBytes);
    }

    /** The same with another number of connections at once, 1 to 2^24; handshakes at once never exceed it. */
    public EndpointConfig withMaxConnections(int value) {
        return new EndpointConfig(
                connection, accept, retry, tokens, value, Math.min(maxHandshakes, value), memoryBytes);
    }

    /** The same with another number of handshakes at once, 1 to {@link #maxConnections}. */
    public EndpointConfig withMaxHandshakes(int value) {
        return new EndpointConfig(connection, accept, retry, tokens, maxConnections, value, memoryBytes);
    }

    /** The same with another budget for the memory that all connections hold, in bytes. */
    public EndpointConfig withMemoryBytes(long value) {
        return new EndpointConfig(connection, accept, retry, tokens, maxConnections, maxHandshakes, value);
    }
}
