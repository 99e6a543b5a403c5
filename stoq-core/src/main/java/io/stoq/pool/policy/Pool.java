package io.stoq.pool.policy;

import io.stoq.StoqException;
import io.stoq.pool.BreakerState;
import io.stoq.pool.MemberState;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.PoolEvent;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The connections to one endpoint: how many there are, which of them take work, when one is replaced. Confined to one thread;
 * reads no clock, does no I/O, never blocks.
 *
 * <p>What happens comes by {@code on...}; what is to be done goes to the {@link PoolHost} and to the connections.
 * {@link #nextDeadlineNs()} is valid after each of them.
 */
public final class Pool {

    private static final long NEVER = Long.MAX_VALUE;

    private final PoolConfig config;
    private final PoolHost host;
    private final Dialer dialer;
    private final History history = new History();
    private final List<Member> members = new ArrayList<>();
    private int target;
    private long nextCheckNs = NEVER;
    private boolean awake;
    private boolean ending;
    private boolean ended;
    private boolean changed = true;
    private StoqException published;
    private long opened;
    private long broken;
    private long retired;
    private long pings;

    /** @param random where chance comes from; a seed replays it */
    public Pool(PoolConfig config, LongSupplier random, PoolHost host) {
        this.config = config;
        this.host = host;
        this.dialer = new Dialer(config.dialing(), random, host);
        this.target = config.size().minConnections();
    }

    /** Opens the connections that are always kept. */
    public void start(long nowNs) {
        settle(nowNs);
    }

    // ---- demand

    /** Somebody waits for a connection, or those that there are have much to do. */
    public void onDemand(long nowNs) {
        wake(nowNs);
        int live = live();
        if (live == 0) {
            target = Math.max(target, 1);
        } else if (dialer.dials() == 0 && live >= target) {
            target = Math.min(live + 1, config.size().maxConnections());
        }
        settle(nowNs);
    }

    /** The first acquisition after {@link PoolHost#sleep()}. */
    public void onActivity(long nowNs) {
        wake(nowNs);
        settle(nowNs);
    }

    private void wake(long nowNs) {
        if (!awake && !ending) {
            awake = true;
            nextCheckNs = nowNs + config.health().checkInterval().toNanos();
        }
    }

    // ---- addresses and connections

    public void onResolved(long nowNs, List<InetSocketAddress> addresses) {
        if (addresses.isEmpty()) {
            onResolveFailed(nowNs, new StoqException.Address("the resolver knows no address of the endpoint"));
            return;
        }
        dialer.onResolved(nowNs, addresses);
        settle(nowNs);
    }

    public void onResolveFailed(long nowNs, StoqException cause) {
        dialer.onResolveFailed(nowNs, cause);
        forgetDemand();
        settle(nowNs);
    }

    public void onDialFailed(long nowNs, long attempt, String why) {
        dialer.onDialFailed(nowNs, attempt, why);
        forgetDemand();
        settle(nowNs);
    }

    /** Those who waited were told that there is nothing; the next who asks makes the pool try again. */
    private void forgetDemand() {
        if (live() == 0 && dialer.refusal() != null) {
            target = config.size().minConnections();
        }
    }

    /** Returns the new member, or null where the connection is not wanted any more: it was closed. */
    public Member onConnected(long nowNs, long attempt, InetSocketAddress address, PooledConnection connection) {
        if (ending || !dialer.onConnected(attempt, address)) {
            connection.close("not needed");
            return null;
        }
        Health health = new Health(nowNs, config.health(), history);
        Member member = new Member(++opened, address, connection, nowNs, health);
        members.add(member);
        changed = true;
        // Looked at soon, which also sends the pool back to sleep.
        wake(nowNs);
        settle(nowNs);
        // Who hears of it can have it.
        host.tell(new PoolEvent.Opened(member.id(), address));
        return member;
    }

    /** The connection ended, whoever ended it. */
    public void onClosed(long nowNs, Member member, String why) {
        if (members.contains(member)) {
            lose(nowNs, member, why);
            settle(nowNs);
        }
    }

    /** A user of the connection had a failure that is the connection's or its peer's fault. */
    public void onError(Member member) {
        member.health.onError();
    }

    /** The peer, by the application's protocol, or the application wants no more work on this connection. */
    public void onDrainWish(long nowNs, Member member) {
        if (members.contains(member) && member.state().isLive()) {
            retire(nowNs, member, "draining was asked for");
            settle(nowNs);
        }
    }

    /** The peer would not be accepted any more: no new work, and what is in flight may finish. */
    public void onUntrusted(long nowNs, Member member, String why) {
        if (members.contains(member) && member.state().isLive()) {
            retire(nowNs, member, "no longer trusted: " + why);
            settle(nowNs);
        }
    }

    /** Nothing is in flight on a connection that takes no more work. */
    public void onDrained(long nowNs, Member member) {
        if (members.contains(member) && member.state() == MemberState.DRAINING) {
            close(member, "drained");
            settle(nowNs);
        }
    }

    public void onSample(long nowNs, Member member, Sample sample) {
        if (!members.contains(member) || !member.state().isLive()) {
            return;
        }
        Health.Verdict verdict = member.health.onSample(nowNs, sample);
        if (member.wantsPing) {
            // Only now, so that what is received from here on is the answer.
            member.wantsPing = false;
            member.health.onPing();
            member.connection().ping();
            pings++;
        } else if (!member.health.awaitsAnswer()) {
            member.pingDueNs = NEVER;
            member.judged = false;
        } else if (member.judged) {
            verdict = missPing(nowNs, member);
        }
        obey(nowNs, member, verdict);
        settle(nowNs);
    }

    private void obey(long nowNs, Member member, Health.Verdict verdict) {
        if (verdict == Health.Verdict.BROKEN) {
            lose(nowNs, member, member.health.finding());
        } else if (verdict == Health.Verdict.DEGRADED && member.state() == MemberState.HEALTHY) {
            become(member, MemberState.DEGRADED, member.health.finding());
        } else if (verdict == Health.Verdict.HEALTHY && member.state() == MemberState.DEGRADED) {
            become(member, MemberState.HEALTHY, "as usual again");
        }
    }

    // ---- looks

    public void onTimeout(long nowNs) {
        dialer.onTimeout(nowNs);
        for (Member member : List.copyOf(members)) {
            if (member.state() == MemberState.DRAINING && nowNs >= member.drainUntilNs) {
                close(
                        member,
                        "the drain timeout passed with " + member.connection().inFlight() + " in flight");
            } else if (member.state().isLive() && nowNs >= member.pingDueNs) {
                onPingDue(nowNs, member);
            }
        }
        if (nowNs >= checkDueNs()) {
            check(nowNs);
        }
        settle(nowNs);
    }

    /** Asks what was received; where even that gets no answer, the loop of the connection is stuck. */
    private void onPingDue(long nowNs, Member member) {
        if (!member.judged && !member.wantsPing) {
            member.judged = true;
            member.pingDueNs = nowNs + config.health().pingDeadline().toNanos();
            member.connection().sample();
        } else {
            obey(nowNs, member, missPing(nowNs, member));
        }
    }

    private Health.Verdict missPing(long nowNs, Member member) {
        member.judged = false;
        Health.Verdict verdict = member.health.onPingMissed();
        if (verdict != Health.Verdict.BROKEN) {
            ask(nowNs, member);
        }
        return verdict;
    }

    private void ask(long nowNs, Member member) {
        member.wantsPing = true;
        member.pingDueNs = nowNs + config.health().pingDeadline().toNanos();
        member.connection().sample();
    }

    private void check(long nowNs) {
        long pingNs = config.health().pingInterval().toNanos();
        boolean used = false;
        for (Member member : List.copyOf(members)) {
            if (!member.state().isLive()) {
                continue;
            }
            used |= member.look(nowNs);
            if (member.ageNs(nowNs) >= config.dialing().stable().toNanos()) {
                dialer.onStable();
            }
            if (live() > config.size().minConnections()
                    && nowNs - member.usedNs() >= config.size().idleRetirement().toNanos()) {
                target = Math.max(config.size().minConnections(), live() - 1);
                retire(nowNs, member, "idle");
            } else if (pingNs > 0 && member.pingDueNs == NEVER && nowNs - member.health.heardNs() >= pingNs) {
                ask(nowNs, member);
            } else if (awake) {
                member.connection().sample();
            }
        }
        boolean wasAwake = awake;
        awake = used;
        if (wasAwake && !used) {
            host.sleep();
            // Who came between the look and the sleep told nobody.
            awake = members.stream().anyMatch(Member::isTouched);
        }
        nextCheckNs = awake ? nowNs + config.health().checkInterval().toNanos() : NEVER;
    }

    private long checkDueNs() {
        long dueNs = nextCheckNs;
        long pingNs = config.health().pingInterval().toNanos();
        boolean tooMany = live() > config.size().minConnections();
        for (Member member : members) {
            if (member.state().isLive()) {
                if (pingNs > 0 && member.pingDueNs == NEVER) {
                    dueNs = Math.min(dueNs, member.health.heardNs() + pingNs);
                }
                if (tooMany) {
                    dueNs = Math.min(
                            dueNs,
                            member.usedNs() + config.size().idleRetirement().toNanos());
                }
            }
        }
        return dueNs;
    }

    // ---- states

    private void become(Member member, MemberState next, String why) {
        MemberState before = member.state();
        member.become(next);
        changed = true;
        host.tell(new PoolEvent.StateChanged(member.id(), member.address(), before, next, why));
    }

    private void lose(long nowNs, Member member, String why) {
        if (member.state() == MemberState.DRAINING) {
            close(member, why);
            return;
        }
        become(member, MemberState.BROKEN, why);
        members.remove(member);
        broken++;
        member.connection().retire();
        member.connection().close(why);
        if (member.ageNs(nowNs) < config.dialing().stable().toNanos()) {
            dialer.onYoungDeath(nowNs);
        }
    }

    private void retire(long nowNs, Member member, String why) {
        become(member, MemberState.DRAINING, why);
        member.drainUntilNs = nowNs + config.drainTimeout().toNanos();
        member.connection().retire();
    }

    private void close(Member member, String why) {
        become(member, MemberState.CLOSED, why);
        members.remove(member);
        retired++;
        member.connection().close(why);
    }

    /** Ends the pool: nothing new, and what is in flight may finish for so long. */
    public void drain(long nowNs, long timeoutNs) {
        ending = true;
        target = 0;
        nextCheckNs = NEVER;
        dialer.end();
        for (Member member : List.copyOf(members)) {
            if (member.state().isLive()) {
                retire(nowNs, member, "the pool ends");
            }
            member.drainUntilNs = Math.min(member.drainUntilNs, nowNs + timeoutNs);
        }
        settle(nowNs);
    }

    /** After every input: makes what is missing, and tells who takes work. */
    private void settle(long nowNs) {
        if (!ending) {
            dialer.maintain(nowNs, target - live() - dialer.dials());
        }
        StoqException refusal = live() == 0 ? dialer.refusal() : null;
        if (changed || !same(refusal, published)) {
            changed = false;
            published = refusal;
            host.publish(
                    usable(), refusal, live() + dialer.dials() < config.size().maxConnections());
        }
        if (ending && !ended && members.isEmpty()) {
            ended = true;
            host.tell(new PoolEvent.Closed());
            host.ended();
        }
    }

    private static boolean same(StoqException one, StoqException other) {
        return one == other || one != null && other != null && one.getMessage().equals(other.getMessage());
    }

    private List<Member> usable() {
        List<Member> healthy = in(MemberState.HEALTHY);
        return healthy.isEmpty() ? in(MemberState.DEGRADED) : healthy;
    }

    private List<Member> in(MemberState state) {
        return members.stream().filter(member -> member.state() == state).toList();
    }

    private int live() {
        int live = 0;
        for (Member member : members) {
            live += member.state().isLive() ? 1 : 0;
        }
        return live;
    }

    public long nextDeadlineNs() {
        if (ended) {
            return NEVER;
        }
        long deadlineNs = Math.min(dialer.nextDeadlineNs(), ending ? NEVER : checkDueNs());
        for (Member member : members) {
            deadlineNs = Math.min(
                    deadlineNs, member.state() == MemberState.DRAINING ? member.drainUntilNs : member.pingDueNs);
        }
        return deadlineNs;
    }

    public Counts counts() {
        return new Counts(
                in(MemberState.HEALTHY).size(),
                in(MemberState.DEGRADED).size(),
                in(MemberState.DRAINING).size(),
                dialer.dials(),
                opened,
                dialer.failed(),
                broken,
                retired,
                pings,
                dialer.breaker());
    }

    /** The figures of {@link io.stoq.pool.PoolStatistics} that are the policy's. */
    public record Counts(
            int healthy,
            int degraded,
            int draining,
            int dialing,
            long opened,
            long dialsFailed,
            long broken,
            long retired,
            long pings,
            BreakerState breaker) {}
}
