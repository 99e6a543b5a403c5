package io.stoq.tls.engine;

import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ExtensionType;

/**
 * Reads the tickets that a server sends after the handshake, and drops them: sessions are not resumed. RFC 8446 §4.6.1.
 */
final class SessionTickets {

    /** How many a connection takes: servers send a few at once and some again from time to time. */
    static final int MAX_TICKETS = 256;

    private int received;

    void onMessage(byte[] message) throws HandshakeRejection {
        if (++received > MAX_TICKETS) {
            throw new TransportException(TransportErrorCode.PROTOCOL_VIOLATION, "too many session tickets");
        }
        try {
            read(ByteBuffer.wrap(message, MessageBuffer.HEADER_BYTES, message.length - MessageBuffer.HEADER_BYTES));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static void read(ByteBuffer ticket) throws HandshakeRejection {
        ticket.getInt(); // lifetime
        ticket.getInt(); // age_add
        skip(ticket, ticket.get() & 0xff); // nonce
        int length = ticket.getShort() & 0xffff;
        skip(ticket, length);
        int extensions = ticket.getShort() & 0xffff;
        if (length == 0 || extensions != ticket.remaining()) {
            throw malformed();
        }
        while (ticket.hasRemaining()) {
            int type = ticket.getShort() & 0xffff;
            int bytes = ticket.getShort() & 0xffff;
            // RFC 9001 §4.6.1: QUIC limits early data by flow control, so this must be the largest value.
            if (type == ExtensionType.early_data
                    && (bytes != Integer.BYTES || ticket.getInt(ticket.position()) != -1)) {
                throw new TransportException(
                        TransportErrorCode.PROTOCOL_VIOLATION, "session ticket limits early data in the TLS way");
            }
            skip(ticket, bytes);
        }
    }

    private static void skip(ByteBuffer buffer, int bytes) {
        buffer.position(buffer.position() + bytes);
    }

    private static HandshakeRejection malformed() {
        return new HandshakeRejection(AlertDescription.decode_error, "malformed session ticket");
    }
}
