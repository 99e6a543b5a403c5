package io.stoq.tls.engine;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.HandshakeType;

/** What QUIC asks of handshake messages, and the TLS engine behind cannot see because it knows no encryption levels. */
final class MessageRules {

    /** Where legacy_session_id starts in ClientHello and ServerHello: header, version, random. */
    private static final int SESSION_ID_AT = MessageBuffer.HEADER_BYTES + 2 + 32;

    private MessageRules() {}

    /** Refuses a message that must not come at this level, as soon as its type is known. */
    static void checkType(int type, int level, boolean server) throws HandshakeRejection {
        if (!isAllowed(type, level, server)) {
            // RFC 9001 §6 for KeyUpdate, §8.3 for EndOfEarlyData, RFC 8446 §6.2 for all others.
            throw new HandshakeRejection(
                    AlertDescription.unexpected_message,
                    "TLS message " + HandshakeType.getName((short) type) + "(" + type + ") must not come from a "
                            + (server ? "client" : "server") + " at the " + EncryptionLevel.nameOf(level) + " level");
        }
    }

    private static boolean isAllowed(int type, int level, boolean server) {
        return switch (level) {
            case EncryptionLevel.INITIAL -> type == (server ? HandshakeType.client_hello : HandshakeType.server_hello);
            case EncryptionLevel.HANDSHAKE ->
                switch (type) {
                    case HandshakeType.certificate, HandshakeType.certificate_verify, HandshakeType.finished -> true;
                    case HandshakeType.encrypted_extensions, HandshakeType.certificate_request -> !server;
                    default -> false;
                };
            // RFC 9001 §4.4 forbids post-handshake authentication, §6 KeyUpdate: tickets are all that is left.
            default -> type == HandshakeType.new_session_ticket && !server;
        };
    }

    /** RFC 9001 §8.4: the middlebox compatibility mode of TLS is not for QUIC. */
    static void checkSessionId(byte[] hello) {
        if (hello.length > SESSION_ID_AT && hello[SESSION_ID_AT] != 0) {
            throw new TransportException(
                    TransportErrorCode.PROTOCOL_VIOLATION, "legacy_session_id of the TLS hello is not empty");
        }
    }
}
