package io.stoq.bench.micro;

import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** MiB per second that arrive at the server's application, on one stream of each connection. */
public class TransportBenchmark extends LoopbackBenchmark {

    private static final int MIB = 1 << 20;
    private static final int TRANSFER_MIB = 64;
    private static final int MAX_TRANSFERS_BEFORE = 20;

    /** Largest UDP payload, in bytes; 65,487 only exists on loopback. */
    @Param({"1452", "16383", "65487"})
    public int payload;

    @Param({"1", "16"})
    public int connections;

    private final byte[] data = new byte[MIB];
    private final Semaphore receivedMib = new Semaphore(0);
    private final List<StoqStream> streams = new ArrayList<>();

    @Setup
    public void connect() throws StoqException {
        connect(payload, connections, new Receiver());
        streams.clear();
        for (StoqConnection client : clients()) {
            streams.add(client.openUnidirectionalStream());
        }
        for (int transfers = 0; !sendsDatagramsOf(payload); transfers++) {
            if (transfers == MAX_TRANSFERS_BEFORE) {
                throw new IllegalStateException("datagrams of " + payload + " bytes do not get through here");
            }
            transfer();
        }
    }

    @Benchmark
    @OperationsPerInvocation(TRANSFER_MIB)
    public void mebibytes(Losses losses) throws StoqException {
        losses.watch(this);
        transfer();
    }

    private void transfer() throws StoqException {
        for (int mib = 0; mib < TRANSFER_MIB; mib++) {
            streams.get(mib % connections).writeReferenced(data, 0, data.length, () -> {});
        }
        receivedMib.acquireUninterruptibly(TRANSFER_MIB);
    }

    /** Takes the streams of all connections, on the server's loop. */
    private final class Receiver implements ConnectionHandler, StreamEvents {

        private long bytes;

        @Override
        public StreamEvents onStream(StoqStream stream) {
            return this;
        }

        @Override
        public void onData(StoqStream stream, ByteBuffer received) {
            long before = bytes / MIB;
            bytes += received.remaining();
            received.position(received.limit());
            if (bytes / MIB > before) {
                receivedMib.release((int) (bytes / MIB - before));
            }
        }
    }
}
