package io.stoq.sim;

import io.stoq.buffer.Transmit;
import io.stoq.endpoint.Endpoint;
import io.stoq.endpoint.HandshakeTask;
import io.stoq.memory.EndpointMemory;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;

/** An engine's endpoint as a node: trains are split into datagrams, handshake tasks take a given virtual time. */
public final class EndpointNode implements SimNode {

    private Endpoint endpoint;
    private final InetSocketAddress address;
    private final long taskNs;
    private final Transmit transmit = new Transmit(MemorySegment.ofArray(new byte[1 << 16]), Transmit.MAX_SEGMENTS);
    private final Queue<SimDatagram> outgoing = new ArrayDeque<>();
    private final Queue<Running> running = new ArrayDeque<>();

    private record Running(HandshakeTask task, long doneNs) {}

    public EndpointNode(Endpoint endpoint, InetSocketAddress address, long taskNs) {
        this.endpoint = endpoint;
        this.address = address;
        this.taskNs = taskNs;
    }

    /** Puts another endpoint in the place of this one, as a restart does. */
    public void endpoint(Endpoint replacement) {
        endpoint = replacement;
        running.clear();
        outgoing.clear();
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        endpoint.onDatagram(nowNs, datagram.toDatagram());
    }

    @Override
    public void onTimeout(long nowNs) {
        endpoint.onTimeout(nowNs);
    }

    @Override
    public SimDatagram pollTransmit(long nowNs) {
        runTasks(nowNs);
        if (outgoing.isEmpty() && endpoint.pollTransmit(nowNs, transmit)) {
            SimDatagram.split(transmit, address, outgoing::add);
        }
        return outgoing.poll();
    }

    /** Whatever happened, connections give back what they were charged for. */
    private void requireBalance() {
        EndpointMemory memory = endpoint.memory();
        if (memory.unbalancedBytes() != 0 || endpoint.connections() == 0 && memory.heldBytes() != 0) {
            throw new IllegalStateException(memory.unbalancedBytes() + " bytes were charged and not released, "
                    + memory.heldBytes() + " are held by " + endpoint.connections() + " connections");
        }
    }

    private void runTasks(long nowNs) {
        startTasks(nowNs);
        while (!running.isEmpty() && running.peek().doneNs <= nowNs) {
            HandshakeTask task = running.poll().task;
            task.run();
            endpoint.onTaskDone(nowNs, task);
            startTasks(nowNs);
        }
    }

    private void startTasks(long nowNs) {
        for (HandshakeTask task = endpoint.pollTask(); task != null; task = endpoint.pollTask()) {
            running.add(new Running(task, nowNs + taskNs));
        }
    }

    @Override
    public long nextDeadlineNs() {
        requireBalance();
        long tasksNs = running.isEmpty() ? Long.MAX_VALUE : running.peek().doneNs;
        return Math.min(tasksNs, endpoint.nextDeadlineNs());
    }
}
