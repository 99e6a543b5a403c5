package io.stoq.bench.lab.relay;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A relay: where it listens, where it passes that on to, and what lies between.
 *
 * @param routes all of them share the link
 * @param up from the clients to the servers
 * @param down from the servers to the clients
 * @param rebindAfterNs how long after its first datagram a client's port towards the server changes, each time
 * @param maxClients ports towards servers at once
 * @param seed of everything that happens by chance
 * @param spinNs how long before a datagram is due the relay stops sleeping
 */
public record RelaySpec(
        List<Route> routes,
        LinkSpec up,
        LinkSpec down,
        List<Long> rebindAfterNs,
        int maxClients,
        long seed,
        long spinNs) {

    /** Sockets are memory, and the clients' addresses are their own word. */
    public static final int MAX_CLIENTS = 1024;

    public static final int DEFAULT_CLIENTS = 64;

    /** What waking up takes, about. */
    public static final long DEFAULT_SPIN_NS = 60_000;

    static final int MAX_REBINDS = 100;

    /**
     * A listening socket, and the server behind it.
     *
     * @param listen port 0 for any free one
     */
    public record Route(InetSocketAddress listen, InetSocketAddress target) {

        public Route {
            if (!(listen.getAddress() instanceof Inet6Address) || !(target.getAddress() instanceof Inet6Address)) {
                throw new IllegalArgumentException(
                        "a route from " + listen + " to " + target + " is impossible; both must be IPv6 addresses");
            }
        }

        /** From a free port of {@code ::1} to another port of {@code ::1}. */
        public static Route toLoopback(int port) {
            InetAddress loopback = InetAddress.ofLiteral("::1");
            return new Route(new InetSocketAddress(loopback, 0), new InetSocketAddress(loopback, port));
        }
    }

    public RelaySpec {
        routes = List.copyOf(routes);
        rebindAfterNs = rebindAfterNs.stream().sorted().toList();
        if (routes.isEmpty()) {
            throw new IllegalArgumentException("there is no route; a relay needs one");
        }
        if (maxClients < 1 || maxClients > MAX_CLIENTS) {
            throw new IllegalArgumentException("maxClients is " + maxClients + "; 1.." + MAX_CLIENTS + " needed");
        }
        if (rebindAfterNs.size() > MAX_REBINDS) {
            throw new IllegalArgumentException(
                    "there are " + rebindAfterNs.size() + " rebindings; at most " + MAX_REBINDS + " are possible");
        }
        if (spinNs < 0) {
            throw new IllegalArgumentException("spinNs is " + spinNs + "; 0 or more needed");
        }
    }

    /** Between a free port of {@code ::1} and a server on another. */
    public static RelaySpec toLoopback(int port, LinkSpec up, LinkSpec down) {
        return new RelaySpec(List.of(Route.toLoopback(port)), up, down, List.of(), DEFAULT_CLIENTS, 1, DEFAULT_SPIN_NS);
    }

    public RelaySpec rebindAfter(List<Long> timesNs) {
        return new RelaySpec(routes, up, down, timesNs, maxClients, seed, spinNs);
    }

    public RelaySpec seed(long value) {
        return new RelaySpec(routes, up, down, rebindAfterNs, maxClients, value, spinNs);
    }

    public RelaySpec maxClients(int count) {
        return new RelaySpec(routes, up, down, rebindAfterNs, count, seed, spinNs);
    }
}
