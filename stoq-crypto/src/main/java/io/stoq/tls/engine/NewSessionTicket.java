package io.stoq.tls.engine;

import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ExtensionType;
import org.bouncycastle.tls.HandshakeType;

/**
 * The message by which a server hands out a ticket. RFC 8446 §4.6.1.
 *
 * <pre>
 *   header (4) | lifetime (4) | age_add (4) | nonce (1 + n) | ticket (2 + n) | extensions (2 + n)
 * </pre>
 *
 * @param lifetimeSeconds at most {@link #MAX_LIFETIME_SECONDS}; 0 says to discard it at once
 * @param earlyData whether the server takes early data with it
 */
record NewSessionTicket(int lifetimeSeconds, int ageAdd, byte[] nonce, byte[] ticket, boolean earlyData) {

    /** Seven days, the most that TLS allows. */
    static final int MAX_LIFETIME_SECONDS = 604_800;

    private static final int EARLY_DATA_EXTENSION_BYTES = 2 + 2 + 4;

    /** @param message with its header */
    static NewSessionTicket read(byte[] message) throws HandshakeRejection {
        try {
            ByteBuffer in =
                    ByteBuffer.wrap(message, MessageBuffer.HEADER_BYTES, message.length - MessageBuffer.HEADER_BYTES);
            int lifetime = in.getInt();
            int ageAdd = in.getInt();
            byte[] nonce = take(in, in.get() & 0xff);
            byte[] ticket = take(in, in.getShort() & 0xffff);
            int extensions = in.getShort() & 0xffff;
            if (ticket.length == 0 || extensions != in.remaining()) {
                throw malformed();
            }
            boolean earlyData = false;
            while (in.hasRemaining()) {
                earlyData |= readExtension(in);
            }
            // RFC 8446 §4.6.1: no longer than seven days, whatever the server says.
            int bounded = Integer.compareUnsigned(lifetime, MAX_LIFETIME_SECONDS) > 0 ? MAX_LIFETIME_SECONDS : lifetime;
            return new NewSessionTicket(bounded, ageAdd, nonce, ticket, earlyData);
        } catch (BufferUnderflowException e) {
            throw malformed();
        }
    }

    byte[] encode() {
        int extensions = earlyData ? EARLY_DATA_EXTENSION_BYTES : 0;
        int body = 4 + 4 + 1 + nonce.length + 2 + ticket.length + 2 + extensions;
        ByteBuffer out = ByteBuffer.allocate(MessageBuffer.HEADER_BYTES + body);
        out.putInt(HandshakeType.new_session_ticket << 24 | body);
        out.putInt(lifetimeSeconds).putInt(ageAdd);
        out.put((byte) nonce.length).put(nonce);
        out.putShort((short) ticket.length).put(ticket);
        out.putShort((short) extensions);
        if (earlyData) {
            // RFC 9001 §4.6.1: the largest value, since QUIC limits early data by flow control.
            out.putShort((short) ExtensionType.early_data)
                    .putShort((short) Integer.BYTES)
                    .putInt(-1);
        }
        return out.array();
    }

    /** Whether this extension allows early data. */
    private static boolean readExtension(ByteBuffer in) {
        int type = in.getShort() & 0xffff;
        byte[] body = take(in, in.getShort() & 0xffff);
        if (type != ExtensionType.early_data) {
            return false;
        }
        if (body.length != Integer.BYTES || ByteBuffer.wrap(body).getInt() != -1) {
            throw new TransportException(
                    TransportErrorCode.PROTOCOL_VIOLATION, "session ticket limits early data in the TLS way");
        }
        return true;
    }

    private static byte[] take(ByteBuffer in, int bytes) {
        if (bytes > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] taken = new byte[bytes];
        in.get(taken);
        return taken;
    }

    private static HandshakeRejection malformed() {
        return new HandshakeRejection(AlertDescription.decode_error, "malformed session ticket");
    }
}
