package io.stoq.transport;

import io.stoq.ShutdownOutcome;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.PoolStatistics;
import io.stoq.pool.Selection;
import io.stoq.transport.driver.Deadline;
import io.stoq.transport.driver.Futures;
import io.stoq.transport.driver.LoopConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections to one endpoint, shared by any number of threads: opened ahead of need, watched, replaced, and closed when they
 * are idle. Thread-safe. Methods that wait are made for virtual threads and must not be called on an event loop.
 *
 * <p>Work goes to the connections as the configured {@link Selection} says; work with a key always to the same connection
 * while that one takes any.
 */
public final class StoqPool implements AutoCloseable {

    private final StoqTransport transport;
    private final PoolDriver driver;
    private final PoolConfig config;
    private final String name;
    private final String endpoint;
    private final int busy;
    private final AtomicLong turns = new AtomicLong();
    private volatile boolean closed;

    StoqPool(StoqTransport transport, PoolDriver driver, PoolConfig config, String name, String endpoint) {
        this.transport = transport;
        this.driver = driver;
        this.config = config;
        this.name = name;
        this.endpoint = endpoint;
        this.busy = Math.max(1, config.size().requestsPerConnection() * 3 / 4);
    }

    void start() {
        driver.whenEnded().thenRun(() -> transport.forget(this));
        driver.start();
    }

    // ---- leases

    /**
     * A connection to work with until the lease is released; waits while there is none.
     *
     * @throws StoqException.Timeout where there was none within the {@code acquireTimeout}
     * @throws StoqException.Unavailable at once, where the endpoint failed too often
     * @throws StoqException.Address where the endpoint's name leads to no IPv6 address
     * @throws StoqException.Closed where the pool is closed
     */
    public PoolLease acquire() throws StoqException {
        PoolLease lease = tryTake(false, 0);
        return lease != null ? lease : await(false, 0, deadline());
    }

    /** As {@link #acquire()}, with this in place of the {@code acquireTimeout}. */
    public PoolLease acquire(Duration timeout) throws StoqException {
        return acquire(false, 0, Deadline.in(timeout));
    }

    /** As {@link #acquire()}, the same connection for the same key as long as that one takes work. */
    public PoolLease acquire(long key) throws StoqException {
        PoolLease lease = tryTake(true, key);
        return lease != null ? lease : await(true, key, deadline());
    }

    /** As {@link #acquire(long)}, with this in place of the {@code acquireTimeout}. */
    public PoolLease acquire(long key, Duration timeout) throws StoqException {
        return acquire(true, key, Deadline.in(timeout));
    }

    private PoolLease acquire(boolean pinned, long key, Deadline deadline) throws StoqException {
        PoolLease lease = tryTake(pinned, key);
        return lease != null ? lease : await(pinned, key, deadline);
    }

    /** As {@link #acquire()} without waiting; null where there is none now, and then one is made. */
    public PoolLease tryAcquire() throws StoqException {
        PoolLease lease = tryTake(false, 0);
        if (lease == null) {
            requireOpen();
            driver.demand();
        }
        return lease;
    }

    /**
     * As {@link #acquire()}, without waiting. Cancelling it gives it up, and no lease is taken. Completes on a virtual thread.
     */
    public CompletableFuture<PoolLease> acquireAsync() {
        return Futures.onVirtualThread("stoq-pool-acquire", this::acquire, PoolLease::close);
    }

    /** As {@link #acquire(long)}, without waiting; see {@link #acquireAsync()}. */
    public CompletableFuture<PoolLease> acquireAsync(long key) {
        return Futures.onVirtualThread("stoq-pool-acquire", () -> acquire(key), PoolLease::close);
    }

    /** Null where there is none now. Allocates nothing, locks nothing. */
    private PoolLease tryTake(boolean pinned, long key) {
        Lanes now = driver.lanes();
        if (closed || now.count() == 0) {
            return null;
        }
        int chosen = pinned ? Selection.pin(key, now) : config.selection().pick(turns.getAndIncrement(), now);
        PoolLease lease = now.tryAcquire(chosen);
        if (driver.isAsleep()) {
            driver.wake();
        }
        if (now.pollGrowth(chosen, busy)) {
            driver.demand();
        }
        return lease;
    }

    private PoolLease await(boolean pinned, long key, Deadline deadline) throws StoqException {
        transport.requireOffLoop("acquire");
        requireOpen();
        driver.onWaiting(1);
        try {
            return awaitCounted(pinned, key, deadline);
        } finally {
            driver.onWaiting(-1);
        }
    }

    private PoolLease awaitCounted(boolean pinned, long key, Deadline deadline) throws StoqException {
        // First, so that a refusal of long ago is not taken for an answer of now.
        awaitChange(CompletableFuture.anyOf(driver.demand(), driver.whenEnded()), deadline);
        while (true) {
            Lanes now = driver.lanes();
            requireOpen();
            PoolLease lease = tryTake(pinned, key);
            if (lease != null) {
                return lease;
            }
            if (now.count() == 0 && now.refusal() != null) {
                throw again(now.refusal());
            }
            awaitChange(now.superseded(), deadline);
        }
    }

    private void awaitChange(CompletableFuture<?> change, Deadline deadline) throws StoqException {
        try {
            deadline.get(change);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoqException.Interrupted("interrupted while waiting for a connection to " + endpoint, 0);
        } catch (TimeoutException e) {
            throw new StoqException.Timeout("no connection to " + endpoint + " in time; the pool's events tell why");
        } catch (ExecutionException never) {
            throw new StoqException(never.getMessage(), never);
        }
    }

    /** Thrown anew, so that the trace shows who asked. */
    private static StoqException again(StoqException refusal) {
        return refusal instanceof StoqException.Address
                ? new StoqException.Address(refusal.getMessage(), refusal)
                : new StoqException.Unavailable(refusal.getMessage());
    }

    private Deadline deadline() {
        return Deadline.in(config.acquireTimeout());
    }

    // ---- streams

    /**
     * Opens a stream that both sides can write to, on another connection where the chosen one ends before it is open. It
     * counts as in flight until both directions are over. The time to acquire covers the wait for the peer's limit of streams,
     * too. Throws as {@link #acquire()}.
     */
    public StoqStream openStream() throws StoqException {
        return open(false, 0, deadline());
    }

    /** As {@link #openStream()}, with this in place of the {@code acquireTimeout}. */
    public StoqStream openStream(Duration timeout) throws StoqException {
        return open(false, 0, Deadline.in(timeout));
    }

    /** As {@link #openStream()}, on the same connection for the same key as long as that one takes work. */
    public StoqStream openStream(long key) throws StoqException {
        return open(true, key, deadline());
    }

    /** As {@link #openStream(long)}, with this in place of the {@code acquireTimeout}. */
    public StoqStream openStream(long key, Duration timeout) throws StoqException {
        return open(true, key, Deadline.in(timeout));
    }

    /** As {@link #openStream()}, without waiting. Cancelling it gives the stream up. Completes on a virtual thread. */
    public CompletableFuture<StoqStream> openStreamAsync() {
        return Futures.onVirtualThread("stoq-pool-open", this::openStream, StoqPool::giveUp);
    }

    /** As {@link #openStream(long)}, without waiting; see {@link #openStreamAsync()}. */
    public CompletableFuture<StoqStream> openStreamAsync(long key) {
        return Futures.onVirtualThread("stoq-pool-open", () -> openStream(key), StoqPool::giveUp);
    }

    private static void giveUp(StoqStream stream) {
        stream.reset(0);
        stream.stopSending(0);
    }

    /**
     * Runs a request on a stream, and once more on another connection where the first ended before anything of the stream was
     * sent: the peer cannot have seen it. Where something was sent the failure is thrown, and whether to repeat is the
     * application's to know. The stream is closed when the request returns, and reset when it throws.
     *
     * @throws IOException what the request throws, and what {@link #acquire()} does
     */
    public <T> T exchange(StreamExchange<T> request) throws IOException {
        return exchange(false, 0, request);
    }

    /** As {@link #exchange(StreamExchange)}, on the same connection for the same key as long as that one takes work. */
    public <T> T exchange(long key, StreamExchange<T> request) throws IOException {
        return exchange(true, key, request);
    }

    private <T> T exchange(boolean pinned, long key, StreamExchange<T> request) throws IOException {
        Deadline deadline = deadline();
        while (true) {
            StoqStream stream = open(pinned, key, deadline);
            boolean returned = false;
            try {
                T answer = request.on(stream);
                returned = true;
                return answer;
            } catch (StoqException.ConnectionClosed lost) {
                // What the request did elsewhere may have failed so too.
                if (stream.connection().isOpen() || !stream.isUnsent()) {
                    throw lost;
                }
                driver.onFailover(stream.connection(), lost.getMessage());
            } finally {
                if (returned) {
                    stream.close();
                } else {
                    giveUp(stream);
                }
            }
        }
    }

    private StoqStream open(boolean pinned, long key, Deadline deadline) throws StoqException {
        transport.requireOffLoop("openStream");
        while (true) {
            PoolLease lease = acquire(pinned, key, deadline);
            StoqConnection connection = lease.connection();
            StoqStream stream = null;
            try {
                stream = connection.openStream(deadline.left());
                LoopConnection.whenOver(stream, lease::close);
                return stream;
            } catch (StoqException.ConnectionClosed lost) {
                driver.onFailover(connection, lost.getMessage());
            } finally {
                if (stream == null) {
                    lease.close();
                }
            }
        }
    }

    // ---- the pool itself

    /** What metrics and recordings call it: as given to the builder, or {@code host:port}. */
    public String name() {
        return name;
    }

    /** What it has and did so far. Must not be called on an event loop while the pool is open. */
    public PoolStatistics statistics() {
        transport.requireOffLoop("statistics");
        return driver.statistics().join();
    }

    /**
     * Gives out nothing more, and closes each connection when nothing is in flight on it, all when the time has passed.
     * Returns when they are closed; a second call waits for the same, and may shorten the time.
     *
     * @return how many connections had nothing in flight when they were closed, and how many had
     * @throws StoqException.Interrupted where the thread is interrupted; the pool drains on
     */
    public ShutdownOutcome drain(Duration timeout) throws StoqException.Interrupted {
        transport.requireOffLoop("drain");
        return Futures.join(drainAsync(timeout), "the drain of the pool to " + endpoint);
    }

    /** As {@link #drain}, without waiting. Completes on an event loop. */
    public CompletableFuture<ShutdownOutcome> drainAsync(Duration timeout) {
        closed = true;
        int open = driver.lanes().count();
        long timeoutNs = Deadline.in(timeout).leftNs();
        driver.drain(timeoutNs);
        CompletableFuture<ShutdownOutcome> drained = driver.whenEnded().thenApply(outcome -> {
            transport.forget(this); // before whoever waits goes on
            return outcome;
        });
        return Futures.unlessStuck(drained, new ShutdownOutcome(0, open), timeoutNs);
    }

    /** Drains as {@link #drain}, for the configured {@code drainTimeout}; closing twice does nothing more. */
    @Override
    public void close() {
        try {
            drain(config.drainTimeout());
        } catch (StoqException.Interrupted e) {
            abandon();
        }
    }

    /** Closes all connections now; whoever waits is told. Does not wait. */
    void abandon() {
        closed = true;
        driver.drain(0);
    }

    boolean hasTimer() {
        return driver.hasTimer().join();
    }

    private void requireOpen() throws StoqException.Closed {
        if (closed || driver.whenEnded().isDone()) {
            throw new StoqException.Closed("the pool to " + endpoint + " is closed");
        }
    }

    @Override
    public String toString() {
        return "StoqPool[" + name + "]";
    }
}
