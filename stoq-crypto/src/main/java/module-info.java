/** TLS 1.3 for QUIC by Bouncy Castle, packet protection by ipsec-mb or JCA, tokens. Entry point: {@link io.stoq.tls.StoqTls}. */
module io.stoq.tls {
    requires transitive io.stoq;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.tls;
    requires org.bouncycastle.util;
    requires org.slf4j;

    exports io.stoq.protection;
    exports io.stoq.tls;
    exports io.stoq.token;

    uses java.security.Provider;
}
