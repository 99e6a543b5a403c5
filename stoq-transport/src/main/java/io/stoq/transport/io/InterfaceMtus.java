package io.stoq.transport.io;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The MTUs of this machine's interfaces by their addresses, remembered for a while. Thread-safe. Looking one up asks the
 * kernel and does not belong on an event loop; asking what is known does.
 */
public final class InterfaceMtus {

    /** Stands for an MTU that cannot be told. */
    public static final int UNKNOWN = 0;

    /** After this an MTU is looked up again: somebody may have changed it. */
    private static final long FRESH_NS = TimeUnit.SECONDS.toNanos(10);

    /** Addresses are this machine's own; the bound is for those that change all the time. */
    private static final int MAX_KNOWN = 1024;

    private record Found(int bytes, long atNs) {}

    private final Map<InetAddress, Found> found = new ConcurrentHashMap<>();

    /**
     * The local address that datagrams to {@code remote} come from; asks the routing table and sends nothing.
     *
     * @throws IOException where there is no route
     */
    public static InetAddress sourceTowards(InetSocketAddress remote) throws IOException {
        try (DatagramChannel probe = DatagramChannel.open(StandardProtocolFamily.INET6)) {
            probe.connect(remote);
            return ((InetSocketAddress) probe.getLocalAddress()).getAddress();
        }
    }

    /** What was found for this address, in bytes, or {@link #UNKNOWN}. */
    public int known(InetAddress local) {
        Found last = found.get(local);
        return last == null ? UNKNOWN : last.bytes;
    }

    /** Whether what is known for this address should be looked up again, or has never been. */
    public boolean isStale(InetAddress local) {
        Found last = found.get(local);
        return last == null || System.nanoTime() - last.atNs > FRESH_NS;
    }

    /** The MTU of the interface that has this address, in bytes, or {@link #UNKNOWN}. */
    public int lookUp(InetAddress local) {
        if (!isStale(local)) {
            return known(local);
        }
        int bytes = ask(local);
        if (found.size() >= MAX_KNOWN) {
            found.clear();
        }
        found.put(local, new Found(bytes, System.nanoTime()));
        return bytes;
    }

    private static int ask(InetAddress local) {
        try {
            NetworkInterface owner = local.isAnyLocalAddress() ? null : NetworkInterface.getByInetAddress(local);
            return owner == null ? UNKNOWN : owner.getMTU();
        } catch (SocketException e) {
            return UNKNOWN; // a hint: the search for the path's MTU does without
        }
    }
}
