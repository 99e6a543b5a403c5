package io.stoq.tls.engine;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.crypto.ExtendedDigest;

/**
 * A hash function of the Java platform, in the clothes that Bouncy Castle asks for. The platform's use the processor's
 * own instructions where there are some, which makes them several times as fast. Not thread-safe.
 */
final class PlatformDigest implements ExtendedDigest {

    private final MessageDigest digest;
    private final int blockBytes;

    private PlatformDigest(MessageDigest digest, int blockBytes) {
        this.digest = digest;
        this.blockBytes = blockBytes;
    }

    /**
     * @param blockBytes what the function takes at once, which HMAC has to know
     */
    static PlatformDigest of(String algorithm, int blockBytes) {
        try {
            return new PlatformDigest(MessageDigest.getInstance(algorithm), blockBytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no " + algorithm, e);
        }
    }

    /** Another one that has taken in the same bytes. */
    PlatformDigest copy() {
        try {
            return new PlatformDigest((MessageDigest) digest.clone(), blockBytes);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(
                    digest.getAlgorithm() + " of the security provider "
                            + digest.getProvider().getName()
                            + " cannot be copied, which TLS needs; let another provider come first",
                    e);
        }
    }

    @Override
    public String getAlgorithmName() {
        return digest.getAlgorithm();
    }

    @Override
    public int getDigestSize() {
        return digest.getDigestLength();
    }

    @Override
    public int getByteLength() {
        return blockBytes;
    }

    @Override
    public void update(byte in) {
        digest.update(in);
    }

    @Override
    public void update(byte[] in, int at, int length) {
        digest.update(in, at, length);
    }

    @Override
    public int doFinal(byte[] out, int at) {
        try {
            return digest.digest(out, at, digest.getDigestLength());
        } catch (DigestException e) {
            throw new IllegalArgumentException("no room for a " + digest.getAlgorithm() + " hash", e);
        }
    }

    @Override
    public void reset() {
        digest.reset();
    }
}
