package io.stoq.pool.policy;

import io.stoq.StoqException;
import io.stoq.pool.BreakerState;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.PoolEvent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Makes connections: resolves, staggers, backs off, breaks the circuit. Confined to the pool's thread. */
final class Dialer {

    private final PoolHost host;
    private final long staggerNs;
    private final Addresses addresses;
    private final Backoff backoff;
    private final Breaker breaker;
    private final List<Dial> dials = new ArrayList<>();
    private boolean resolving;
    private int wanted;
    private long attempts;
    private long failed;
    private StoqException unresolved;
    private String lastFailure = "";

    Dialer(PoolConfig.Dialing config, LongSupplier random, PoolHost host) {
        this.host = host;
        this.staggerNs = config.stagger().toNanos();
        this.addresses = new Addresses(config.resolverRefresh().toNanos());
        this.backoff = new Backoff(config, random);
        this.breaker = new Breaker(config);
    }

    /** So many connections are missing: makes what may be made now. */
    void maintain(long nowNs, int missing) {
        wanted = missing;
        while (wanted > 0 && mayDial(nowNs)) {
            if (addresses.isStale(nowNs)) {
                if (!resolving) {
                    resolving = true;
                    host.resolve();
                }
                return;
            }
            Dial dial = new Dial(addresses.inOrder());
            dials.add(dial);
            tryNext(nowNs, dial);
            wanted--;
        }
    }

    /** After a failure one connection at a time is made, until one has lived for some time. */
    private boolean mayDial(long nowNs) {
        if (nowNs < backoff.dueNs() || backoff.failures() > 0 && !dials.isEmpty()) {
            return false;
        }
        BreakerState before = breaker.state();
        boolean admitted = breaker.admits(nowNs);
        tellBreaker(before);
        return admitted;
    }

    private void tryNext(long nowNs, Dial dial) {
        long attempt = ++attempts;
        InetSocketAddress address = dial.tryNext(nowNs, attempt, staggerNs);
        host.tell(new PoolEvent.Dialing(address));
        host.dial(attempt, address);
    }

    void onResolved(long nowNs, List<InetSocketAddress> resolved) {
        resolving = false;
        unresolved = null;
        if (!resolved.equals(addresses.known())) {
            host.tell(new PoolEvent.Resolved(resolved));
        }
        addresses.onResolved(nowNs, resolved);
    }

    void onResolveFailed(long nowNs, StoqException cause) {
        resolving = false;
        host.tell(new PoolEvent.ResolveFailed(cause.getMessage()));
        if (addresses.isEmpty()) {
            unresolved = cause;
            onFailure(nowNs, cause.getMessage());
        } else {
            addresses.onResolveFailed(nowNs);
        }
    }

    /** Returns whether the connection is wanted: the first of its dial. */
    boolean onConnected(long attempt, InetSocketAddress address) {
        Dial dial = dialOf(attempt);
        if (dial == null) {
            return false;
        }
        dial.remove(attempt);
        dials.remove(dial);
        dial.attempts().forEach(host::giveUp);
        addresses.onWorked(address);
        backoff.onSuccess();
        BreakerState before = breaker.state();
        breaker.onSuccess();
        tellBreaker(before);
        return true;
    }

    void onDialFailed(long nowNs, long attempt, String why) {
        Dial dial = dialOf(attempt);
        if (dial == null) {
            return;
        }
        InetSocketAddress address = dial.remove(attempt);
        addresses.onFailed(address);
        host.tell(new PoolEvent.DialFailed(address, why));
        if (dial.hasUntried()) {
            // RFC 8305 §5: the next follows at once where one has failed.
            tryNext(nowNs, dial);
        } else if (dial.isHopeless()) {
            dials.remove(dial);
            onFailure(nowNs, why);
        }
    }

    /** A connection died young: as good as none. */
    void onYoungDeath(long nowNs) {
        backOff(nowNs);
    }

    void onStable() {
        backoff.onStable();
    }

    private void onFailure(long nowNs, String why) {
        failed++;
        lastFailure = why;
        addresses.expire();
        backOff(nowNs);
        BreakerState before = breaker.state();
        breaker.onFailure(nowNs);
        tellBreaker(before);
    }

    private void backOff(long nowNs) {
        long delayNs = backoff.onFailure(nowNs);
        host.tell(new PoolEvent.BackedOff(backoff.failures(), Duration.ofNanos(delayNs)));
    }

    private void tellBreaker(BreakerState before) {
        if (before != breaker.state()) {
            host.tell(new PoolEvent.BreakerChanged(before, breaker.state()));
        }
    }

    private Dial dialOf(long attempt) {
        for (Dial dial : dials) {
            if (dial.isTrying(attempt)) {
                return dial;
            }
        }
        return null;
    }

    void onTimeout(long nowNs) {
        for (Dial dial : dials) {
            if (nowNs >= dial.nextTryNs) {
                tryNext(nowNs, dial);
            }
        }
    }

    void end() {
        for (Dial dial : dials) {
            dial.attempts().forEach(host::giveUp);
        }
        dials.clear();
        wanted = 0;
    }

    long nextDeadlineNs() {
        long deadlineNs = Long.MAX_VALUE;
        for (Dial dial : dials) {
            deadlineNs = Math.min(deadlineNs, dial.nextTryNs);
        }
        if (wanted > 0 && !resolving && (backoff.failures() == 0 || dials.isEmpty())) {
            deadlineNs = Math.min(deadlineNs, Math.max(backoff.dueNs(), breaker.dueNs()));
        }
        return deadlineNs;
    }

    /** What to tell those who ask while there is no connection; null: they wait. */
    StoqException refusal() {
        if (unresolved != null) {
            // While it is being asked again, who asks waits for the answer.
            return resolving ? null : unresolved;
        }
        return breaker.state() == BreakerState.OPEN
                ? new StoqException.Unavailable("the endpoint could not be reached " + backoff.failures()
                        + " times in a row, and is left alone for a while; last: " + lastFailure)
                : null;
    }

    int dials() {
        return dials.size();
    }

    long failed() {
        return failed;
    }

    BreakerState breaker() {
        return breaker.state();
    }
}
