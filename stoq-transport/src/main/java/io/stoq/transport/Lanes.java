package io.stoq.transport;

import io.stoq.StoqException;
import io.stoq.pool.Selection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Who takes work, as of one moment. Immutable but for two flags; any thread. */
final class Lanes implements Selection.Candidates {

    private final Lane[] lanes;
    private final StoqException refusal;
    private final AtomicBoolean mayGrow;
    private final CompletableFuture<Void> superseded = new CompletableFuture<>();

    /** @param refusal what to tell those who ask while there are none; null: they wait */
    Lanes(Lane[] lanes, StoqException refusal, boolean mayGrow) {
        this.lanes = lanes;
        this.refusal = refusal;
        this.mayGrow = new AtomicBoolean(mayGrow);
    }

    @Override
    public int count() {
        return lanes.length;
    }

    @Override
    public long id(int index) {
        return lanes[index].member.id();
    }

    @Override
    public int inFlight(int index) {
        return lanes[index].inFlight();
    }

    /** Null where none of them takes work any more: there will be others soon. */
    PoolLease tryAcquire(int first) {
        for (int i = 0, at = first; i < lanes.length; i++) {
            PoolLease lease = lanes[at].tryAcquire();
            if (lease != null) {
                return lease;
            }
            at = at + 1 == lanes.length ? 0 : at + 1;
        }
        return null;
    }

    /** Whether all of them together have so much to do that another is needed; true once. */
    boolean pollGrowth(int chosen, int busy) {
        if (lanes[chosen].inFlight() < busy || !mayGrow.get()) {
            return false;
        }
        long sum = 0;
        for (Lane lane : lanes) {
            sum += lane.inFlight();
        }
        return sum >= (long) busy * lanes.length && mayGrow.compareAndSet(true, false);
    }

    StoqException refusal() {
        return refusal;
    }

    /** Completes when others take its place. */
    CompletableFuture<Void> superseded() {
        return superseded;
    }
}
