package io.stoq.bench.lab.relay;

import io.stoq.sim.Corrupt;
import io.stoq.sim.Delay;
import io.stoq.sim.Duplicate;
import io.stoq.sim.Element;
import io.stoq.sim.Loss;
import io.stoq.sim.Rate;
import io.stoq.sim.Reorder;
import io.stoq.sim.SimDatagram;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * One direction of the link: bottleneck, loss, duplication, corruption, delay, reordering, in this order. Each element
 * gets a datagram at the time at which it was due to leave the one before, so that a relay that wakes up late makes
 * datagrams late once and not once per element. Confined to one thread.
 */
final class Lane {

    /** Bounds the memory of a lane whose delay is long and whose rate is not bounded. */
    static final int MAX_DATAGRAMS = 200_000;

    /** Takes what has come through. */
    @FunctionalInterface
    interface Exit {
        void accept(SimDatagram datagram, long dueNs, long nowNs);
    }

    private final LinkSpec spec;
    private final Exit exit;
    private final List<Element> elements = new ArrayList<>();
    private final Histogram foundBytes = new Histogram(3);

    private Rate rate;
    private Loss loss;
    private Reorder reorder;
    private Duplicate duplicate;
    private Corrupt corrupt;
    private long arrived;
    private long arrivedBytes;
    private long passed;
    private long passedBytes;
    private long overflowed;
    private int held;

    Lane(LinkSpec spec, Exit exit) {
        this.spec = spec;
        this.exit = exit;
        if (spec.bitsPerSecond() > 0) {
            rate = add(new Rate(spec.bitsPerSecond(), spec.queueBytes(), spec.markAboveBytes()));
        }
        if (spec.loss() > 0) {
            loss = add(new Loss(spec.loss()));
        }
        if (spec.duplicate() > 0) {
            duplicate = add(new Duplicate(spec.duplicate()));
        }
        if (spec.corrupt() > 0) {
            corrupt = add(new Corrupt(spec.corrupt()));
        }
        if (spec.delayNs() + spec.jitterNs() > 0) {
            add(new Delay(spec.delayNs(), spec.jitterNs()));
        }
        if (spec.reorder() > 0) {
            reorder = add(new Reorder(spec.reorder(), spec.reorderByNs()));
        }
    }

    private <E extends Element> E add(E element) {
        elements.add(element);
        return element;
    }

    List<Element> elements() {
        return elements;
    }

    /** A datagram comes in; {@link #advance} up to the same time must come before. */
    void enter(SimDatagram datagram, long nowNs) {
        arrived++;
        arrivedBytes += datagram.length();
        if (rate != null) {
            foundBytes.recordValue(rate.queuedBytes());
        }
        if (held >= MAX_DATAGRAMS) {
            overflowed++;
            return;
        }
        pass(0, datagram, nowNs, nowNs);
        advance(nowNs);
    }

    /** Moves everything that is due. */
    void advance(long nowNs) {
        int inside = 0;
        for (int i = 0; i < elements.size(); i++) {
            Element element = elements.get(i);
            for (long dueNs = element.nextDeadlineNs(); dueNs <= nowNs; dueNs = element.nextDeadlineNs()) {
                SimDatagram datagram = element.pollTransmit(nowNs);
                if (datagram == null) {
                    break;
                }
                pass(i + 1, datagram, dueNs, nowNs);
            }
            inside += element.heldDatagrams();
        }
        held = inside;
    }

    private void pass(int index, SimDatagram datagram, long dueNs, long nowNs) {
        if (index < elements.size()) {
            elements.get(index).onDatagram(dueNs, datagram);
        } else {
            passed++;
            passedBytes += datagram.length();
            exit.accept(datagram, dueNs, nowNs);
        }
    }

    /** When {@link #advance} has something to do next; {@link Long#MAX_VALUE} for never. */
    long nextDeadlineNs() {
        long next = Long.MAX_VALUE;
        for (Element element : elements) {
            next = Math.min(next, element.nextDeadlineNs());
        }
        return next;
    }

    /** What arriving datagrams find in the queue is counted anew from now on. */
    void restartGauge() {
        foundBytes.reset();
    }

    LaneCounts counts() {
        boolean seen = foundBytes.getTotalCount() > 0;
        return new LaneCounts(
                arrived,
                arrivedBytes,
                passed,
                passedBytes,
                loss == null ? 0 : loss.droppedDatagrams(),
                rate == null ? 0 : rate.droppedDatagrams(),
                overflowed,
                rate == null ? 0 : rate.markedDatagrams(),
                reorder == null ? 0 : reorder.delayedDatagrams(),
                duplicate == null ? 0 : duplicate.duplicatedDatagrams(),
                corrupt == null ? 0 : corrupt.corruptedDatagrams(),
                held,
                spec.bitsPerSecond() > 0 ? spec.queueBytes() : 0,
                rate == null ? 0 : rate.queuedBytes(),
                seen ? Math.round(foundBytes.getMean()) : 0,
                seen ? foundBytes.getValueAtPercentile(99) : 0,
                seen ? foundBytes.getMaxValue() : 0);
    }
}
