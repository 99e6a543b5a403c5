package io.stoq.transport;

import io.netty.channel.IoEventLoop;
import io.stoq.ShutdownOutcome;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.PoolEvent;
import io.stoq.pool.PoolEvents;
import io.stoq.pool.PoolStatistics;
import io.stoq.pool.policy.Member;
import io.stoq.pool.policy.Pool;
import io.stoq.pool.policy.PoolHost;
import io.stoq.transport.driver.LoopClock;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds a pool's policy on one event loop: what happened comes by {@link #submit}, and one timer stands for its deadline. */
final class PoolDriver implements PoolHost {

    private static final Logger LOG = LoggerFactory.getLogger(PoolDriver.class);
    private static final long NEVER = Long.MAX_VALUE;
    private static final long LONGEST_NS = TimeUnit.HOURS.toNanos(1);

    private final IoEventLoop loop;
    private final ClientBuilder client;
    private final PoolResolver resolver;
    private final String host;
    private final int port;
    private final EventSink events;
    private final PoolEvents recording;
    private final Pool pool;
    private final CompletableFuture<ShutdownOutcome> ended = new CompletableFuture<>();

    // Any thread
    private volatile Lanes lanes = new Lanes(new Lane[0], null, true);
    private volatile boolean asleep;
    private final AtomicInteger waiting = new AtomicInteger();

    // Loop
    private final Map<Long, CompletableFuture<StoqConnection>> attempts = new HashMap<>();
    private final Set<Lane> open = new HashSet<>();

    /** Attempts that ran when trust changed. */
    private final Set<Long> doubtful = new HashSet<>();

    private Future<?> timer;
    private long timerNs = NEVER;
    private long acquired;
    private long failedOver;
    private long wakeUps;

    /** What became of the connections since the pool began to end. */
    private ShutdownOutcome outcome = ShutdownOutcome.NONE;

    private boolean ending;

    PoolDriver(
            IoEventLoop loop,
            ClientBuilder client,
            PoolResolver resolver,
            String host,
            int port,
            PoolConfig config,
            LongSupplier random,
            EventSink events,
            PoolEvents recording) {
        this.loop = loop;
        this.client = client;
        this.resolver = resolver;
        this.host = host;
        this.port = port;
        this.events = events;
        this.recording = recording;
        this.pool = new Pool(config, random, this);
    }

    // ---- any thread

    Lanes lanes() {
        return lanes;
    }

    /** Whether the pool wants to hear of the next acquisition. */
    boolean isAsleep() {
        return asleep;
    }

    CompletableFuture<ShutdownOutcome> whenEnded() {
        return ended;
    }

    /** Has something done on the loop, soon. */
    void submit(LongConsumer input) {
        try {
            loop.execute(() -> turn(input));
        } catch (RejectedExecutionException transportClosed) {
            end();
        }
    }

    void start() {
        Runnable deaf = client.tls().onTrustChanged(() -> submit(this::recheck));
        ended.thenRun(deaf);
        submit(pool::start);
    }

    /** Another connection is needed. Completes when the pool has begun to make it, or will not. */
    CompletableFuture<Void> demand() {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        submit(nowNs -> {
            pool.onDemand(nowNs);
            heard.complete(null);
        });
        return heard;
    }

    /** A thread begins to wait for a connection: 1, or ends to: -1. */
    void onWaiting(int change) {
        waiting.addAndGet(change);
    }

    void wake() {
        asleep = false;
        submit(pool::onActivity);
    }

    void onFailover(StoqConnection from, String why) {
        submit(nowNs -> {
            failedOver++;
            tell(new PoolEvent.FailedOver(from.remoteAddress(), why));
        });
    }

    CompletableFuture<PoolStatistics> statistics() {
        CompletableFuture<PoolStatistics> result = new CompletableFuture<>();
        submit(nowNs -> result.complete(snapshot()));
        ended.thenRun(() -> result.complete(snapshot()));
        return result;
    }

    /** Whether the pool will wake up by itself; for tests. */
    CompletableFuture<Boolean> hasTimer() {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        submit(nowNs -> result.complete(pool.nextDeadlineNs() != NEVER));
        return result;
    }

    // ---- loop

    Pool pool() {
        return pool;
    }

    /** Nothing new, and what is in flight may finish for so long. */
    void drain(long timeoutNs) {
        submit(nowNs -> {
            ending = true;
            pool.drain(nowNs, timeoutNs);
        });
        lanes.superseded().complete(null);
    }

    /** A connection is about to be closed. */
    void onClosing(int inFlight) {
        if (ending) {
            outcome = outcome.plus(inFlight == 0 ? new ShutdownOutcome(1, 0) : new ShutdownOutcome(0, 1));
        }
    }

    private void onTimer() {
        wakeUps++;
        timer = null;
        timerNs = NEVER;
        turn(pool::onTimeout);
    }

    /** Unlike a socket's timer it is set anew whenever the deadline moves: seldom, and an idle pool is to be quiet. */
    private void arm(long deadlineNs, long nowNs) {
        if (deadlineNs == timerNs) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        timerNs = deadlineNs;
        if (deadlineNs != NEVER) {
            timer = loop.schedule(this::onTimer, Math.clamp(deadlineNs - nowNs, 0, LONGEST_NS), TimeUnit.NANOSECONDS);
        }
    }

    private void turn(LongConsumer input) {
        long nowNs = LoopClock.nowNs();
        try {
            input.accept(nowNs);
        } catch (RuntimeException defect) {
            LOG.error("the pool to {} made a mistake", host, defect);
        }
        arm(pool.nextDeadlineNs(), nowNs);
    }

    /** What a new handshake would refuse now gets no more work; handshakes that run may have been judged by what was before. */
    private void recheck(long nowNs) {
        doubtful.addAll(attempts.keySet());
        recheck(List.copyOf(open));
    }

    private void recheck(List<Lane> lanes) {
        Thread.ofVirtual().name("stoq-pool-recheck").start(() -> {
            for (Lane lane : lanes) {
                StoqConnection connection = lane.connection();
                String why = client.tls().refusal(client.serverName(), connection.peerCertificates());
                if (why != null) {
                    LOG.warn("the pool to {} parts with {}: {}", host, connection, why);
                    submit(nowNs -> pool.onUntrusted(nowNs, lane.member, why));
                }
            }
        });
    }

    @Override
    public void resolve() {
        Thread.ofVirtual().name("stoq-pool-resolve").start(() -> {
            try {
                List<InetSocketAddress> found = Ipv6.usable(host, resolver.resolve(host, port));
                submit(nowNs -> pool.onResolved(nowNs, found));
            } catch (StoqException cause) {
                submit(nowNs -> pool.onResolveFailed(nowNs, cause));
            } catch (Throwable failure) { // a resolver's mistake is a failed resolution
                StoqException cause = new StoqException.Address("the resolver failed for '" + host + "'", failure);
                submit(nowNs -> pool.onResolveFailed(nowNs, cause));
            }
        });
    }

    @Override
    public void dial(long attempt, InetSocketAddress address) {
        CompletableFuture<StoqConnection> connection = client.connectAsync(address);
        attempts.put(attempt, connection);
        connection.whenComplete((made, failure) -> submit(nowNs -> {
            attempts.remove(attempt);
            boolean doubted = doubtful.remove(attempt);
            if (made != null) {
                onConnected(nowNs, attempt, address, made, doubted);
            } else {
                pool.onDialFailed(nowNs, attempt, String.valueOf(failure.getMessage()));
            }
        }));
    }

    private void onConnected(
            long nowNs, long attempt, InetSocketAddress address, StoqConnection connection, boolean doubted) {
        Lane lane = new Lane(this, connection);
        lane.member = pool.onConnected(nowNs, attempt, address, lane);
        if (lane.member != null) {
            open.add(lane);
            connection
                    .closed()
                    .thenAccept(reason -> submit(atNs -> {
                        open.remove(lane);
                        acquired += lane.pollAcquired();
                        pool.onClosed(atNs, lane.member, reason.describe());
                    }));
            if (doubted) {
                recheck(List.of(lane));
            }
        }
    }

    @Override
    public void giveUp(long attempt) {
        CompletableFuture<StoqConnection> connection = attempts.remove(attempt);
        if (connection != null && !connection.cancel(false)) {
            // It came about in this very moment; its completion is told to the pool, which closes it.
            LOG.debug("attempt {} was given up too late", attempt);
        }
    }

    @Override
    public void publish(List<Member> usable, StoqException refusal, boolean mayGrow) {
        Lanes before = lanes;
        for (Member member : usable) {
            ((Lane) member.connection()).member = member;
        }
        lanes = new Lanes(
                usable.stream().map(member -> (Lane) member.connection()).toArray(Lane[]::new), refusal, mayGrow);
        before.superseded().complete(null);
    }

    @Override
    public void sleep() {
        asleep = true;
    }

    @Override
    public void tell(PoolEvent event) {
        recording.onEvent(event);
        events.tell(event);
    }

    @Override
    public void ended() {
        end();
    }

    private void end() {
        if (ended.complete(outcome)) {
            lanes.superseded().complete(null);
        }
    }

    private PoolStatistics snapshot() {
        Pool.Counts counts = pool.counts();
        open.forEach(lane -> acquired += lane.pollAcquired());
        return new PoolStatistics(
                counts.healthy(),
                counts.degraded(),
                counts.draining(),
                counts.dialing(),
                open.stream().mapToLong(Lane::inFlight).sum(),
                waiting.get(),
                acquired,
                counts.opened(),
                counts.dialsFailed(),
                counts.broken(),
                counts.retired(),
                failedOver,
                counts.pings(),
                wakeUps,
                events.dropped(),
                counts.breaker());
    }
}
