package io.stoq.bench.micro;

import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.PacketProtection;
import io.stoq.protection.Aead;
import io.stoq.protection.JcaPacketProtection;

/** The cipher suites of QUIC v1. RFC 9001 §5.3. */
public enum Suite {
    AES_128_GCM(0x1301, 32),
    AES_256_GCM(0x1302, 48),
    CHACHA20_POLY1305(0x1303, 32);

    private final int code;
    private final int secretBytes;

    Suite(int code, int secretBytes) {
        this.code = code;
        this.secretBytes = secretBytes;
    }

    /** @param aead {@code jca}, {@code ipsec-mb}, or the name of a security provider, such as {@code BC} */
    PacketKeys keys(String aead) {
        return protection(aead).keys(code, new byte[secretBytes]);
    }

    private static PacketProtection protection(String aead) {
        for (Aead known : Aead.values()) {
            if (known.label().equals(aead)) {
                return known.protection();
            }
        }
        return JcaPacketProtection.of(aead);
    }
}
