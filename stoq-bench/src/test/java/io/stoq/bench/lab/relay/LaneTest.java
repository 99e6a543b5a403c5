package io.stoq.bench.lab.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.sim.SimDatagram;
import io.stoq.sim.Simulation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One direction of a link in virtual time. */
class LaneTest {

    private static final long MS = 1_000_000;
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.ofLiteral("::1"), 1);
    private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("::1"), 2);

    private final List<Long> dueNs = new ArrayList<>();
    private final List<Long> leftNs = new ArrayList<>();

    private Lane lane(LinkSpec spec) {
        Lane lane = new Lane(spec, (datagram, due, now) -> {
            dueNs.add(due);
            leftNs.add(now);
        });
        new Simulation(1).link(CLIENT, SERVER, lane.elements(), List.of());
        return lane;
    }

    private static SimDatagram datagram(int bytes) {
        return new SimDatagram(CLIENT, SERVER, new byte[bytes]);
    }

    @Test
    void aCleanLaneHoldsNothing() {
        Lane lane = lane(LinkSpec.CLEAN);
        lane.enter(datagram(1200), 5);
        assertEquals(List.of(5L), leftNs);
        assertEquals(Long.MAX_VALUE, lane.nextDeadlineNs());
        assertEquals(new LaneCounts(1, 1200, 1, 1200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), lane.counts());
    }

    @Test
    void rateAndDelayAddUp() {
        Lane lane = lane(LinkSpec.CLEAN.rate(8_000_000, 10_000).delay(20 * MS, 0));
        lane.enter(datagram(1000), 0);
        lane.enter(datagram(1000), 0);
        for (long next = lane.nextDeadlineNs(); next < Long.MAX_VALUE; next = lane.nextDeadlineNs()) {
            lane.advance(next);
        }
        assertEquals(List.of(21 * MS, 22 * MS), leftNs);
    }

    @Test
    void aRelayThatWakesUpLateIsLateOnceAndNotOncePerElement() {
        Lane lane = lane(LinkSpec.CLEAN.rate(8_000_000, 10_000).delay(20 * MS, 0));
        lane.enter(datagram(1000), 0);
        lane.enter(datagram(1000), 0);
        // Late at the bottleneck: the delay begins when it should have begun.
        lane.advance(10 * MS);
        assertEquals(List.of(), leftNs);
        assertEquals(21 * MS, lane.nextDeadlineNs());
        lane.advance(30 * MS);
        assertEquals(List.of(21 * MS, 22 * MS), dueNs);
        assertEquals(List.of(30 * MS, 30 * MS), leftNs);
    }

    @Test
    void whatArrivesFindsAQueueAndMayBeDropped() {
        Lane lane = lane(LinkSpec.CLEAN.rate(8_000_000, 3000));
        for (int i = 0; i < 5; i++) {
            lane.enter(datagram(1000), 0);
        }
        LaneCounts counts = lane.counts();
        assertEquals(2, counts.queueDropped());
        assertEquals(3, counts.held());
        assertEquals(3000, counts.queuedBytes());
        assertEquals(3000, counts.maxQueueBytes(), 3);
        assertEquals((0 + 1000 + 2000 + 3000 + 3000) / 5, counts.meanQueueBytes(), 2);
        lane.restartGauge();
        assertEquals(0, lane.counts().maxQueueBytes());
    }

    @Test
    void whatBecameOfEachDatagramIsCounted() {
        Lane lane = lane(LinkSpec.CLEAN.loss(0.1).duplicate(0.2).corrupt(0.3).reorder(0.4, MS));
        for (int i = 0; i < 10_000; i++) {
            lane.enter(datagram(100), i);
        }
        lane.advance(10 * MS);
        LaneCounts counts = lane.counts();
        assertEquals(10_000, counts.arrived());
        assertEquals(counts.arrived() - counts.lost() + counts.duplicated(), counts.passed());
        assertEquals(100 * counts.passed(), counts.passedBytes());
        assertEquals(1000, counts.lost(), 150);
        assertEquals(1800, counts.duplicated(), 250);
        assertEquals(0.3 * counts.passed(), counts.corrupted(), 300);
        assertEquals(0.4 * counts.passed(), counts.reordered(), 300);
    }

    @Test
    void aFullQueueMarksWhoCanBeMarked() {
        Lane lane = lane(LinkSpec.CLEAN.rate(8_000_000, 10_000).markAbove(1500));
        for (int i = 0; i < 4; i++) {
            lane.enter(datagram(1000).ecn(2), 0);
        }
        assertEquals(2, lane.counts().marked());
    }

    @Test
    void aLongFatLaneIsBounded() {
        Lane lane = lane(LinkSpec.CLEAN.delay(1000 * MS, 0));
        SimDatagram datagram = datagram(1);
        for (int i = 0; i < Lane.MAX_DATAGRAMS; i++) {
            lane.enter(datagram, 0);
        }
        assertEquals(0, lane.counts().overflowed());
        lane.enter(datagram, 0);
        assertEquals(1, lane.counts().overflowed());
        lane.advance(1000 * MS);
        assertEquals(Lane.MAX_DATAGRAMS, lane.counts().passed());
        lane.enter(datagram, 1001 * MS);
        assertTrue(lane.nextDeadlineNs() < Long.MAX_VALUE);
    }
}
