package io.stoq.pool.policy;

import io.stoq.pool.MemberState;
import java.net.InetSocketAddress;

/** One connection of a pool: its state and what is known of its use. */
public final class Member {

    private final long id;
    private final InetSocketAddress address;
    private final PooledConnection connection;
    private final long openedNs;
    final Health health;

    private MemberState state = MemberState.HEALTHY;
    private int acquisitions;
    private long usedNs;

    /** When the answer to a PING must be there, or {@code Long.MAX_VALUE}. */
    long pingDueNs = Long.MAX_VALUE;

    /** A PING goes out with the next sample. */
    boolean wantsPing;

    /** The ping's deadline has passed, and a sample is to tell. */
    boolean judged;

    /** When a draining connection is closed whatever is in flight. */
    long drainUntilNs = Long.MAX_VALUE;

    Member(long id, InetSocketAddress address, PooledConnection connection, long nowNs, Health health) {
        this.id = id;
        this.address = address;
        this.connection = connection;
        this.openedNs = nowNs;
        this.usedNs = nowNs;
        this.health = health;
    }

    public long id() {
        return id;
    }

    public InetSocketAddress address() {
        return address;
    }

    public PooledConnection connection() {
        return connection;
    }

    public MemberState state() {
        return state;
    }

    void become(MemberState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("member " + id + " cannot go from " + state + " to " + next);
        }
        state = next;
    }

    /** Notes whether it was used since the last look; true where it was or is. */
    boolean look(long nowNs) {
        int now = connection.acquisitions();
        boolean used = now != acquisitions || connection.inFlight() > 0;
        acquisitions = now;
        if (used) {
            usedNs = nowNs;
        }
        return used;
    }

    /** Whether somebody acquired it since the last look. */
    boolean isTouched() {
        return connection.acquisitions() != acquisitions;
    }

    long usedNs() {
        return usedNs;
    }

    long ageNs(long nowNs) {
        return nowNs - openedNs;
    }
}
