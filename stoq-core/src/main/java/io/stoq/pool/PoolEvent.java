package io.stoq.pool;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** What happened to a pool. Exhaustive, so that a {@code switch} over it needs no default. */
public sealed interface PoolEvent {

    /** The endpoint's name stands for these addresses now, in the order in which they are tried. */
    record Resolved(List<InetSocketAddress> addresses) implements PoolEvent {
        public Resolved {
            addresses = List.copyOf(addresses);
        }
    }

    /** The endpoint's name could not be resolved; where addresses of before are known they go on being used. */
    record ResolveFailed(String reason) implements PoolEvent {}

    /** A connection is being made to this address. */
    record Dialing(InetSocketAddress address) implements PoolEvent {}

    /** No connection came about at this address. */
    record DialFailed(InetSocketAddress address, String reason) implements PoolEvent {}

    /**
     * A connection is ready.
     *
     * @param member its number in this pool
     */
    record Opened(long member, InetSocketAddress address) implements PoolEvent {}

    /**
     * The pool thinks otherwise of a connection now.
     *
     * @param member its number in this pool
     */
    record StateChanged(long member, InetSocketAddress address, MemberState from, MemberState to, String reason)
            implements PoolEvent {}

    /** The breaker opened, tries one connection, or closed. */
    record BreakerChanged(BreakerState from, BreakerState to) implements PoolEvent {}

    /** After a failure, the next connection is tried no sooner than this. */
    record BackedOff(int failures, Duration delay) implements PoolEvent {}

    /** Work of which nothing was sent went to another connection. */
    record FailedOver(InetSocketAddress from, String reason) implements PoolEvent {}

    /** The pool is over. */
    record Closed() implements PoolEvent {}
}
