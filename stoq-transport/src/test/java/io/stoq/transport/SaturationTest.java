package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stoq.ConnectionHandler;
import io.stoq.SocketStatistics;
import io.stoq.StoqConnection;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.config.ConnectionConfig;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.SocketCapabilities;
import io.stoq.transport.io.TestPeer;
import io.stoq.transport.io.epoll.EpollBackend;
import io.stoq.transport.io.uring.IoUringBackend;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gate "32 packets or more for each system call at 1,452 bytes, where there is always something to send". Calls and
 * packets are counted, nothing is timed.
 *
 * <p>A train takes 45 such packets, and a slow start, a window's end or a loss makes some shorter: about 41 are usual, on a
 * busy machine and with small socket buffers as well.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SaturationTest {

    private static final int PAYLOAD_BYTES = 1452;
    private static final int LEAST_PACKETS_PER_CALL = 32;
    private static final int TRANSFER_BYTES = 32 << 20;

    /** Half of it is granted at a time: many trains. */
    private static final int WINDOW_BYTES = 2 << 20;

    static List<IoBackend> backends() {
        return List.of(new EpollBackend(), new IoUringBackend());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aSystemCallCarriesManyPackets(IoBackend backend) throws Exception {
        SocketCapabilities can = capabilities(backend);
        assumeTrue(can.gso(), "there is no segmentation offload on sends here");
        Receiver receiver = new Receiver();
        try (StoqTransport sending = transport(backend);
                StoqTransport receiving = transport(backend);
                StoqServer server = receiving
                        .server()
                        .tls(Pair.serverTls("saturation"))
                        .config(config())
                        .handler(receiver)
                        .bind("::1", 0)
                        .start();
                StoqConnection client = sending.client()
                        .tls(Pair.clientTls("saturation"))
                        .config(config())
                        .connect("::1", server.localAddress().getPort())) {
            StoqStream stream = client.openUnidirectionalStream();
            stream.writeReferenced(new byte[TRANSFER_BYTES], 0, TRANSFER_BYTES, () -> {});
            stream.finish();
            assertEquals(TRANSFER_BYTES, receiver.finished.join());

            SocketStatistics sent = sending.socketStatistics();
            requireMany("send", sent.datagramsSent(), sent.sendCalls());
            if (can.gro()) {
                SocketStatistics received = receiving.socketStatistics();
                requireMany("receive", received.datagramsReceived(), received.receiveCalls());
            }
        }
    }

    private static void requireMany(String call, long packets, long calls) {
        assertTrue(
                packets >= LEAST_PACKETS_PER_CALL * calls, () -> packets + " packets took " + calls + " " + call + "s");
    }

    private static SocketCapabilities capabilities(IoBackend backend) throws Exception {
        assumeTrue(backend.isAvailable(), () -> backend.name() + ": " + backend.unavailableReason());
        try (TestPeer socket = TestPeer.open(backend)) {
            return socket.socket().capabilities();
        }
    }

    private static StoqTransport transport(IoBackend backend) {
        // All that is to be sent waits at the loop from the start: no writing thread decides how full trains are.
        return StoqTransport.builder()
                .io(backend.name())
                .eventLoops(1)
                .streamSendBufferBytes(TRANSFER_BYTES)
                .build();
    }

    private static ConnectionConfig config() {
        return ConnectionConfig.builder()
                .maxUdpPayloadBytes(PAYLOAD_BYTES)
                .connectionWindowBytes(WINDOW_BYTES, WINDOW_BYTES)
                .streamWindowBytes(WINDOW_BYTES, WINDOW_BYTES)
                .build();
    }

    private static final class Receiver implements ConnectionHandler, StreamEvents {

        final CompletableFuture<Integer> finished = new CompletableFuture<>();
        private int bytes;

        @Override
        public StreamEvents onStream(StoqStream stream) {
            return this;
        }

        @Override
        public void onData(StoqStream stream, ByteBuffer data) {
            bytes += data.remaining();
            data.position(data.limit());
        }

        @Override
        public void onFinished(StoqStream stream) {
            finished.complete(bytes);
        }
    }
}
