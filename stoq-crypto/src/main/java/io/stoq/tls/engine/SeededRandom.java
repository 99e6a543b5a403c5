package io.stoq.tls.engine;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;

/** A repeatable stream of bytes, SHA-256 over seed and counter, in the clothes that Bouncy Castle asks for. */
final class SeededRandom extends SecureRandomSpi {

    private static final long serialVersionUID = 1L;

    private final byte[] seed;
    private long counter;

    private SeededRandom(byte[] seed) {
        this.seed = seed.clone();
    }

    static SecureRandom of(byte[] seed) {
        return new SecureRandom(new SeededRandom(seed), null) {
            private static final long serialVersionUID = 1L;
        };
    }

    @Override
    protected void engineSetSeed(byte[] more) {
        // A repeatable stream takes no further entropy.
    }

    @Override
    protected void engineNextBytes(byte[] target) {
        for (int at = 0; at < target.length; ) {
            byte[] block = sha256(ByteBuffer.allocate(seed.length + Long.BYTES)
                    .put(seed)
                    .putLong(counter++)
                    .array());
            int length = Math.min(block.length, target.length - at);
            System.arraycopy(block, 0, target, at, length);
            at += length;
        }
    }

    @Override
    protected byte[] engineGenerateSeed(int length) {
        byte[] bytes = new byte[length];
        engineNextBytes(bytes);
        return bytes;
    }

    private static byte[] sha256(byte[] input) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(input);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
