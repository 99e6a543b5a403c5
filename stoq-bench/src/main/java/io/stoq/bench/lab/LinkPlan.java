package io.stoq.bench.lab;

import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Queue;
import io.stoq.sim.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The path that a scenario's flows share: what data meets is, in this order, the elements {@code before} the bottleneck, the
 * bottleneck's queue, those {@code after} it, and half the round-trip time; acknowledgments meet the other half and the
 * elements {@code back}. Each flow gets elements of its own but shares the queue. Immutable; each method gives a changed copy.
 *
 * @param bitsPerSecond of the bottleneck, at first
 * @param rttNs of a datagram of no size
 * @param queueBytes room in the bottleneck's queue
 * @param queue makes the bottleneck for that many bytes
 */
public record LinkPlan(
        long bitsPerSecond,
        long rttNs,
        long queueBytes,
        Function<LinkPlan, Queue> queue,
        List<Supplier<Element>> before,
        List<Supplier<Element>> after,
        List<Supplier<Element>> back) {

    /** A queue of one bandwidth-delay product, and nothing else on the way. */
    public static LinkPlan of(long bitsPerSecond, long rttNs) {
        return new LinkPlan(bitsPerSecond, rttNs, 0, LinkPlan::dropTail, List.of(), List.of(), List.of()).bufferBdp(1);
    }

    private static Queue dropTail(LinkPlan plan) {
        return new Rate(plan.bitsPerSecond, plan.queueBytes);
    }

    /** Bandwidth times delay: what the path holds without a queue. */
    public long bdpBytes() {
        return Quantities.bytes(bitsPerSecond, rttNs);
    }

    /** Room for so many times the bandwidth-delay product, and for a few datagrams in any case. */
    public LinkPlan bufferBdp(double factor) {
        return bufferBytes(Math.max(6_000, Math.round(factor * bdpBytes())));
    }

    public LinkPlan bufferBytes(long bytes) {
        return new LinkPlan(bitsPerSecond, rttNs, bytes, queue, before, after, back);
    }

    public LinkPlan queue(Function<LinkPlan, Queue> maker) {
        return new LinkPlan(bitsPerSecond, rttNs, queueBytes, maker, before, after, back);
    }

    /** Datagrams that find more than so many bytes in the queue are marked, where they may be. */
    public LinkPlan markingAbove(long bytes) {
        return queue(plan -> new Rate(plan.bitsPerSecond, plan.queueBytes, bytes));
    }

    public LinkPlan before(Supplier<Element> element) {
        return new LinkPlan(bitsPerSecond, rttNs, queueBytes, queue, with(before, element), after, back);
    }

    public LinkPlan after(Supplier<Element> element) {
        return new LinkPlan(bitsPerSecond, rttNs, queueBytes, queue, before, with(after, element), back);
    }

    public LinkPlan back(Supplier<Element> element) {
        return new LinkPlan(bitsPerSecond, rttNs, queueBytes, queue, before, after, with(back, element));
    }

    /** What data meets on its way, given this flow's way through the shared queue. */
    List<Element> dataElements(Element first, Element queuePort, long rttOfFlowNs) {
        List<Element> elements = new ArrayList<>();
        elements.add(first);
        before.forEach(maker -> elements.add(maker.get()));
        elements.add(queuePort);
        after.forEach(maker -> elements.add(maker.get()));
        elements.add(new Delay(rttOfFlowNs / 2));
        return elements;
    }

    List<Element> ackElements(long rttOfFlowNs) {
        List<Element> elements = new ArrayList<>();
        elements.add(new Delay(rttOfFlowNs - rttOfFlowNs / 2));
        back.forEach(maker -> elements.add(maker.get()));
        return elements;
    }

    private static List<Supplier<Element>> with(List<Supplier<Element>> list, Supplier<Element> element) {
        List<Supplier<Element>> longer = new ArrayList<>(list);
        longer.add(element);
        return List.copyOf(longer);
    }
}
