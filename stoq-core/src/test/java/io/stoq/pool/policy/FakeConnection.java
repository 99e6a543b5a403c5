package io.stoq.pool.policy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A connection of a {@link World}, whose figures a story sets. */
final class FakeConnection implements PooledConnection {

    private final World world;
    final World.Server server;
    Member member;

    long rttNs;
    double loss;
    boolean silent;
    boolean stuck;
    boolean closed;
    int pings;

    private double sent;
    private double lost;
    private long received;
    private long probeTimeouts;
    private long unanswered;
    private int acquisitions;
    private int inFlight;
    private boolean retired;

    FakeConnection(World world, World.Server server) {
        this.world = world;
        this.server = server;
        this.rttNs = server.rttNs;
    }

    void acquire() {
        assertFalse(retired, "work for a connection that takes none");
        acquisitions++;
        inFlight++;
        sent += 100;
        lost += 100 * loss;
        if (silent) {
            unanswered++;
        } else {
            received += 100;
        }
    }

    void release() {
        inFlight--;
        assertTrue(inFlight >= 0);
        if (retired && inFlight == 0) {
            world.after(0, this::drained);
        }
    }

    private void drained() {
        if (member != null) {
            world.pool.onDrained(world.nowNs, member);
        }
    }

    /** The connection ends, and both sides know. */
    void end(String why) {
        if (!closed) {
            closed = true;
            world.pool.onClosed(world.nowNs, member, why);
        }
    }

    @Override
    public void sample() {
        if (stuck) {
            return;
        }
        if (unanswered > 0) {
            probeTimeouts++;
        }
        Sample sample = new Sample((long) sent, received, (long) lost, probeTimeouts, rttNs, unanswered * 1200);
        world.after(0, () -> {
            if (member != null) {
                world.pool.onSample(world.nowNs, member, sample);
            }
        });
    }

    @Override
    public void ping() {
        pings++;
        sent++;
        if (silent) {
            unanswered++;
        } else {
            world.after(rttNs, () -> received++);
        }
    }

    @Override
    public int acquisitions() {
        return acquisitions;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public void retire() {
        retired = true;
        if (inFlight == 0) {
            world.after(0, this::drained);
        }
    }

    @Override
    public void close(String reason) {
        closed = true;
        server.connections.remove(this);
    }
}
