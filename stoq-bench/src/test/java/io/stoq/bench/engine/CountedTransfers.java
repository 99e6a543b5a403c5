package io.stoq.bench.engine;

import io.stoq.ConnectionHandler;
import io.stoq.ConnectionTask;
import io.stoq.StoqConnection;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import io.stoq.config.ConnectionConfig;
import io.stoq.connection.Connection;
import io.stoq.crypto.PacketProtection;
import io.stoq.protection.Aead;
import io.stoq.stream.SendChunk;
import io.stoq.stream.Stream;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.ServerBuilder;
import io.stoq.transport.StoqTransport;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Transfers whose copies are counted: each connects, resets the counter, transfers, and returns how many bytes of payload
 * arrived. They run inside of {@link CountingLoader}, and are reached from outside by what the JDK defines.
 */
final class CountedTransfers {

    private CountedTransfers() {}

    // ---- engine against engine

    public static final class Upload implements LongSupplier {
        @Override
        public long getAsLong() {
            return upload(new NoCipher(), 1452, 4096);
        }
    }

    public static final class LargeUpload implements LongSupplier {
        @Override
        public long getAsLong() {
            return upload(new NoCipher(), 65_487, 256);
        }
    }

    public static final class Jca implements LongSupplier {
        @Override
        public long getAsLong() {
            return upload(Aead.JCA.protection(), 1452, 4096);
        }
    }

    public static final class IpsecMb implements LongSupplier {
        @Override
        public long getAsLong() {
            return upload(Aead.IPSEC_MB.protection(), 1452, 4096);
        }
    }

    public static final class LargeIpsecMb implements LongSupplier {
        @Override
        public long getAsLong() {
            return upload(Aead.IPSEC_MB.protection(), 65_487, 256);
        }
    }

    public static final class Datagrams implements LongSupplier {

        private static final int BYTES = 1200;

        @Override
        public long getAsLong() {
            try (EnginePair pair = new EnginePair(new NoCipher(), 1452, new EngineSide(), new EngineSide())) {
                send(pair, 512); // the queue grows, and is full from now on
                long before = pair.server().datagrams();
                CopyCounter.reset();
                send(pair, 4096);
                return (pair.server().datagrams() - before) * BYTES;
            }
        }

        private static void send(EnginePair pair, int packets) {
            Connection client = pair.client().connection();
            byte[] data = new byte[BYTES];
            for (int sent = 0; sent < packets; sent += 8) {
                while (client.sendDatagram(data, 0, BYTES)) {
                    // until the queue is full
                }
                pair.transfer(8);
            }
        }
    }

    private static long upload(PacketProtection protection, int payloadBytes, int packets) {
        try (EnginePair pair = new EnginePair(protection, payloadBytes, new EngineSide(), new EngineSide())) {
            Stream stream = pair.client().connection().openStream(false);
            stream.handler(pair.client());
            stream.write(new SendChunk(new byte[packets * payloadBytes]));
            CopyCounter.reset();
            pair.transfer(packets);
            return pair.server().streamBytes();
        }
    }

    // ---- application to application over sockets

    /** Writes the application's memory by reference, and reads in a handler. */
    public static final class Referenced implements LongSupplier {

        @Override
        public long getAsLong() {
            Reader reader = new Reader();
            return overSockets(
                    server -> server.handler(reader),
                    (stream, data) -> stream.writeReferenced(data, 0, data.length, () -> {}),
                    reader.received);
        }

        private static final class Reader implements ConnectionHandler, StreamEvents {

            final CompletableFuture<Long> received = new CompletableFuture<>();
            private long bytes;

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
                received.complete(bytes);
            }
        }
    }

    /** Writes and reads with the methods that wait. */
    public static final class Waiting implements LongSupplier {

        @Override
        public long getAsLong() {
            CompletableFuture<Long> received = new CompletableFuture<>();
            ConnectionTask reader = connection -> {
                StoqStream stream = connection.acceptStream();
                byte[] target = new byte[1 << 16];
                long bytes = 0;
                for (int read = 0; read >= 0; read = stream.read(target, 0, target.length)) {
                    bytes += read;
                }
                received.complete(bytes);
            };
            return overSockets(
                    server -> server.onConnection(reader),
                    (stream, data) -> stream.write(data, 0, data.length),
                    received);
        }
    }

    private interface Reading {
        ServerBuilder on(ServerBuilder server);
    }

    private interface Writing {
        void on(StoqStream stream, byte[] data) throws Exception;
    }

    private static long overSockets(Reading reading, Writing writing, CompletableFuture<Long> received) {
        Identity identity = Identity.selfSigned("::1");
        // Windows so small that no socket buffer can overflow: nothing is lost, so nothing is moved twice.
        ConnectionConfig config = ConnectionConfig.builder()
                .maxUdpPayloadBytes(1452)
                .connectionWindowBytes(1 << 16, 1 << 16)
                .streamWindowBytes(1 << 16, 1 << 16)
                .build();
        StoqTls.Builder serverTls = tls().identity(identity);
        StoqTls.Builder clientTls =
                tls().trust(Trust.certificates(identity.certificates().getFirst()));
        try (StoqTransport transport = StoqTransport.builder().eventLoops(2).build();
                StoqServer server = reading.on(
                                transport.server().tls(serverTls.build()).config(config))
                        .bind("::1", 0)
                        .start();
                StoqConnection client = transport
                        .client()
                        .tls(clientTls.build())
                        .config(config)
                        .connect("::1", server.localAddress().getPort())) {
            StoqStream stream = client.openUnidirectionalStream();
            CopyCounter.reset();
            writing.on(stream, new byte[8 << 20]);
            stream.finish();
            return received.join();
        } catch (Exception e) {
            throw new IllegalStateException("the transfer failed", e);
        }
    }

    private static StoqTls.Builder tls() {
        return StoqTls.builder().applicationProtocols("copies").protection(new NoCipher());
    }
}
