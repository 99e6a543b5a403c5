package io.stoq.tls.engine;

import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import java.util.Arrays;

/**
 * Bytes of one level's CRYPTO stream, taken out one handshake message at a time. Grows with what came in, up to a
 * bound.
 *
 * <pre>
 *   type (1) | length (3) | body (length)      RFC 8446 §4
 * </pre>
 */
final class MessageBuffer {

    /** The longest handshake message taken, without its header. Certificate chains are the longest. */
    static final int MAX_MESSAGE_BYTES = 1 << 16;

    /** The most that one level holds back: the longest message, and what may follow it. */
    static final int MAX_BUFFERED_BYTES = MAX_MESSAGE_BYTES + (1 << 14);

    static final int HEADER_BYTES = 4;

    private byte[] bytes = new byte[0];
    private int start;
    private int end;

    /** Appends, or answers false and keeps nothing where the bound would be passed. */
    boolean append(byte[] data, int at, int length) {
        if (length > MAX_BUFFERED_BYTES - (end - start)) {
            return false;
        }
        if (bytes.length - end < length) {
            makeRoom(length);
        }
        System.arraycopy(data, at, bytes, end, length);
        end += length;
        return true;
    }

    boolean isEmpty() {
        return start == end;
    }

    /** The type of the message that starts here, or -1 where nothing is buffered. */
    int nextType() {
        return isEmpty() ? -1 : bytes[start] & 0xff;
    }

    /** Takes the next message with its header, or answers null where it is not complete yet. */
    byte[] pollMessage() {
        if (end - start < HEADER_BYTES) {
            return null;
        }
        int length = (bytes[start + 1] & 0xff) << 16 | (bytes[start + 2] & 0xff) << 8 | bytes[start + 3] & 0xff;
        if (length > MAX_MESSAGE_BYTES) {
            throw new TransportException(
                    TransportErrorCode.CRYPTO_BUFFER_EXCEEDED, "handshake message longer than 65536 bytes");
        }
        if (end - start < HEADER_BYTES + length) {
            return null;
        }
        byte[] message = Arrays.copyOfRange(bytes, start, start + HEADER_BYTES + length);
        start += message.length;
        if (isEmpty()) {
            clear();
        }
        return message;
    }

    void clear() {
        bytes = new byte[0];
        start = 0;
        end = 0;
    }

    private void makeRoom(int length) {
        int held = end - start;
        int capacity = Math.max(held + length, Math.min(2 * bytes.length, MAX_BUFFERED_BYTES));
        byte[] roomy = new byte[capacity];
        System.arraycopy(bytes, start, roomy, 0, held);
        bytes = roomy;
        start = 0;
        end = held;
    }
}
