package io.stoq.bench.baseline;

import io.netty.handler.codec.quic.FlushStrategy;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How Netty's codec is set up. The defaults are the best that were found.
 *
 * @param gsoSegments most datagrams of one send, 1 for no offload
 * @param gro whether trains are received whole
 * @param messagesPerRead datagrams between two looks at what is to be sent
 * @param flushBytes sent between two flushes of the socket
 * @param writeBytes length of each write to the stream
 * @param initialWindowPackets congestion window at the start
 * @param connectionIdBytes length of each side's connection ids
 * @param socketBufferBytes of the kernel, each way
 * @param connectionWindowBytes flow control at the start; the codec lets it grow to 24 MiB
 * @param streamWindowBytes flow control at the start; the codec lets it grow to 16 MiB
 */
record NettyQuicSettings(
        int payloadBytes,
        int gsoSegments,
        boolean gro,
        int messagesPerRead,
        int flushBytes,
        int writeBytes,
        int initialWindowPackets,
        int connectionIdBytes,
        int socketBufferBytes,
        int connectionWindowBytes,
        int streamWindowBytes,
        int maxAckDelayMs,
        boolean hystart,
        QuicCongestionControlAlgorithm congestion) {

    private static final int TRAIN_BYTES = 65_487;
    private static final long IDLE_TIMEOUT_S = 30;

    static NettyQuicSettings of(int payloadBytes, String congestion, Tuning tuning) {
        NettyQuicSettings settings = new NettyQuicSettings(
                payloadBytes,
                // Longer trains than the kernel takes are lost whole, silently.
                tuning.number("gso", Math.clamp(TRAIN_BYTES / payloadBytes, 1, 64)),
                tuning.flag("gro", true),
                tuning.number("mmpr", 2048),
                tuning.number("flush", 256 << 10),
                tuning.number("write", 1 << 20),
                tuning.number("iw", 100),
                tuning.number("cid", 8),
                tuning.number("buffers", 4 << 20),
                tuning.number("connection-window", 24 << 20),
                tuning.number("stream-window", 16 << 20),
                tuning.number("ack-delay", 25),
                tuning.flag("hystart", true),
                congestion(tuning.text("cc", congestion)));
        tuning.requireKnown(NettyQuic.NAME);
        return settings;
    }

    <B extends QuicCodecBuilder<B>> B apply(B codec) {
        return codec.maxIdleTimeout(IDLE_TIMEOUT_S, TimeUnit.SECONDS)
                .initialMaxData(connectionWindowBytes)
                .initialMaxStreamDataBidirectionalLocal(streamWindowBytes)
                .initialMaxStreamDataBidirectionalRemote(streamWindowBytes)
                .initialMaxStreamsBidirectional(1)
                .maxSendUdpPayloadSize(payloadBytes)
                .maxRecvUdpPayloadSize(payloadBytes)
                .localConnectionIdLength(connectionIdBytes)
                .initialCongestionWindowPackets(initialWindowPackets)
                .congestionControlAlgorithm(congestion)
                .hystart(hystart)
                .maxAckDelay(maxAckDelayMs, TimeUnit.MILLISECONDS)
                .flushStrategy(FlushStrategy.afterNumBytes(flushBytes));
    }

    private static QuicCongestionControlAlgorithm congestion(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "newreno", "reno" -> QuicCongestionControlAlgorithm.RENO;
            // The codec calls it BBR; what quiche has behind that name is its BBRv2.
            case "bbr", "bbr2" -> QuicCongestionControlAlgorithm.BBR;
            case "cubic" -> QuicCongestionControlAlgorithm.CUBIC;
            default ->
                throw new IllegalArgumentException(
                        "Netty's codec has no congestion control '" + name + "'; choose newreno, cubic or bbr2");
        };
    }
}
