package io.stoq.bench.baseline;

import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.util.FingerprintTrustManagerFactory;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.tls.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** QUIC by Netty's codec, which is quiche (Rust) behind JNI, over Netty's datagram channels. */
public final class NettyQuic implements Baseline {

    static final String NAME = "netty-quic";

    /** quiche writes lengths as two-byte varints, and sends no longer packets for that reason. */
    private static final int MAX_PAYLOAD_BYTES = 16_383;

    /** Netty's own checks of each access to a buffer, and its search for leaks, cost a sixth of the throughput. */
    static final List<String> UNCHECKED_BUFFERS = List.of(
            "-Dio.netty.buffer.checkBounds=false",
            "-Dio.netty.buffer.checkAccessible=false",
            "-Dio.netty.leakDetection.level=disabled");

    private static final String PROTOCOL = "bulk";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> jvmArguments() {
        return UNCHECKED_BUFFERS;
    }

    @Override
    public String obstacle(int payloadBytes) {
        return payloadBytes <= MAX_PAYLOAD_BYTES
                ? null
                : "cannot: its packets have at most " + MAX_PAYLOAD_BYTES + " bytes";
    }

    @Override
    public void requireValid(Tuning tuning, String congestion) {
        NettyQuicSettings.of(MAX_PAYLOAD_BYTES, congestion, tuning);
    }

    @Override
    public String aead(BulkLoad load) {
        return "boringssl in quiche";
    }

    @Override
    public BulkServer serve(BulkLoad load) throws IOException {
        Identity identity = Identity.selfSigned("localhost", "::1");
        try (PemFiles files = new PemFiles(identity)) {
            QuicSslContext tls = QuicSslContextBuilder.forServer(files.key(), null, files.certificate())
                    .applicationProtocols(PROTOCOL)
                    .build();
            return NettyQuicSide.listen(load, tls, identity.sha256Fingerprint());
        }
    }

    @Override
    public BulkPeer connect(BulkLoad load, ServerProcess.Greeting server) throws IOException {
        QuicSslContext tls = QuicSslContextBuilder.forClient()
                .trustManager(FingerprintTrustManagerFactory.builder("SHA-256")
                        .fingerprints(server.fingerprint())
                        .build())
                .endpointIdentificationAlgorithm(null) // the certificate itself is known
                .applicationProtocols(PROTOCOL)
                .build();
        return NettyQuicSide.connect(load, tls, new InetSocketAddress(InetAddress.ofLiteral("::1"), server.port()));
    }
}
