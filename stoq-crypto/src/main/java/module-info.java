/**
 * TLS 1.3 for QUIC by Bouncy Castle, packet protection by ipsec-mb or JCA, tokens, and a certificate authority for a
 * fleet. Entry points: {@link io.stoq.tls.StoqTls}, {@link io.stoq.trustchain.TrustChain}.
 */
module io.stoq.tls {
    requires transitive io.stoq;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.tls;
    requires org.bouncycastle.util;
    requires org.slf4j;
    requires static jdk.jfr;

    exports io.stoq.protection;
    exports io.stoq.tls;
    exports io.stoq.token;
    exports io.stoq.trustchain;

    uses java.security.Provider;
}
