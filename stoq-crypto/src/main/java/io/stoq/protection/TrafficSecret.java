package io.stoq.protection;

import java.util.Arrays;

/** A traffic secret, and the derivation of all keys from it. Confined to a connection's loop. RFC 9001 §5.1, §6.1. */
final class TrafficSecret {

    private final AeadSuite suite;
    private final byte[] secret;

    /** Takes over {@code secret}. */
    TrafficSecret(AeadSuite suite, byte[] secret) {
        this.suite = suite;
        this.secret = secret;
    }

    /**
     * The secret as a handshake gives it, which is copied.
     *
     * @param cipherSuite as TLS numbers it
     * @throws IllegalArgumentException if the suite is unknown or the secret is not as long as the suite's hash
     */
    static TrafficSecret of(int cipherSuite, byte[] secret) {
        AeadSuite suite = AeadSuite.of(cipherSuite);
        if (secret.length != suite.secretBytes) {
            throw new IllegalArgumentException(
                    "traffic secret of " + secret.length + " bytes; " + suite + " has " + suite.secretBytes);
        }
        return new TrafficSecret(suite, secret.clone());
    }

    /** The secret of Initial packets of one direction. RFC 9001 §5.2. */
    static TrafficSecret initial(byte[] destinationConnectionId, boolean client) {
        return new TrafficSecret(AeadSuite.AES_128_GCM, InitialSecrets.of(destinationConnectionId, client));
    }

    AeadSuite suite() {
        return suite;
    }

    byte[] key() {
        return expand("quic key", suite.keyBytes);
    }

    byte[] iv() {
        return expand("quic iv", AeadSuite.IV_BYTES);
    }

    HeaderKey headerKey(CipherSource ciphers) {
        byte[] key = expand("quic hp", suite.keyBytes);
        try {
            return HeaderKey.of(suite, ciphers, key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** The secret of the next key phase. */
    TrafficSecret next() {
        return new TrafficSecret(suite, expand("quic ku", suite.secretBytes));
    }

    void wipe() {
        Arrays.fill(secret, (byte) 0);
    }

    private byte[] expand(String label, int length) {
        return new Hkdf(suite.hkdf).expandLabel(secret, label, length);
    }
}
