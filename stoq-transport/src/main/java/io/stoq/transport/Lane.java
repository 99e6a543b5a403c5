package io.stoq.transport;

import io.stoq.ConnectionStatistics;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.pool.policy.Member;
import io.stoq.pool.policy.PooledConnection;
import io.stoq.pool.policy.Sample;
import io.stoq.transport.driver.LoopConnection;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of a pool and who uses it. Acquired and released by any thread without a lock or an allocation; all else is the
 * pool loop's.
 */
final class Lane implements PooledConnection {

    /** Leases made beforehand, a power of two. Those beyond are made when they are needed. */
    static final int LEASES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final long RETIRED = 1L << 31;
    private static final long ACQUISITION = (1L << 32) + 1;
    private static final long IN_FLIGHT = RETIRED - 1;

    /** Odd: neighbours in time are not neighbours in memory, so that threads do not share cache lines. */
    private static final int STRIDE = 37;

    private static final int TRIES = 8;
    private static final VarHandle USE;

    static {
        try {
            USE = MethodHandles.lookup().findVarHandle(Lane.class, "use", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PoolDriver driver;
    private final StoqConnection connection;
    private final PoolLease[] leases = new PoolLease[LEASES];

    /** From the top: 32 bits that count acquisitions, one for "retired", 31 of what is in flight. */
    private volatile long use;

    /** Pool loop; null where the pool did not want the connection. */
    Member member;

    /** Pool loop: as last polled. */
    private int polled;

    private long acquired;

    Lane(PoolDriver driver, StoqConnection connection) {
        this.driver = driver;
        this.connection = connection;
        for (int i = 0; i < LEASES; i++) {
            leases[i] = new PoolLease(this);
        }
    }

    // ---- any thread

    StoqConnection connection() {
        return connection;
    }

    /** Null where it takes no more work. */
    PoolLease tryAcquire() {
        long before = (long) USE.getAndAdd(this, ACQUISITION);
        if ((before & RETIRED) != 0) {
            undo(ACQUISITION);
            return null;
        }
        int turn = (int) (before >>> 32);
        for (int i = 0; i < TRIES; i++) {
            PoolLease lease = leases[(turn + i) * STRIDE & LEASES - 1];
            if (lease.tryTake()) {
                return lease;
            }
        }
        PoolLease more = new PoolLease(this);
        more.tryTake();
        return more;
    }

    void release() {
        undo(1);
    }

    private void undo(long use) {
        long after = (long) USE.getAndAdd(this, -use) - use;
        if ((after & (RETIRED | IN_FLIGHT)) == RETIRED) {
            driver.submit(nowNs -> drained(nowNs));
        }
    }

    @Override
    public int acquisitions() {
        return (int) (use >>> 32);
    }

    @Override
    public int inFlight() {
        return (int) (use & IN_FLIGHT);
    }

    void reportError() {
        driver.submit(nowNs -> {
            if (member != null) {
                driver.pool().onError(member);
            }
        });
    }

    void wishDrain() {
        driver.submit(nowNs -> {
            if (member != null) {
                driver.pool().onDrainWish(nowNs, member);
            }
        });
    }

    // ---- pool loop

    /** Acquisitions since the last call. The counter runs over: lanes in use are asked with each look at them. */
    long pollAcquired() {
        count();
        long since = acquired;
        acquired = 0;
        return since;
    }

    private void count() {
        int now = acquisitions();
        acquired += Integer.toUnsignedLong(now - polled);
        polled = now;
    }

    @Override
    public void retire() {
        long before = (long) USE.getAndBitwiseOr(this, RETIRED);
        if ((before & (RETIRED | IN_FLIGHT)) == 0) {
            driver.submit(nowNs -> drained(nowNs));
        }
    }

    private void drained(long nowNs) {
        if (member != null) {
            driver.pool().onDrained(nowNs, member);
        }
    }

    @Override
    public void sample() {
        count();
        ((LoopConnection) connection)
                .statisticsAsync()
                .thenAccept(statistics -> driver.submit(nowNs -> onSample(nowNs, statistics)));
    }

    private void onSample(long nowNs, ConnectionStatistics statistics) {
        if (member != null) {
            driver.pool()
                    .onSample(
                            nowNs,
                            member,
                            new Sample(
                                    statistics.packetsSent(),
                                    statistics.packetsReceived(),
                                    statistics.losses().packets(),
                                    statistics.losses().probeTimeouts(),
                                    statistics.path().smoothedRttNs(),
                                    statistics.path().bytesInFlight()));
        }
    }

    @Override
    public void ping() {
        try {
            connection.ping();
        } catch (StoqException closed) {
            LOG.debug("a connection ended before its PING", closed);
        }
    }

    @Override
    public void close(String reason) {
        driver.onClosing(inFlight());
        connection.close(0, reason);
    }
}
