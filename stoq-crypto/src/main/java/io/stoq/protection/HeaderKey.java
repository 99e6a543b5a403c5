package io.stoq.protection;

/**
 * A header protection key. Confined to a connection's loop. RFC 9001 §5.4.
 *
 * <p>It outlives key updates (RFC 9001 §6.1), so the keys of all phases share it and the last of them wipes it.
 */
abstract sealed class HeaderKey permits AesHeaderKey, ChaChaHeaderKey {

    private int users = 1;

    static HeaderKey of(AeadSuite suite, CipherSource ciphers, byte[] key) {
        return suite == AeadSuite.CHACHA20_POLY1305 ? new ChaChaHeaderKey(key) : new AesHeaderKey(ciphers, key);
    }

    /** As {@link io.stoq.crypto.PacketKeys#headerMasks}, lengths checked. */
    abstract void masks(byte[] samples, int count, byte[] masks);

    abstract void wipe();

    final HeaderKey retain() {
        users++;
        return this;
    }

    final void release() {
        if (--users == 0) {
            wipe();
        }
    }
}
