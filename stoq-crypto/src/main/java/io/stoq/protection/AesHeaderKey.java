package io.stoq.protection;

import io.stoq.crypto.PacketKeys;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/** Header protection by AES in ECB mode: a mask is the encrypted sample. RFC 9001 §5.4.3. */
final class AesHeaderKey extends HeaderKey {

    private final Cipher cipher;
    private final int keyBytes;

    AesHeaderKey(CipherSource ciphers, byte[] key) {
        this.cipher = ciphers.cipher("AES/ECB/NoPadding");
        this.keyBytes = key.length;
        use(key);
    }

    @Override
    void masks(byte[] samples, int count, byte[] masks) {
        try {
            // One update over all samples: the blocks are independent, and a call costs more than a block.
            cipher.update(samples, 0, count * PacketKeys.SAMPLE_BYTES, masks, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("header protection failed", e);
        }
    }

    @Override
    void wipe() {
        use(new byte[keyBytes]);
    }

    private void use(byte[] key) {
        KeyMaterial material = new KeyMaterial("AES", key.clone());
        try {
            cipher.init(Cipher.ENCRYPT_MODE, material);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("header protection refused its key", e);
        } finally {
            material.destroy();
        }
    }
}
