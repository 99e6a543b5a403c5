package io.stoq.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.sim.EchoPair.Arrival;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ElementsTest {

    private static final long MS = 1_000_000;
    private static final long SECOND = 1000 * MS;
    private static final InetSocketAddress OUTSIDE = new InetSocketAddress("2001:db8::a", 1111);
    private static final InetSocketAddress OUTSIDE_LATER = new InetSocketAddress("2001:db8::a", 2222);

    @Test
    void rateSpreadsABurstOverTime() {
        Rate rate = new Rate(8_000_000, 1_000_000);
        EchoPair pair = echo(1, List.of(rate), List.of(), 10, 1000, 0);
        for (int i = 0; i < 10; i++) {
            assertEquals((i + 1) * MS, pair.server.arrivals.get(i).atNs());
        }
        assertEquals(10_000, rate.maxQueuedBytes());
        assertEquals(0, rate.queuedBytes());
    }

    @Test
    void rateDoesNotDriftWhereTheDivisionLeavesARemainder() {
        EchoPair pair = echo(1, List.of(new Rate(3_000_000_000L, 10_000_000)), List.of(), 3000, 1000, 0);
        assertEquals(8 * MS, pair.server.arrivals.getLast().atNs());
    }

    @Test
    void rateDropsTheTailOfAFullQueue() {
        Rate rate = new Rate(8_000_000, 3500);
        EchoPair pair = echo(1, List.of(rate), List.of(), 10, 1000, 0);
        assertEquals(List.of(0, 1, 2), numbers(pair.server.arrivals));
        assertEquals(7, rate.droppedDatagrams());
        assertEquals(7000, rate.droppedBytes());
    }

    @Test
    void rateMarksAboveAThreshold() {
        Rate rate = new Rate(8_000_000, 1_000_000, 2500);
        EchoPair pair = echo(1, List.of(rate), List.of(), 5, 1000, 0);
        assertEquals(2, rate.markedDatagrams());
        assertEquals(
                List.of(2, 2, 2, 3, 3),
                pair.server.arrivals.stream().map(Arrival::ecn).toList());
    }

    @Test
    void delayIsAddedToEachDatagram() {
        EchoPair pair = echo(1, List.of(new Delay(10 * MS)), List.of(new Delay(5 * MS)), 3, 100, MS);
        assertEquals(List.of(15 * MS, 16 * MS, 17 * MS), times(pair.client.arrivals));
    }

    @Test
    void jitterStaysWithinItsBoundsAndKeepsTheOrder() {
        EchoPair pair = echo(1, List.of(new Delay(10 * MS, 5 * MS)), List.of(), 1000, 100, 100_000);
        List<Arrival> arrivals = pair.server.arrivals;
        HashSet<Long> delays = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, arrivals.get(i).number());
            long delay = arrivals.get(i).atNs() - i * 100_000L;
            assertTrue(delay >= 10 * MS && delay <= 15 * MS);
            delays.add(delay);
        }
        assertTrue(delays.size() > 10);
    }

    @Test
    void lossDropsAboutItsShare() {
        Loss loss = new Loss(0.2);
        EchoPair pair = echo(1, List.of(loss), List.of(), 10_000, 20, 1000);
        assertEquals(10_000, pair.server.arrivals.size() + loss.droppedDatagrams());
        assertTrue(loss.droppedDatagrams() > 1800 && loss.droppedDatagrams() < 2200, loss.toString());
        assertEquals(0, new Loss(0).droppedDatagrams());
        assertThrows(IllegalArgumentException.class, () -> new Loss(1.1));
    }

    @Test
    void burstsOfLossAreRareAndLong() {
        BurstLoss loss = new BurstLoss(0.01, 0.1);
        echo(1, List.of(loss), List.of(), 20_000, 20, 1000);
        double averageLength = (double) loss.droppedDatagrams() / loss.bursts();
        assertTrue(averageLength > 7 && averageLength < 13, averageLength + " datagrams a burst");
        assertTrue(loss.bursts() > 120 && loss.bursts() < 250, loss.bursts() + " bursts");
    }

    @Test
    void reorderLetsLaterDatagramsOvertake() {
        Reorder reorder = new Reorder(0.1, 10 * MS);
        EchoPair pair = echo(1, List.of(reorder), List.of(), 1000, 20, MS);
        List<Integer> numbers = numbers(pair.server.arrivals);
        assertEquals(1000, new HashSet<>(numbers).size());
        assertNotEquals(numbers.stream().sorted().toList(), numbers);
        assertTrue(reorder.delayedDatagrams() > 50 && reorder.delayedDatagrams() < 150);
    }

    @Test
    void duplicatesArriveTwiceAndShareNothing() {
        Duplicate duplicate = new Duplicate(1);
        List<byte[]> payloads = new ArrayList<>();
        Tap tap = new Tap().observe((nowNs, datagram) -> payloads.add(datagram.payload()));
        EchoPair pair = echo(1, List.of(duplicate, tap), List.of(), 1, 20, 0);
        assertEquals(List.of(0, 0), numbers(pair.server.arrivals));
        assertEquals(1, duplicate.duplicatedDatagrams());
        assertNotSame(payloads.getFirst(), payloads.getLast());
        assertArrayEquals(payloads.getFirst(), payloads.getLast());
    }

    @Test
    void corruptionFlipsOneBit() {
        Corrupt corrupt = new Corrupt(0.5);
        List<SimDatagram> before = new ArrayList<>();
        List<SimDatagram> after = new ArrayList<>();
        Tap first = new Tap().observe((nowNs, datagram) -> before.add(datagram));
        Tap last = new Tap().observe((nowNs, datagram) -> after.add(datagram));
        echo(1, List.of(first, corrupt, last), List.of(), 100, 20, 0);
        int flipped = 0;
        for (int i = 0; i < 100; i++) {
            for (int at = 0; at < 20; at++) {
                flipped += Integer.bitCount(
                        (before.get(i).payload()[at] ^ after.get(i).payload()[at]) & 0xff);
            }
        }
        assertEquals(corrupt.corruptedDatagrams(), flipped);
        assertTrue(flipped > 30 && flipped < 70);
    }

    @Test
    void blackoutDropsEverythingForAWhile() {
        EchoPair pair = echo(1, List.of(new Blackout(3 * MS, 6 * MS)), List.of(), 10, 20, MS);
        assertEquals(List.of(0, 1, 2, 6, 7, 8, 9), numbers(pair.server.arrivals));
    }

    @Test
    void mtuDropsWhatIsTooLong() {
        Mtu mtu = new Mtu(1000);
        assertEquals(
                3, echo(1, List.of(mtu), List.of(), 3, 1000, 0).server.arrivals.size());
        assertEquals(
                0,
                echo(1, List.of(new Mtu(999)), List.of(), 3, 1000, 0)
                        .server
                        .arrivals
                        .size());
    }

    @Test
    void rebindingChangesTheSourceAndMapsBack() {
        Rebind nat = new Rebind().at(0, OUTSIDE).at(5 * MS, OUTSIDE_LATER);
        EchoPair pair = echo(1, List.of(nat.up()), List.of(nat.down()), 10, 20, MS);
        List<InetSocketAddress> sources =
                pair.server.arrivals.stream().map(Arrival::from).toList();
        assertEquals(
                List.of(OUTSIDE, OUTSIDE_LATER), sources.stream().distinct().toList());
        assertEquals(5, sources.indexOf(OUTSIDE_LATER));
        assertEquals(10, pair.client.arrivals.size());
    }

    @Test
    void whatIsSentToAnOldMappingGetsLost() {
        Rebind nat = new Rebind().at(5 * MS, OUTSIDE);
        EchoPair pair = echo(1, List.of(nat.up()), List.of(new Delay(2 * MS), nat.down()), 10, 20, MS);
        assertEquals(List.of(0, 1, 2, 5, 6, 7, 8, 9), numbers(pair.client.arrivals));
        assertEquals(2, nat.down().droppedDatagrams());
    }

    @Test
    void tapCountsDropsChangesAndInjects() {
        Tap tap = new Tap()
                .dropIf(datagram -> EchoPair.numberOf(datagram) == 1)
                .change(datagram -> datagram.ecn(SimDatagram.CE));
        EchoPair pair = new EchoPair(3, 30, MS);
        Simulation simulation = pair.join(new Simulation(1), List.of(tap), List.of());
        simulation.runFor(SECOND);
        assertEquals(List.of(0, 2), numbers(pair.server.arrivals));
        assertEquals(SimDatagram.CE, pair.server.arrivals.getFirst().ecn());
        assertEquals(3, tap.seenDatagrams());
        assertEquals(90, tap.seenBytes());
        assertEquals(30, tap.largestBytes());
        tap.inject(simulation.nowNs(), new SimDatagram(EchoPair.CLIENT, EchoPair.SERVER, new byte[4]));
        simulation.runFor(0);
        assertEquals(3, pair.server.arrivals.size());
        assertEquals(1, tap.injectedDatagrams());
    }

    @Test
    void anElementCannotBeInTwoPlaces() {
        Delay delay = new Delay(MS);
        EchoPair pair = new EchoPair(1, 10, 0);
        Simulation simulation = new Simulation(1);
        assertThrows(IllegalStateException.class, () -> pair.join(simulation, List.of(delay), List.of(delay)));
        Delay unused = new Delay(MS, MS);
        assertThrows(IllegalStateException.class, () -> unused.onDatagram(0, new SimDatagram(null, null, new byte[1])));
    }

    @Test
    void seededEntropyRepeatsItself() {
        byte[] first = new byte[100];
        byte[] second = new byte[100];
        new SeededEntropy(5).fill(first, 0, 100);
        new SeededEntropy(new SplittableRandom(5)).fill(second, 0, 100);
        assertArrayEquals(first, second);
        new SeededEntropy(6).fill(second, 0, 100);
        assertFalse(Arrays.equals(first, second));
    }

    private static EchoPair echo(
            long seed,
            List<? extends Element> up,
            List<? extends Element> down,
            int datagrams,
            int bytes,
            long intervalNs) {
        EchoPair pair = new EchoPair(datagrams, bytes, intervalNs);
        pair.join(new Simulation(seed), up, down).runFor(100 * SECOND);
        return pair;
    }

    private static List<Integer> numbers(List<Arrival> arrivals) {
        return arrivals.stream().map(Arrival::number).toList();
    }

    private static List<Long> times(List<Arrival> arrivals) {
        return arrivals.stream().map(Arrival::atNs).toList();
    }
}
