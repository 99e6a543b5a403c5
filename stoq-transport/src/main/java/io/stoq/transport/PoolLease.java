package io.stoq.transport;

import io.stoq.StoqConnection;
import io.stoq.StoqException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A connection of a pool, for as long as its holder does not release it: the pool counts it as in use, and waits for it when
 * it drains the connection. It belongs to who acquired it, and is not to be used after its release: leases are used again, the
 * pool's next {@value Lane#LEASES} of the same connection later at the soonest.
 */
public final class PoolLease implements AutoCloseable {

    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(PoolLease.class, "held", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Lane lane;
    private volatile boolean held;

    PoolLease(Lane lane) {
        this.lane = lane;
    }

    boolean tryTake() {
        return !held && HELD.compareAndSet(this, false, true);
    }

    /** @throws StoqException.Closed after the release */
    public StoqConnection connection() throws StoqException.Closed {
        requireHeld();
        return lane.connection();
    }

    /**
     * Gives it back.
     *
     * @throws StoqException.Closed where it was released before
     */
    public void release() throws StoqException.Closed {
        if (!HELD.compareAndSet(this, true, false)) {
            throw released();
        }
        lane.release();
    }

    /** As {@link #release()}; does nothing after a release. */
    @Override
    public void close() {
        if (HELD.compareAndSet(this, true, false)) {
            lane.release();
        }
    }

    /** Reports a failure that is the connection's or its peer's fault; too many of them degrade the connection. */
    public void reportError() throws StoqException.Closed {
        requireHeld();
        lane.reportError();
    }

    /**
     * The peer, by the application's own protocol, wants no more work here: the pool gives none, closes the connection when
     * all leases are released, and makes another where it needs one.
     */
    public void drainConnection() throws StoqException.Closed {
        requireHeld();
        lane.wishDrain();
    }

    private void requireHeld() throws StoqException.Closed {
        if (!held) {
            throw released();
        }
    }

    private static StoqException.Closed released() {
        return new StoqException.Closed("this lease was released before");
    }
}
