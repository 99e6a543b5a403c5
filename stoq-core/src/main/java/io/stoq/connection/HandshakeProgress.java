package io.stoq.connection;

import io.stoq.CloseReason;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.TlsEvent;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.TransportParameters;
import java.util.Arrays;

/** Applies what the TLS session has to tell to a connection, in its order. On the connection's loop. RFC 9001 §4.1. */
final class HandshakeProgress {

    private static final long NS_PER_MS = 1_000_000;

    private HandshakeProgress() {}

    static void apply(Connection connection, long nowNs) {
        TlsEvent event = connection.handshake.pollEvent();
        while (event != null && connection.isOpen()) {
            apply(connection, event, nowNs);
            event = connection.handshake.pollEvent();
        }
    }

    private static void apply(Connection connection, TlsEvent event, long nowNs) {
        Handshake handshake = connection.handshake;
        switch (event) {
            case TlsEvent.CryptoData data -> handshake.crypto(data.level()).write(data.bytes());
            case TlsEvent.PeerTransportParameters parameters -> onPeerParameters(connection, parameters, nowNs);
            case TlsEvent.EarlyData early -> onEarlyData(connection, early, nowNs);
            case TlsEvent.Secrets secrets -> onSecrets(connection, secrets, nowNs);
            case TlsEvent.Complete complete -> {
                if (handshake.peerParameters() == null) {
                    throw new TransportException(
                            TransportErrorCode.TRANSPORT_PARAMETER_ERROR, "the peer sent no transport parameters");
                }
                requireSameProtocol(connection, complete);
                handshake.onComplete(complete, connection.server);
                connection.onHandshakeComplete(nowNs);
            }
            case TlsEvent.Violation violation ->
                connection.closeFor(nowNs, new TransportException(violation.code(), violation.reason()));
            case TlsEvent.Alert alert ->
                connection.closeFor(
                        nowNs,
                        new CloseReason.Tls(alert.description(), alert.message(), false, alert.cause()),
                        TransportErrorCode.CRYPTO_ERROR + alert.description(),
                        0,
                        alert.message());
        }
    }

    private static void onSecrets(Connection connection, TlsEvent.Secrets secrets, long nowNs) {
        connection.keyring.install(secrets.level(), secrets.cipherSuite(), secrets.receive(), secrets.send());
        Arrays.fill(secrets.receive(), (byte) 0);
        Arrays.fill(secrets.send(), (byte) 0);
        if (secrets.level() == EncryptionLevel.HANDSHAKE) {
            connection.recovery.handshakeKeysAvailable();
            connection.onHandshakeKeys(nowNs);
        }
    }

    /** RFC 9001 §4.6. */
    private static void onEarlyData(Connection connection, TlsEvent.EarlyData early, long nowNs) {
        connection.keyring.installEarly(early.cipherSuite(), early.secret());
        Arrays.fill(early.secret(), (byte) 0);
        if (!connection.server) {
            // RFC 9000 §7.4.1: of what is remembered only the limits count.
            connection.streams.onRemembered(TransportParameters.decode(early.rememberedParameters(), true));
        }
        connection.onEarlyData(nowNs, early.agreed());
    }

    /** What was written for one protocol and rejected must not be sent again in another. RFC 8446 §4.2.10. */
    private static void requireSameProtocol(Connection connection, TlsEvent.Complete complete) {
        TlsEvent.Complete early = connection.handshake.result();
        if (early != null
                && !early.applicationProtocol().equals(complete.applicationProtocol())
                && connection.streams.openStreams() > 0) {
            throw new TransportException(
                    TransportErrorCode.INTERNAL_ERROR,
                    "early data was rejected, and was written for another application protocol");
        }
    }

    private static void onPeerParameters(Connection connection, TlsEvent.PeerTransportParameters event, long nowNs) {
        TransportParameters peer = TransportParameters.decode(event.bytes(), !connection.server);
        connection.handshake.requireAuthenticIds(peer, connection.server);
        connection.handshake.onPeerParameters(peer);
        connection.sink.onParameters(nowNs, false, peer);
        if (!connection.server && connection.keyring.early() != null) {
            connection.onEarlyDataOutcome(nowNs, event.earlyData());
        }
        connection.streams.onPeerParameters(peer, event.earlyData());
        connection.datagrams.peerLimit(peer.maxDatagramFrameSize());
        connection.localIds.onPeerLimit(peer.activeConnectionIdLimit());
        connection.recovery.peerMaxAckDelay(peer.maxAckDelayMs() * NS_PER_MS);
        connection.idle.onPeerTimeout(Math.min(peer.maxIdleTimeoutMs(), 1L << 32) * NS_PER_MS);
        if (peer.statelessResetToken() != null) {
            connection.peerIds.resetToken(peer.statelessResetToken());
        }
        if (peer.preferredAddress() != null) {
            connection.peerIds.onPreferredAddressId(
                    peer.preferredAddress().connectionId(),
                    peer.preferredAddress().resetToken());
        }
    }
}
