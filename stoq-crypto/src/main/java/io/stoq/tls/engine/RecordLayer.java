package io.stoq.tls.engine;

import io.stoq.crypto.EncryptionLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.TlsProtocol;

/** Takes the records off what the TLS engine writes and puts them around what it is to read. */
final class RecordLayer {

    private static final int HEADER_BYTES = 5;
    private static final int MAX_RECORD_BYTES = 1 << 14;

    private final TlsProtocol protocol;
    private final ByteArrayOutputStream[] output = new ByteArrayOutputStream[EncryptionLevel.COUNT];

    private final Transcript transcript = new Transcript();

    RecordLayer(TlsProtocol protocol) {
        this.protocol = protocol;
        for (int level = 0; level < output.length; level++) {
            output[level] = new ByteArrayOutputStream();
        }
    }

    void feed(int level, byte[] message) throws IOException {
        transcript.add(message, 0, message.length);
        // Above Initial the record must look encrypted: that is where a server changes its read keys.
        int type = level == EncryptionLevel.INITIAL ? ContentType.handshake : ContentType.application_data;
        for (int at = 0; at < message.length; at += MAX_RECORD_BYTES) {
            int length = Math.min(MAX_RECORD_BYTES, message.length - at);
            byte[] record = new byte[HEADER_BYTES + length];
            record[0] = (byte) type;
            record[1] = 3;
            record[2] = 3;
            record[3] = (byte) (length >> 8);
            record[4] = (byte) length;
            System.arraycopy(message, at, record, HEADER_BYTES, length);
            protocol.offerInput(record);
        }
    }

    /** Sorts what the engine wrote by level. Alerts are known already; ChangeCipherSpec has no place in QUIC. */
    void drain() {
        int available = protocol.getAvailableOutputBytes();
        byte[] bytes = new byte[available];
        protocol.readOutput(bytes, 0, available);
        for (int at = 0; at < available; ) {
            int length = (bytes[at + 3] & 0xff) << 8 | bytes[at + 4] & 0xff;
            if (LevelCipher.typeOf(bytes[at]) == ContentType.handshake) {
                output[LevelCipher.levelOf(bytes[at])].write(bytes, at + HEADER_BYTES, length);
                transcript.add(bytes, at + HEADER_BYTES, length);
            }
            at += HEADER_BYTES + length;
        }
    }

    /** All messages so far, in their order. */
    Transcript transcript() {
        drain();
        return transcript;
    }

    /** The handshake bytes to send at {@code level}, or null where there are none. */
    byte[] pollOutput(int level) {
        if (output[level].size() == 0) {
            return null;
        }
        byte[] bytes = output[level].toByteArray();
        output[level].reset();
        return bytes;
    }
}
