package io.stoq.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Rewrites handshake messages: what no honest peer would send. */
final class HelloEdit {

    static final int SESSION_ID_AT = 4 + 2 + 32;

    private static final int SIGNATURE_ALGORITHMS = 13;

    private HelloEdit() {}

    static byte[] message(int type, int... body) {
        byte[] message = new byte[4 + body.length];
        message[0] = (byte) type;
        setLength(message);
        for (int i = 0; i < body.length; i++) {
            message[4 + i] = (byte) body[i];
        }
        return message;
    }

    /** A Certificate message with one certificate. */
    static byte[] certificateMessage(byte[] der) {
        ByteBuffer message = ByteBuffer.allocate(4 + 1 + 3 + 3 + der.length + 2);
        message.putInt(11 << 24).put((byte) 0);
        message.put((byte) 0).putShort((short) (3 + der.length + 2));
        message.put((byte) 0).putShort((short) der.length).put(der).putShort((short) 0);
        setLength(message.array());
        return message.array();
    }

    /** The first message of {@code flight}. */
    static byte[] first(byte[] flight) {
        return Arrays.copyOf(flight, 4 + length(flight, 0));
    }

    /** Where message number {@code index} of {@code flight} starts. */
    static int start(byte[] flight, int index) {
        int at = 0;
        for (int i = 0; i < index; i++) {
            at += 4 + length(flight, at);
        }
        return at;
    }

    static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** A hello with a session id of 32 bytes, as in TLS's middlebox compatibility mode. */
    static byte[] withSessionId(byte[] hello) {
        byte[] id = new byte[33];
        id[0] = 32;
        byte[] edited = concat(
                concat(Arrays.copyOf(hello, SESSION_ID_AT), id),
                Arrays.copyOfRange(hello, SESSION_ID_AT + 1, hello.length));
        setLength(edited);
        return edited;
    }

    /** A ClientHello without extension {@code type}. */
    static byte[] clientHelloWithout(byte[] hello, int type) {
        ByteBuffer buffer = ByteBuffer.wrap(hello);
        int suites = SESSION_ID_AT + 1 + hello[SESSION_ID_AT];
        int compression = suites + 2 + buffer.getShort(suites);
        return without(hello, compression + 1 + hello[compression], type);
    }

    /** An EncryptedExtensions message without extension {@code type}. */
    static byte[] encryptedExtensionsWithout(byte[] message, int type) {
        return without(message, 4, type);
    }

    /** A ClientHello that takes signatures of schemes whose code begins with {@code firstByte}, and no others. */
    static byte[] clientHelloTaking(byte[] hello, int firstByte) {
        ByteBuffer edited = ByteBuffer.wrap(hello.clone());
        int at = SESSION_ID_AT;
        while (edited.getShort(at) != SIGNATURE_ALGORITHMS || edited.getShort(at + 2) != edited.getShort(at + 4) + 2) {
            at++;
        }
        int end = at + 6 + edited.getShort(at + 4);
        for (int scheme = at + 6; scheme < end; scheme += 2) {
            if (edited.get(scheme) != firstByte) {
                edited.putShort(scheme, (short) 0xfefe); // for private use: nobody has it
            }
        }
        return edited.array();
    }

    private static byte[] without(byte[] message, int extensionsAt, int type) {
        ByteBuffer buffer = ByteBuffer.wrap(message);
        for (int at = extensionsAt + 2; at < message.length; ) {
            int bytes = 4 + (buffer.getShort(at + 2) & 0xffff);
            if ((buffer.getShort(at) & 0xffff) == type) {
                byte[] edited =
                        concat(Arrays.copyOf(message, at), Arrays.copyOfRange(message, at + bytes, message.length));
                ByteBuffer.wrap(edited).putShort(extensionsAt, (short) (buffer.getShort(extensionsAt) - bytes));
                setLength(edited);
                return edited;
            }
            at += bytes;
        }
        throw new IllegalArgumentException("no extension " + type);
    }

    private static int length(byte[] bytes, int at) {
        return (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
    }

    private static void setLength(byte[] message) {
        int length = message.length - 4;
        message[1] = (byte) (length >> 16);
        message[2] = (byte) (length >> 8);
        message[3] = (byte) length;
    }
}
