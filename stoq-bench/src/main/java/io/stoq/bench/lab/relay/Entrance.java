package io.stoq.bench.lab.relay;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** Where clients of one server come in. Confined to the loop. */
final class Entrance {

    final InetSocketAddress target;
    final Map<InetSocketAddress, Mapping> mappings = new HashMap<>();
    private Port port;
    private long upBytes;
    private long downBytes;

    Entrance(InetSocketAddress target) {
        this.target = target;
    }

    Port port() {
        return port;
    }

    void open(Port opened) {
        port = opened;
    }

    InetSocketAddress address() {
        return port.localAddress();
    }

    void passedUp(int bytes) {
        upBytes += bytes;
    }

    void passedDown(int bytes) {
        downBytes += bytes;
    }

    RelayCounts.RouteCounts counts() {
        return new RelayCounts.RouteCounts(upBytes, downBytes);
    }
}
