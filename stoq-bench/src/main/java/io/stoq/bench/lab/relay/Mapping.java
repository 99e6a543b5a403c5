package io.stoq.bench.lab.relay;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One client at one entrance, and its port towards the server, as a NAT has it. Ports that were given up stay open, so
 * that what is sent to them vanishes instead of being refused. Confined to the loop.
 */
final class Mapping {

    /** Ports given up that are kept. */
    private static final int MAX_STALE = 4;

    final Entrance entrance;
    final InetSocketAddress client;
    private final Deque<Port> stale = new ArrayDeque<>();
    private Port port;
    private long lastUsedNs;

    Mapping(Entrance entrance, InetSocketAddress client) {
        this.entrance = entrance;
        this.client = client;
    }

    /** The port that the server sees now; null before the first one. */
    Port port() {
        return port;
    }

    void use(Port fresh) {
        if (port != null) {
            stale.add(port);
        }
        if (stale.size() > MAX_STALE) {
            stale.remove().close();
        }
        port = fresh;
    }

    long lastUsedNs() {
        return lastUsedNs;
    }

    void touch(long nowNs) {
        lastUsedNs = nowNs;
    }

    void close() {
        stale.forEach(Port::close);
        if (port != null) {
            port.close();
        }
    }
}
