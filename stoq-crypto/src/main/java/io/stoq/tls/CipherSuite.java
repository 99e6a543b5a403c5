package io.stoq.tls;

/** The cipher suites of TLS 1.3 that QUIC version 1 can use. RFC 9001 §5.3. */
public enum CipherSuite {
    AES_128_GCM_SHA256(0x1301),
    AES_256_GCM_SHA384(0x1302),
    CHACHA20_POLY1305_SHA256(0x1303);

    private final int id;

    CipherSuite(int id) {
        this.id = id;
    }

    /** As TLS numbers it. */
    public int id() {
        return id;
    }
}
