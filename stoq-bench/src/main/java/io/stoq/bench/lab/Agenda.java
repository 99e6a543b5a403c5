package io.stoq.bench.lab;

import io.stoq.sim.SimDatagram;
import io.stoq.sim.SimNode;
import java.util.PriorityQueue;

/** What happens at which virtual time beside the network: applications write, somebody looks at the instruments. */
final class Agenda implements SimNode {

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long order;

    private record Entry(long atNs, long order, Runnable action) implements Comparable<Entry> {

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    void at(long atNs, Runnable action) {
        entries.add(new Entry(atNs, order++, action));
    }

    /** Every so often, for ever. */
    void every(long intervalNs, long fromNs, Runnable action) {
        at(fromNs, () -> {
            action.run();
            every(intervalNs, fromNs + intervalNs, action);
        });
    }

    @Override
    public void onTimeout(long nowNs) {
        while (nextDeadlineNs() <= nowNs) {
            entries.poll().action.run();
        }
    }

    @Override
    public long nextDeadlineNs() {
        return entries.isEmpty() ? Long.MAX_VALUE : entries.peek().atNs;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {}

    @Override
    public SimDatagram pollTransmit(long nowNs) {
        return null;
    }
}
