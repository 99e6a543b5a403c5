package io.stoq.crypto;

import java.security.cert.X509Certificate;
import java.util.List;

/** What a {@link TlsSession} has to tell. Handshakes are rare: these are plain objects. */
public sealed interface TlsEvent {

    /** Bytes to send in CRYPTO frames of {@code level}. */
    record CryptoData(int level, byte[] bytes) implements TlsEvent {}

    /** Traffic secrets of {@code level} became available; {@code receive} and {@code send} from this side's view. */
    record Secrets(int level, int cipherSuite, byte[] receive, byte[] send) implements TlsEvent {}

    /**
     * The peer's transport parameters, not yet authenticated before {@link Complete}.
     *
     * @param earlyData at a client whether the server took its early data
     */
    record PeerTransportParameters(byte[] bytes, boolean earlyData) implements TlsEvent {}

    /**
     * Early data can be sent by a client, or read by a server, before the handshake is complete. RFC 9001 §4.6.
     *
     * @param secret for the one direction that there is
     * @param rememberedParameters at a client those of the server in the earlier session; null at a server
     * @param agreed what both sides will agree on if the server goes along; it exports no keys yet
     */
    record EarlyData(int cipherSuite, byte[] secret, byte[] rememberedParameters, Complete agreed)
            implements TlsEvent {}

    /**
     * The handshake is complete on this side. RFC 9001 §4.1.1.
     *
     * @param serverName the name asked for (SNI), or null
     * @param keyExchangeGroup the group's name, such as {@code x25519}
     * @param peerCertificates of a resumed session those that the first one showed
     * @param resumed whether it goes on from an earlier session, by a ticket. RFC 8446 §2.2
     * @param exporter derives keys for applications until the session is destroyed
     */
    record Complete(
            String applicationProtocol,
            String serverName,
            int cipherSuite,
            String keyExchangeGroup,
            List<X509Certificate> peerCertificates,
            boolean resumed,
            KeyExporter exporter)
            implements TlsEvent {}

    /**
     * The handshake failed; the connection closes with 0x0100 + {@code description}.
     *
     * @param cause what went wrong locally, such as the certificate path's failure, or null
     */
    record Alert(int description, String message, Throwable cause) implements TlsEvent {}

    /**
     * The peer broke a rule that QUIC, not TLS, makes about the handshake, or a local limit; the connection closes with
     * {@code code} as it is.
     *
     * @param code one of {@link io.stoq.wire.TransportErrorCode}
     * @param reason a constant, never built from peer input
     */
    record Violation(long code, String reason) implements TlsEvent {}
}
