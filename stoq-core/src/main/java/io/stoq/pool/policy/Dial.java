package io.stoq.pool.policy;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One connection in the making: its addresses are tried one after the other, each beside those before it, and the first that
 * answers wins. RFC 8305 §5.
 */
final class Dial {

    private final ArrayDeque<InetSocketAddress> untried;
    private final Map<Long, InetSocketAddress> trying = new HashMap<>();

    /** When the next address is tried whatever the others do, or {@code Long.MAX_VALUE}. */
    long nextTryNs;

    Dial(List<InetSocketAddress> order) {
        this.untried = new ArrayDeque<>(order);
    }

    InetSocketAddress tryNext(long nowNs, long attempt, long staggerNs) {
        InetSocketAddress address = untried.poll();
        trying.put(attempt, address);
        nextTryNs = untried.isEmpty() ? Long.MAX_VALUE : nowNs + staggerNs;
        return address;
    }

    boolean isTrying(long attempt) {
        return trying.containsKey(attempt);
    }

    /** The attempt is over; returns its address. */
    InetSocketAddress remove(long attempt) {
        return trying.remove(attempt);
    }

    boolean hasUntried() {
        return !untried.isEmpty();
    }

    boolean isHopeless() {
        return trying.isEmpty() && untried.isEmpty();
    }

    List<Long> attempts() {
        return new ArrayList<>(trying.keySet());
    }
}
