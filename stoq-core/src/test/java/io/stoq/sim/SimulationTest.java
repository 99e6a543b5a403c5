package io.stoq.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import io.stoq.sim.EchoPair.Arrival;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final long MS = 1_000_000;

    @Test
    void theSameSeedGivesTheSameRun() {
        assertEquals(roughRun(1), roughRun(1));
        assertNotEquals(roughRun(1), roughRun(2));
    }

    @Test
    void runsUntilTheGoalIsReached() {
        EchoPair pair = new EchoPair(10, 100, MS);
        Simulation simulation = pair.join(new Simulation(1), List.of(new Delay(MS)), List.of(new Delay(MS)));
        simulation.run(() -> pair.client.arrivals.size() == 5, 1000 * MS);
        assertEquals(6 * MS, simulation.nowNs());
        simulation.run(() -> pair.client.arrivals.size() == 10, 5 * MS);
        simulation.requireNoDrops();
    }

    @Test
    void aMissedGoalNamesSeedAndTime() {
        EchoPair pair = new EchoPair(10, 100, MS);
        Simulation simulation = pair.join(new Simulation(4711), List.of(), List.of());
        AssertionError e = assertThrows(AssertionError.class, () -> simulation.run(() -> false, 5 * MS));
        assertTrue(e.getMessage().contains("-Dstoq.sim.seed=4711"), e.getMessage());
        assertTrue(e.getMessage().contains("5000000 ns"), e.getMessage());
    }

    @Test
    void aDeadEndFailsAtOnce() {
        EchoPair pair = new EchoPair(1, 100, 0);
        Simulation simulation = pair.join(new Simulation(1), List.of(new Loss(1)), List.of());
        AssertionError e = assertThrows(AssertionError.class, () -> simulation.run(() -> false, Long.MAX_VALUE / 2));
        assertTrue(e.getMessage().contains("nothing is left"), e.getMessage());
    }

    @Test
    void aNodeWhoseDeadlineStaysInThePastIsALivelock() {
        Simulation simulation = new Simulation(1);
        simulation.node(EchoPair.CLIENT, new Stuck(false));
        AssertionError e = assertThrows(AssertionError.class, () -> simulation.run(() -> false, MS));
        assertTrue(e.getMessage().contains("livelock"), e.getMessage());
    }

    @Test
    void aNodeThatSendsForEverIsALivelock() {
        Simulation simulation = new Simulation(1);
        simulation.node(EchoPair.CLIENT, new Stuck(true));
        AssertionError e = assertThrows(AssertionError.class, () -> simulation.run(() -> false, MS));
        assertTrue(e.getMessage().contains("livelock"), e.getMessage());
    }

    @Test
    void aCleanNetworkMustNotDrop() {
        EchoPair pair = new EchoPair(1, 100, 0);
        Simulation simulation = pair.join(new Simulation(1), List.of(new Loss(1)), List.of());
        simulation.runFor(MS);
        AssertionError e = assertThrows(AssertionError.class, simulation::requireNoDrops);
        assertTrue(e.getMessage().contains("Loss"), e.getMessage());
    }

    @Test
    void answersToASpoofedSourceReachNobody() {
        InetSocketAddress victim = new InetSocketAddress("2001:db8::bad", 1);
        Tap spoof = new Tap().change(datagram -> datagram.from(victim));
        Tap reflected = new Tap();
        EchoPair pair = new EchoPair(3, 100, MS);
        Simulation simulation = pair.join(new Simulation(1), List.of(spoof), List.of(reflected));
        simulation.runFor(10 * MS);
        assertEquals(victim, pair.server.arrivals.getFirst().from());
        assertEquals(3, reflected.seenDatagrams());
        assertEquals(0, pair.client.arrivals.size());
        assertEquals(3, simulation.undeliverableDatagrams());
        assertThrows(AssertionError.class, simulation::requireNoDrops);
    }

    @Test
    void severalClientsShareAServer() {
        EchoPair first = new EchoPair(5, 100, MS);
        Simulation simulation = first.join(new Simulation(1), List.of(new Delay(MS)), List.of());
        InetSocketAddress other = new InetSocketAddress("2001:db8::d", 1);
        Recorder second = new Recorder(new SimDatagram(other, EchoPair.SERVER, new byte[10]));
        simulation.node(other, second);
        simulation.link(other, EchoPair.SERVER, List.of(), List.of(new Delay(7 * MS)));
        simulation.runFor(20 * MS);
        assertEquals(5, first.client.arrivals.size());
        assertEquals(List.of(7 * MS), second.times);
        simulation.requireNoDrops();
    }

    @Test
    void aNodeMayOverwriteWhatItGets() {
        byte[] payload = {1, 2, 3, 4, 5};
        Simulation simulation = new Simulation(1);
        Recorder sender = new Recorder(new SimDatagram(EchoPair.CLIENT, EchoPair.SERVER, payload));
        Recorder receiver = new Recorder(null);
        simulation.node(EchoPair.CLIENT, sender);
        simulation.node(EchoPair.SERVER, receiver);
        simulation.link(EchoPair.CLIENT, EchoPair.SERVER, List.of(), List.of());
        simulation.runFor(0);
        receiver.last.payload()[0] = 99;
        assertEquals(1, payload[0]);
    }

    @Test
    void aTrainIsSplitIntoItsSegments() {
        Transmit train = new Transmit(MemorySegment.ofArray(new byte[4000]), 64);
        for (int i = 0; i < 2500; i++) {
            train.memory.set(ValueLayout.JAVA_BYTE, i, (byte) i);
        }
        train.length = 2500;
        train.segmentSize = 1200;
        train.remote = EchoPair.SERVER;
        train.ecn = 2;
        List<SimDatagram> datagrams = new ArrayList<>();
        SimDatagram.split(train, EchoPair.CLIENT, datagrams::add);
        assertEquals(
                List.of(1200, 1200, 100),
                datagrams.stream().map(SimDatagram::length).toList());
        assertEquals((byte) 2400, datagrams.getLast().payload()[0]);
        Datagram datagram = datagrams.getFirst().toDatagram();
        assertEquals(EchoPair.CLIENT, datagram.remote);
        assertEquals(EchoPair.SERVER.getAddress(), datagram.local);
        assertEquals(2, datagram.ecn);
        assertArrayEquals(datagrams.getFirst().payload(), datagram.memory.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void aFailingScenarioNamesItsSeed() {
        List<Long> seeds = new ArrayList<>();
        AssertionError e = assertThrows(
                AssertionError.class,
                () -> Seeds.each(5, seed -> {
                    seeds.add(seed);
                    throw new IllegalStateException("broken");
                }));
        assertTrue(e.getMessage().contains("-Dstoq.sim.seed=" + seeds.getLast()), e.getMessage());
        assertTrue(e.getMessage().contains("broken"), e.getMessage());
        assertEquals(IllegalStateException.class, e.getCause().getClass());
        assertEquals(1, seeds.size());
    }

    private static List<Arrival> roughRun(long seed) {
        Rebind nat = new Rebind().at(30 * MS, new InetSocketAddress("2001:db8::a", 1111));
        EchoPair pair = new EchoPair(500, 100, 100_000);
        List<Element> up = List.of(
                nat.up(),
                new Loss(0.05),
                new BurstLoss(0.01, 0.2),
                new Reorder(0.05, 3 * MS),
                new Duplicate(0.05),
                new Corrupt(0.05),
                new Rate(10_000_000, 20_000),
                new Delay(10 * MS, 2 * MS));
        List<Element> down = List.of(new Delay(10 * MS, 2 * MS), new Reorder(0.1, MS), nat.down());
        pair.join(new Simulation(seed), up, down).runFor(1000 * MS);
        List<Arrival> all = new ArrayList<>(pair.server.arrivals);
        all.addAll(pair.client.arrivals);
        return all;
    }

    /** Never finds rest. */
    private record Stuck(boolean sends) implements SimNode {

        @Override
        public void onDatagram(long nowNs, SimDatagram datagram) {}

        @Override
        public void onTimeout(long nowNs) {}

        @Override
        public SimDatagram pollTransmit(long nowNs) {
            return sends ? new SimDatagram(EchoPair.CLIENT, EchoPair.SERVER, new byte[1]) : null;
        }

        @Override
        public long nextDeadlineNs() {
            return 0;
        }
    }

    /** Sends one datagram and records what comes. */
    private static final class Recorder implements SimNode {

        final List<Long> times = new ArrayList<>();
        SimDatagram last;
        private SimDatagram toSend;

        Recorder(SimDatagram toSend) {
            this.toSend = toSend;
        }

        @Override
        public void onDatagram(long nowNs, SimDatagram datagram) {
            times.add(nowNs);
            last = datagram;
        }

        @Override
        public void onTimeout(long nowNs) {}

        @Override
        public SimDatagram pollTransmit(long nowNs) {
            SimDatagram datagram = toSend;
            toSend = null;
            return datagram;
        }

        @Override
        public long nextDeadlineNs() {
            return Long.MAX_VALUE;
        }
    }
}
