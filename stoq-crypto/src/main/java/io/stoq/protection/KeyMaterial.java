package io.stoq.protection;

import java.io.NotSerializableException;
import java.util.Arrays;
import javax.crypto.SecretKey;

/** A secret that can be wiped, which the JDK's {@code SecretKeySpec} cannot. Confined to its owner's loop. */
final class KeyMaterial implements SecretKey {

    private static final long serialVersionUID = 1;

    private final String algorithm;
    private final transient byte[] bytes;
    private boolean destroyed;

    /** Takes over {@code bytes}: they are not copied, and wiped by {@link #destroy()}. */
    KeyMaterial(String algorithm, byte[] bytes) {
        this.algorithm = algorithm;
        this.bytes = bytes;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    /** A copy: ciphers wipe what they are given. */
    @Override
    public byte[] getEncoded() {
        if (destroyed) {
            throw new IllegalStateException("the key is destroyed");
        }
        return bytes.clone();
    }

    @Override
    public void destroy() {
        Arrays.fill(bytes, (byte) 0);
        destroyed = true;
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    private Object writeReplace() throws NotSerializableException {
        throw new NotSerializableException("keys stay in memory");
    }
}
