package io.stoq.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.sim.EchoPair.Arrival;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class QueuesTest {

    private static final long MS = 1_000_000;
    private static final long SECOND = 1000 * MS;
    private static final long MBIT = 1_000_000;

    /** 1,000 bytes each millisecond. */
    private static final long KILOBYTE_PER_MS = 8 * MBIT;

    @Test
    void coDelLetsABurstThroughThatIsGoneSoon() {
        CoDel queue = new CoDel(KILOBYTE_PER_MS, 1_000_000, false);
        List<Arrival> arrivals = arrivals(queue, 50, 1000, 0);
        assertEquals(50, arrivals.size());
        assertEquals(50 * MS, arrivals.getLast().atNs());
        assertEquals(50_000, queue.maxQueuedBytes());
        assertEquals(0, queue.queuedBytes());
    }

    @Test
    void coDelDropsMoreAndMoreOfAQueueThatStays() {
        CoDel queue = new CoDel(KILOBYTE_PER_MS, 10_000_000, false);
        List<Arrival> arrivals = arrivals(queue, 10_000, 1000, MS / 2);
        assertEquals(10_000, arrivals.size() + queue.droppedDatagrams());
        List<Long> gaps = droppedAt(arrivals);
        assertTrue(gaps.size() > 20, gaps.size() + " drops");
        // Above the target from the 10th ms on; one interval later the first goes. RFC 8289 §5.5
        assertTrue(gaps.getFirst() > 105 * MS && gaps.getFirst() < 115 * MS, gaps.getFirst() + " ns");
        assertTrue(gaps.get(11) - gaps.get(10) < (gaps.get(1) - gaps.get(0)) / 2);
        assertEquals(0, queue.heldDatagrams());
    }

    @Test
    void coDelMarksWhoCanBeMarkedAndDropsNone() {
        CoDel queue = new CoDel(KILOBYTE_PER_MS, 10_000_000, true);
        List<Arrival> arrivals = arrivals(queue, 2000, 1000, MS / 2);
        assertEquals(2000, arrivals.size());
        assertEquals(queue.markedDatagrams(), count(arrivals, arrival -> arrival.ecn() == SimDatagram.CE));
        assertTrue(queue.markedDatagrams() > 5, queue.toString());
    }

    @Test
    void coDelDropsTheTailOfAFullQueue() {
        CoDel queue = new CoDel(KILOBYTE_PER_MS, 3500, false);
        assertEquals(3, arrivals(queue, 10, 1000, 0).size());
        assertEquals(7, queue.droppedDatagrams());
    }

    @Test
    void aRateThatChangesTakesEffectInMidDatagram() {
        VariableRate rate = new VariableRate(KILOBYTE_PER_MS, 1_000_000).at(2 * MS + MS / 2, KILOBYTE_PER_MS / 10);
        List<Arrival> arrivals = arrivals(rate, 4, 1000, 0);
        assertEquals(
                List.of(MS, 2 * MS, 2 * MS + MS / 2 + 5 * MS, 2 * MS + MS / 2 + 15 * MS),
                arrivals.stream().map(Arrival::atNs).toList());
    }

    @Test
    void atZeroBitsPerSecondEverythingWaits() {
        VariableRate rate = new VariableRate(KILOBYTE_PER_MS, 1_000_000)
                .at(MS, 0)
                .at(SECOND, KILOBYTE_PER_MS)
                .at(SECOND + MS, 0);
        List<Arrival> arrivals = arrivals(rate, 4, 1000, 0);
        assertEquals(
                List.of(MS, SECOND + MS), arrivals.stream().map(Arrival::atNs).toList());
        assertEquals(2000, rate.queuedBytes());
        assertEquals(0, rate.bitsPerSecond(SECOND / 2));
    }

    @Test
    void aPolicerLetsItsBucketThroughAndThenItsRate() {
        Policer policer = new Policer(KILOBYTE_PER_MS, 10_000);
        List<Arrival> arrivals = arrivals(policer, 1000, 1000, MS / 4);
        // 10 at once, and one in four of what follows
        assertEquals(10 + 249, arrivals.size(), 5);
        assertEquals(1000, arrivals.size() + policer.droppedDatagrams());
        assertEquals(12, count(arrivals, arrival -> arrival.number() < 12), 2);
    }

    @Test
    void jitterIsMostlyShortAndKeepsTheOrder() {
        List<Arrival> arrivals = arrivals(new Jitter(MS, 5 * MS), 2000, 100, 20 * MS);
        long sumNs = 0;
        for (int i = 0; i < 2000; i++) {
            assertEquals(i, arrivals.get(i).number());
            long heldNs = arrivals.get(i).atNs() - i * 20 * MS;
            assertTrue(heldNs >= 0 && heldNs <= 5 * MS);
            sumNs += heldNs;
        }
        assertEquals(MS, sumNs / 2000, MS / 10);
    }

    @Test
    void aggregationLetsGoByBytesOrByTime() {
        AckAggregation aggregation = new AckAggregation(300, 50 * MS);
        List<Arrival> arrivals = arrivals(aggregation, 5, 100, 10 * MS);
        assertEquals(
                List.of(20 * MS, 20 * MS, 20 * MS, 80 * MS, 80 * MS),
                arrivals.stream().map(Arrival::atNs).toList());
        assertEquals(0, aggregation.heldDatagrams());
    }

    @Test
    void thinningKeepsTheNewest() {
        AckThinning thinning = new AckThinning(4, 100 * MS);
        List<Arrival> arrivals = arrivals(thinning, 10, 40, MS);
        assertEquals(List.of(3, 7, 9), arrivals.stream().map(Arrival::number).toList());
        assertEquals(108 * MS, arrivals.getLast().atNs());
        assertEquals(7, thinning.droppedDatagrams());
        assertEquals(10, arrivals(new AckThinning(4, 100 * MS), 10, 1000, MS).size());
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Policer(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new CoDel(0, 1, false));
        assertThrows(IllegalArgumentException.class, () -> new VariableRate(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Jitter(2, 1));
        assertThrows(IllegalArgumentException.class, () -> new AckAggregation(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new AckThinning(0, 1));
    }

    @Test
    void crossTrafficKeepsItsRateAndItsBreaks() {
        InetSocketAddress from = new InetSocketAddress("2001:db8::1", 1);
        InetSocketAddress to = new InetSocketAddress("2001:db8::2", 2);
        CrossTraffic source = new CrossTraffic(from, to, KILOBYTE_PER_MS, 1000)
                .during(10 * MS, SECOND + 10 * MS)
                .inTurns(100 * MS, 100 * MS);
        CrossTraffic.Sink sink = new CrossTraffic.Sink();
        Simulation simulation = new Simulation(1);
        simulation.node(from, source);
        simulation.node(to, sink);
        simulation.link(from, to, List.of(), List.of());
        simulation.runFor(10 * MS - 1);
        assertEquals(0, sink.receivedBytes());
        simulation.runFor(100 * MS + 1);
        assertEquals(100_000, sink.receivedBytes());
        simulation.runFor(10 * SECOND);
        assertEquals(500_000, sink.receivedBytes());
        assertEquals(500, source.sentDatagrams());
    }

    @Test
    void twoLinksShareAQueueAndKeepTheirOwnDelays() {
        Shared<Rate> bottleneck = new Shared<>(new Rate(KILOBYTE_PER_MS, 10_000));
        Simulation simulation = new Simulation(1);
        InetSocketAddress[] froms = new InetSocketAddress[2];
        CrossTraffic.Sink[] sinks = {new CrossTraffic.Sink(), new CrossTraffic.Sink()};
        for (int i = 0; i < 2; i++) {
            froms[i] = new InetSocketAddress("2001:db8::a", i + 1);
            InetSocketAddress to = new InetSocketAddress("2001:db8::b", i + 1);
            simulation.node(froms[i], new CrossTraffic(froms[i], to, KILOBYTE_PER_MS * (70 + 7 * i) / 100, 1000));
            simulation.node(to, sinks[i]);
            simulation.link(froms[i], to, List.of(bottleneck.port(), new Delay((i + 1) * 50 * MS)), List.of());
        }
        simulation.runFor(80 * MS);
        assertTrue(sinks[0].receivedBytes() > 0);
        assertEquals(0, sinks[1].receivedBytes());
        simulation.runFor(920 * MS);
        // The queue is full from the 20th ms on; what leaves it is what the link carries.
        assertEquals(1000, bottleneck.element().passedDatagrams(), 2);
        assertEquals(10_000, bottleneck.element().maxQueuedBytes());
        assertEquals(470, bottleneck.element().droppedDatagrams(), 20);
        assertTrue(sinks[0].receivedBytes() > 200_000 && sinks[1].receivedBytes() > 200_000);
        assertThrows(AssertionError.class, simulation::requireNoDrops);
    }

    @Test
    void theOrderOfASharedQueueIsThatOfItsArrivals() {
        Shared<Rate> bottleneck = new Shared<>(new Rate(KILOBYTE_PER_MS, 100_000));
        Element first = bottleneck.port();
        Element second = bottleneck.port();
        Simulation simulation = new Simulation(1);
        InetSocketAddress one = new InetSocketAddress("2001:db8::1", 1);
        InetSocketAddress two = new InetSocketAddress("2001:db8::2", 2);
        simulation.link(one, two, List.of(first), List.of(second));
        SimDatagram up = new SimDatagram(one, two, new byte[1000]);
        SimDatagram down = new SimDatagram(two, one, new byte[1000]);
        second.onDatagram(0, down);
        first.onDatagram(0, up);
        assertEquals(MS, first.nextDeadlineNs());
        assertEquals(null, first.pollTransmit(MS));
        assertEquals(MS, second.nextDeadlineNs());
        assertEquals(down, second.pollTransmit(MS));
        assertEquals(up, first.pollTransmit(2 * MS));
    }

    private static List<Arrival> arrivals(Element element, int datagrams, int bytes, long intervalNs) {
        EchoPair pair = new EchoPair(datagrams, bytes, intervalNs);
        pair.join(new Simulation(1), List.of(element), List.of()).runFor(100 * SECOND);
        return pair.server.arrivals;
    }

    private static long count(List<Arrival> arrivals, Predicate<Arrival> which) {
        return arrivals.stream().filter(which).count();
    }

    /** When the datagram left that came instead of one or more dropped ones. */
    private static List<Long> droppedAt(List<Arrival> arrivals) {
        List<Long> times = new ArrayList<>();
        for (int i = 1; i < arrivals.size(); i++) {
            if (arrivals.get(i).number() != arrivals.get(i - 1).number() + 1) {
                times.add(arrivals.get(i).atNs());
            }
        }
        return times;
    }
}
