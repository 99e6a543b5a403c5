package io.stoq.transport.driver;

import io.stoq.connection.Connection;
import io.stoq.transport.io.InterfaceMtus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Tells connections how large the datagrams are that their interface takes, which is where the search for the path's MTU
 * begins. Confined to the loop; the kernel is asked elsewhere.
 */
final class InterfaceHint {

    /** What every IPv6 link takes: nothing larger may be tried where the kernel would cut it up. RFC 8200 §5. */
    private static final int SMALLEST_BYTES = 1280;

    private final LoopDriver driver;
    private final InterfaceMtus mtus;

    InterfaceHint(LoopDriver driver) {
        this.driver = driver;
        this.mtus = driver.settings().mtus();
    }

    /** @param bytes the MTU that was found before, or 0 */
    void tell(Connection connection, int bytes) {
        connection.interfaceMtu(driver.forbidsFragmentation() ? bytes : SMALLEST_BYTES);
    }

    /** For a connection that somebody else started, or that goes another way now. */
    void find(Connection connection) {
        InetAddress local = localOf(connection);
        if (local != null) {
            tell(connection, mtus.known(local));
        }
        if (local == null || mtus.isStale(local)) {
            InetSocketAddress remote = connection.remote();
            driver.settings().workers().execute(() -> {
                int bytes = lookUp(local, remote);
                driver.call(nowNs -> {
                    tell(connection, bytes);
                    return null;
                });
            });
        }
    }

    /** The local address that the connection uses, or null where neither the path nor the socket has one. */
    private InetAddress localOf(Connection connection) {
        InetAddress bound = driver.localAddress().getAddress();
        return connection.local() != null || bound.isAnyLocalAddress() ? connection.local() : bound;
    }

    private int lookUp(InetAddress local, InetSocketAddress remote) {
        try {
            return mtus.lookUp(local != null ? local : InterfaceMtus.sourceTowards(remote));
        } catch (IOException e) {
            return InterfaceMtus.UNKNOWN; // the search does without
        }
    }
}
