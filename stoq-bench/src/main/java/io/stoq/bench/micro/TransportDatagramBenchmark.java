package io.stoq.bench.micro;

import io.stoq.ConnectionHandler;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Datagrams per second that arrive at the server's application, on one connection. The sender offers as many as are taken;
 * those that do not arrive do not count.
 */
public class TransportDatagramBenchmark extends LoopbackBenchmark {

    private static final int DATAGRAMS = 1024;

    /** Bytes in a datagram. Those above 1,200 go in UDP payloads of 65,487 bytes, which only exist on loopback. */
    @Param({"64", "1200", "8900", "65400"})
    public int size;

    private final AtomicLong received = new AtomicLong();
    private StoqConnection client;
    private ByteBuffer data;
    private long wanted;

    @Setup
    public void connect() throws StoqException {
        connect(size <= 1200 ? 1452 : 65_487, 1, new ConnectionHandler() {
            @Override
            public boolean onDatagram(StoqConnection connection, ByteBuffer datagram) {
                received.lazySet(received.getPlain() + 1);
                return true;
            }
        });
        client = clients().getFirst();
        data = ByteBuffer.allocate(size);
        // The first datagrams are small: what the path carries has to be found out.
        while (client.maxDatagramPayloadBytes() < size) {
            client.sendDatagram(ByteBuffer.allocate(1));
            Thread.yield();
        }
        received.set(0);
        while (client.maxDatagramPayloadBytes() < size) {
            offer(Math.min(size, client.maxDatagramPayloadBytes()));
        }
    }

    @Benchmark
    @OperationsPerInvocation(DATAGRAMS)
    public long datagrams(Losses losses) throws StoqException {
        losses.watch(this);
        wanted = received.get() + DATAGRAMS;
        while (received.get() < wanted) {
            offer(size);
        }
        return wanted;
    }

    private void offer(int bytes) throws StoqException {
        if (!client.sendDatagram(data.clear().limit(bytes))) {
            Thread.yield(); // there may be no third core
        }
    }
}
