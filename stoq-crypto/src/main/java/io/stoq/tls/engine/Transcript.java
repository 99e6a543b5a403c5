package io.stoq.tls.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsHash;

/**
 * The messages of a handshake in their order, for secrets that Bouncy Castle's engine does not derive. Whole messages in,
 * their hash out. RFC 8446 §4.4.1.
 */
final class Transcript {

    private static final int RANDOM_AT = MessageBuffer.HEADER_BYTES + 2;

    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    void add(byte[] bytes, int at, int length) {
        messages.write(bytes, at, length);
    }

    /** Of all messages so far, where a HelloRetryRequest makes the first ClientHello count by its hash. */
    byte[] hash(TlsCrypto crypto, int algorithm) {
        byte[] all = messages.toByteArray();
        int first = MessageBuffer.HEADER_BYTES + lengthAt(all, 0);
        TlsHash hash = crypto.createHash(algorithm);
        int from = 0;
        if (isRetryRequest(all, first)) {
            TlsHash ofFirst = crypto.createHash(algorithm);
            ofFirst.update(all, 0, first);
            byte[] digest = ofFirst.calculateHash();
            hash.update(
                    new byte[] {(byte) HandshakeType.message_hash, 0, 0, (byte) digest.length},
                    0,
                    MessageBuffer.HEADER_BYTES);
            hash.update(digest, 0, digest.length);
            from = first;
        }
        hash.update(all, from, all.length - from);
        return hash.calculateHash();
    }

    void clear() {
        messages.reset();
    }

    private static int lengthAt(byte[] bytes, int at) {
        return (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
    }

    private static boolean isRetryRequest(byte[] bytes, int at) {
        int from = at + RANDOM_AT;
        int to = from + RetryRequest.RANDOM.length;
        return bytes.length >= to
                && bytes[at] == HandshakeType.server_hello
                && Arrays.equals(bytes, from, to, RetryRequest.RANDOM, 0, RetryRequest.RANDOM.length);
    }

    /** The random that makes a ServerHello a HelloRetryRequest: SHA-256 of these words. RFC 8446 §4.1.3. */
    private static final class RetryRequest {

        static final byte[] RANDOM = random();

        private static byte[] random() {
            PlatformDigest digest = PlatformDigest.of("SHA-256", 64);
            byte[] words = "HelloRetryRequest".getBytes(StandardCharsets.US_ASCII);
            digest.update(words, 0, words.length);
            byte[] random = new byte[digest.getDigestSize()];
            digest.doFinal(random, 0);
            return random;
        }
    }
}
