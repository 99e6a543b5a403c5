package io.stoq.interop;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** As much of HTTP/3 (RFC 9114) and QPACK's static table (RFC 9204) as ngtcp2's example programs need to move a file. */
final class Http3Bytes {

    private static final int DATA = 0;
    private static final int HEADERS = 1;

    private Http3Bytes() {}

    /** The control stream's beginning: its type and empty SETTINGS. */
    static byte[] settings() {
        return new byte[] {0, 4, 0};
    }

    /** A GET request, whole. */
    static byte[] request(String authority, String path) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        fields.writeBytes(new byte[] {0, 0, (byte) 0xd1, (byte) 0xd7}); // :method GET, :scheme https
        literal(fields, 0x51, path); // :path
        literal(fields, 0x50, authority); // :authority
        return frame(HEADERS, fields.toByteArray());
    }

    /** A response with status 200, whole. */
    static byte[] response(byte[] body) {
        byte[] head = frame(HEADERS, new byte[] {0, 0, (byte) 0xd9});
        byte[] data = frame(DATA, body);
        return ByteBuffer.allocate(head.length + data.length)
                .put(head)
                .put(data)
                .array();
    }

    /** The payload of all DATA frames. */
    static byte[] body(byte[] stream) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.wrap(stream);
        while (in.hasRemaining()) {
            long type = varInt(in);
            byte[] payload = new byte[(int) varInt(in)];
            in.get(payload);
            if (type == DATA) {
                body.writeBytes(payload);
            }
        }
        return body.toByteArray();
    }

    private static void literal(ByteArrayOutputStream fields, int name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        fields.write(name);
        fields.write(bytes.length);
        fields.writeBytes(bytes);
    }

    private static byte[] frame(int type, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(5 + payload.length);
        frame.put((byte) type).putInt(payload.length | 0x80000000).put(payload);
        return frame.array();
    }

    private static long varInt(ByteBuffer in) {
        int first = in.get() & 0xff;
        long value = first & 0x3f;
        for (int i = 1; i < 1 << (first >>> 6); i++) {
            value = value << 8 | in.get() & 0xff;
        }
        return value;
    }
}
