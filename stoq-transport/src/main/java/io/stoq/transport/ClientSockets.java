package io.stoq.transport;

import io.stoq.StoqException;
import io.stoq.config.EndpointConfig;
import io.stoq.crypto.CryptoProvider;
import io.stoq.endpoint.Endpoint;
import io.stoq.transport.driver.LoopBuffers;
import io.stoq.transport.driver.LoopDriver;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sockets of client connections: one for each TLS configuration, local address and loop. Thread-safe. A socket that its
 * last connection has left closes by itself.
 */
final class ClientSockets {

    private record Key(CryptoProvider tls, InetSocketAddress local, int loop) {}

    private final StoqTransport transport;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, LoopDriver> drivers = new HashMap<>();

    ClientSockets(StoqTransport transport) {
        this.transport = transport;
    }

    /** A driver that was open a moment ago. */
    LoopDriver driver(CryptoProvider tls, InetSocketAddress local) throws StoqException {
        // A fixed port can be bound once, so all its connections go to one loop.
        Key key = new Key(tls, local, local.getPort() == 0 ? transport.nextLoop() : 0);
        lock.lock();
        try {
            LoopDriver known = drivers.get(key);
            if (known != null && !known.isEnded()) {
                return known;
            }
            if (known != null && local.getPort() != 0) {
                known.closed().join();
            }
            LoopBuffers buffers = transport.buffers(key.loop());
            Endpoint endpoint = new Endpoint(
                    EndpointConfig.client().withMemoryBytes(transport.endpointMemoryBytes()),
                    tls,
                    connection -> null,
                    buffers.pool(),
                    transport.telemetry());
            LoopDriver opened = transport.open(buffers, endpoint, local, LoopDriver::closeWhenIdle);
            drivers.put(key, opened);
            opened.closed().thenRun(() -> forget(key, opened));
            return opened;
        } finally {
            lock.unlock();
        }
    }

    private void forget(Key key, LoopDriver ended) {
        // On a loop, which must not wait for a thread that opens a socket on that very loop.
        Thread.startVirtualThread(() -> {
            lock.lock();
            try {
                drivers.remove(key, ended);
            } finally {
                lock.unlock();
            }
        });
    }
}
