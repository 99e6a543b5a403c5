package io.stoq.pool.policy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the endpoint's name stands for, and in which order to try it: those that failed last go last. RFC 8305 §4. */
final class Addresses {

    /** A name with more addresses than this is cut off; nobody waits for so many. */
    static final int MOST = 64;

    private final long refreshNs;
    private List<InetSocketAddress> known = List.of();
    private final Set<InetSocketAddress> failed = new HashSet<>();
    private long staleNs = Long.MIN_VALUE;

    Addresses(long refreshNs) {
        this.refreshNs = refreshNs;
    }

    void onResolved(long nowNs, List<InetSocketAddress> resolved) {
        known = resolved.stream().distinct().limit(MOST).toList();
        failed.retainAll(known);
        staleNs = nowNs + refreshNs;
    }

    /** The old ones have to do for now. */
    void onResolveFailed(long nowNs) {
        staleNs = nowNs + refreshNs;
    }

    /** No address worked: the name may stand for others by now. */
    void expire() {
        staleNs = Long.MIN_VALUE;
    }

    boolean isStale(long nowNs) {
        return nowNs >= staleNs;
    }

    boolean isEmpty() {
        return known.isEmpty();
    }

    void onFailed(InetSocketAddress address) {
        if (known.contains(address)) {
            failed.add(address);
        }
    }

    void onWorked(InetSocketAddress address) {
        failed.remove(address);
    }

    List<InetSocketAddress> known() {
        return known;
    }

    /** In the resolver's order, those that failed behind those that did not. */
    List<InetSocketAddress> inOrder() {
        List<InetSocketAddress> order = new ArrayList<>(known.size());
        for (InetSocketAddress address : known) {
            if (!failed.contains(address)) {
                order.add(address);
            }
        }
        for (InetSocketAddress address : known) {
            if (failed.contains(address)) {
                order.add(address);
            }
        }
        return order;
    }
}
