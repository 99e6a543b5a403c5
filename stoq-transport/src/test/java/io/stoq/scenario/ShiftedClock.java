package io.stoq.scenario;

import io.stoq.sim.SimDatagram;
import io.stoq.sim.SimNode;

/** A node whose clock is wrong, and may become more so; counts how often the node is asked to do something. */
final class ShiftedClock implements SimNode {

    private final SimNode node;
    private long offsetNs;
    long timeouts;
    long transmits;

    ShiftedClock(SimNode node) {
        this.node = node;
    }

    /** The clock jumps; back where it is negative. */
    void jump(long ns) {
        offsetNs += ns;
    }

    /** What the node's clock shows. */
    long at(long nowNs) {
        return nowNs + offsetNs;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        node.onDatagram(at(nowNs), datagram);
    }

    @Override
    public void onTimeout(long nowNs) {
        timeouts++;
        node.onTimeout(at(nowNs));
    }

    @Override
    public SimDatagram pollTransmit(long nowNs) {
        SimDatagram datagram = node.pollTransmit(at(nowNs));
        transmits += datagram != null ? 1 : 0;
        return datagram;
    }

    @Override
    public long nextDeadlineNs() {
        long deadlineNs = node.nextDeadlineNs();
        return deadlineNs == Long.MAX_VALUE ? deadlineNs : deadlineNs - offsetNs;
    }
}
