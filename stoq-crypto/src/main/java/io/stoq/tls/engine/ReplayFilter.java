package io.stoq.tls.engine;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Takes each ticket for early data once, and only about when its client says that it used it. RFC 8446 §8.1 to §8.3.
 *
 * <p>A recorded first flight says how old its ticket was, under a binder, so that it is good for a few seconds only; no ticket
 * has to be remembered for longer. Bounded: where too many come, further ones bring no early data. Thread-safe.
 */
public final class ReplayFilter {

    /** How far the age that a client tells may be off, in either direction: its clock, and the flight's way. */
    static final long TOLERANCE_MS = 5_000;

    /** A flight is good for twice the tolerance, and what was remembered lasts for one such period or two. */
    private static final long PERIOD_MS = 2 * TOLERANCE_MS;

    /** The end of a ticket that is remembered: its tag. */
    private static final int REMEMBERED_BYTES = 16;

    private final int maxTicketsPerPeriod;
    private Set<ByteBuffer> young = new HashSet<>();
    private Set<ByteBuffer> old = new HashSet<>();
    private long periodStartMs;

    /** @param maxTicketsPerPeriod how many tickets bring early data within ten seconds */
    public ReplayFilter(int maxTicketsPerPeriod) {
        this.maxTicketsPerPeriod = maxTicketsPerPeriod;
    }

    /**
     * Whether early data with this ticket is taken; true once.
     *
     * @param ageMs the ticket's age by this side's clock
     * @param toldAgeMs by the client's
     */
    synchronized boolean admit(byte[] ticket, long ageMs, long toldAgeMs, long nowMs) {
        if (Math.abs(ageMs - toldAgeMs) > TOLERANCE_MS) {
            return false;
        }
        turn(nowMs);
        if (nowMs < periodStartMs - TOLERANCE_MS) {
            return false; // the clock went back to where it is not remembered what came
        }
        ByteBuffer id = ByteBuffer.wrap(Arrays.copyOfRange(ticket, ticket.length - REMEMBERED_BYTES, ticket.length));
        return !old.contains(id) && young.size() < maxTicketsPerPeriod && young.add(id);
    }

    private void turn(long nowMs) {
        if (nowMs - periodStartMs < PERIOD_MS) {
            return;
        }
        old = nowMs - periodStartMs < 2 * PERIOD_MS ? young : new HashSet<>();
        young = new HashSet<>();
        periodStartMs = nowMs;
    }

    synchronized int size() {
        return young.size() + old.size();
    }
}
