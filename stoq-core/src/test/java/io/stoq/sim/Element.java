package io.stoq.sim;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * One element of one direction of a link: each datagram that comes in is passed on, now or later, or dropped. Datagrams
 * that are due at the same time leave in the order in which they were passed.
 */
public abstract class Element implements SimNode {

    private final PriorityQueue<Held> held = new PriorityQueue<>();
    private SplittableRandom random;
    private long passes;
    private long passedDatagrams;
    private long passedBytes;
    private long droppedDatagrams;
    private long droppedBytes;

    /** Datagrams that left this element. */
    public long passedDatagrams() {
        return passedDatagrams;
    }

    public long passedBytes() {
        return passedBytes;
    }

    public long droppedDatagrams() {
        return droppedDatagrams;
    }

    public long droppedBytes() {
        return droppedBytes;
    }

    /** Datagrams that are inside now. */
    public int heldDatagrams() {
        return held.size();
    }

    @Override
    public void onTimeout(long nowNs) {}

    @Override
    public SimDatagram pollTransmit(long nowNs) {
        if (held.isEmpty() || held.peek().dueNs > nowNs) {
            return null;
        }
        SimDatagram datagram = held.poll().datagram;
        passedDatagrams++;
        passedBytes += datagram.length();
        onPassed(datagram);
        return datagram;
    }

    @Override
    public long nextDeadlineNs() {
        return held.isEmpty() ? Long.MAX_VALUE : held.peek().dueNs;
    }

    /** Hands the datagram on at {@code dueNs}. */
    protected final void pass(SimDatagram datagram, long dueNs) {
        held.add(new Held(dueNs, passes++, datagram));
    }

    protected final void drop(SimDatagram datagram) {
        droppedDatagrams++;
        droppedBytes += datagram.length();
    }

    /** A datagram leaves. */
    protected void onPassed(SimDatagram datagram) {}

    /** This element's own source of randomness. */
    protected final SplittableRandom random() {
        if (random == null) {
            throw new IllegalStateException(this + " is not part of a simulation");
        }
        return random;
    }

    protected final boolean chance(double probability) {
        return random().nextDouble() < probability;
    }

    /** The element becomes part of a simulation; it cannot be part of two. */
    void attach(SplittableRandom source) {
        if (random != null) {
            throw new IllegalStateException(this + " is in the topology already");
        }
        random = source;
    }

    static double probability(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("probability " + value + " is outside 0..1");
        }
        return value;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + " (passed " + passedDatagrams + ", dropped " + droppedDatagrams + ", holds "
                + held.size() + ")";
    }

    private record Held(long dueNs, long order, SimDatagram datagram) implements Comparable<Held> {

        @Override
        public int compareTo(Held other) {
            int byTime = Long.compare(dueNs, other.dueNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
