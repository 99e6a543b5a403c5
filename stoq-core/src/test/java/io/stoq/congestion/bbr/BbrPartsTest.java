package io.stoq.congestion.bbr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.congestion.CongestionParameters;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The parts of the model, each by itself. */
class BbrPartsTest {

    private static final CongestionParameters START = CongestionParameters.of(1452, 0, 333_000_000);

    // ---- arithmetic

    @Test
    void ratesAreExactUpToAHundredGigabitsAndAMinute() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 100_000; i++) {
            long rate = random.nextLong(1L << random.nextInt(1, 34));
            long ns = random.nextLong(1, 1L << random.nextInt(1, 37));
            BigInteger product = BigInteger.valueOf(rate).multiply(BigInteger.valueOf(ns));
            assertEquals(
                    product.divide(BigInteger.valueOf(1_000_000_000)).longValueExact(), Rates.bytesWithin(rate, ns));
            long bytes = random.nextLong(1L << random.nextInt(1, 40));
            double exact = bytes * 1e9 / ns;
            long got = Rates.bytesPerSecond(bytes, ns);
            if (exact >= 1e12) {
                assertEquals(Rates.MAX_BYTES_PER_SECOND, got);
            } else {
                assertEquals(exact, got, 1 + exact * 1e-5, bytes + " in " + ns);
            }
        }
    }

    @Test
    void whatIsOutsideIsLimited() {
        assertEquals(0, Rates.bytesWithin(1_000, -5));
        assertEquals(Rates.MAX_BYTES_PER_SECOND, Rates.bytesPerSecond(Long.MAX_VALUE, 1));
        assertEquals(Rates.INFINITE, Rates.percent(Rates.INFINITE, 85));
        assertEquals(1_000_000_000_000_000L, Rates.bytesWithin(Long.MAX_VALUE, Long.MAX_VALUE));
        assertEquals(1, Rates.bytesPerSecond(1_000, Long.MAX_VALUE));
    }

    @Test
    void theClockNeverStepsBack() {
        MonotonicClock clock = new MonotonicClock();
        assertEquals(-100, clock.advanceTo(-100));
        assertEquals(50, clock.advanceTo(50));
        assertEquals(50, clock.advanceTo(20), "it stands");
        assertEquals(60, clock.advanceTo(30), "and goes on from there");
        assertEquals(55, clock.past(25));
    }

    // ---- filters

    @Test
    void theWindowedMaximumIsAtLeastThatOfTheWindow() {
        SplittableRandom random = new SplittableRandom(9);
        WindowedMax filter = new WindowedMax();
        Deque<long[]> window = new ArrayDeque<>();
        long all = 0;
        for (long time = 0; time < 20_000; time++) {
            long value = random.nextLong(1_000) + (time / 2_000) % 3 * 500;
            all = Math.max(all, value);
            filter.update(value, time, 10);
            window.addLast(new long[] {value, time});
            while (window.getFirst()[1] < time - 10) {
                window.removeFirst();
            }
            long exact = window.stream().mapToLong(sample -> sample[0]).max().orElseThrow();
            // Three samples stand for eleven: what they forget is bounded, and nothing outlives the window.
            assertTrue(filter.value() <= exact, "nothing outlives the window");
            assertTrue(filter.value() >= value);
            if (window.getLast()[0] == exact) {
                assertEquals(exact, filter.value());
            }
        }
    }

    @Test
    void aBandwidthLivesForTwoCyclesButNotForEmptyOnes() {
        MaxBandwidth max = new MaxBandwidth();
        max.onSample(100, false);
        max.advance();
        max.advance();
        assertEquals(100, max.bytesPerSecond(), "a cycle without samples is none");
        max.onSample(60, true);
        assertEquals(100, max.bytesPerSecond(), "the application was slow");
        max.onSample(120, true);
        assertEquals(120, max.bytesPerSecond(), "faster than was believed");
        max.advance();
        max.onSample(70, false);
        max.advance();
        assertEquals(70, max.bytesPerSecond());
    }

    @Test
    void aPipeIsFullAfterThreeRoundTripsWithoutGrowth() {
        FullPipe pipe = new FullPipe();
        DeliveryRate delivery = new DeliveryRate();
        long[] columns = new long[DeliveryRate.COLUMNS];
        delivery.onPacketSent(0, 1_000, 0, columns, 0);
        delivery.onAckBegin();
        delivery.onPacketAcked(1_000_000, 0, 1_000, 0, columns, 0);
        delivery.onAckEnd(0);
        pipe.onAck(true, delivery);
        for (int i = 0; i < 2; i++) {
            pipe.onAck(false, delivery);
            pipe.onAck(true, delivery);
            assertFalse(pipe.isFull());
        }
        pipe.onAck(true, delivery);
        assertTrue(pipe.isFull());
        pipe.restart(0);
        assertFalse(pipe.isFull());
        assertTrue(pipe.wasReached());
    }

    @Test
    void roundTripsLongerThanAllBeforeSpeakOfAQueue() {
        RisingDelay delay = new RisingDelay();
        long[] noise = {40_000, 43_000, 41_000, 47_000, 40_500, 46_900};
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < noise.length; i++) {
                delay.onAck(i == 0, noise[i], 40_000);
                assertFalse(delay.isQueueBuilding(), "noise that was there before says nothing");
            }
        }
        delay.onAck(true, 47_500, 40_000);
        delay.onAck(false, 0, 40_000);
        delay.onAck(false, 48_000, 40_000);
        delay.onAck(false, 47_400, 40_000); // within a hundredth of the shortest round trip
        for (int i = 0; i < 3; i++) {
            delay.onAck(false, 48_000 + i, 40_000);
            assertFalse(delay.isQueueBuilding());
        }
        delay.onAck(true, 49_000, 40_000);
        assertTrue(delay.isQueueBuilding(), "also where a round ended meanwhile");
        delay.onAck(true, 50_000, 40_000);
        assertTrue(delay.isQueueBuilding());
        delay.onAck(false, 46_000, 40_000);
        assertFalse(delay.isQueueBuilding(), "the queue has gone");
    }

    @Test
    void aPauseOfTheApplicationForgetsTheDelaysBeforeIt() {
        RisingDelay delay = new RisingDelay();
        delay.onAck(true, 40_000, 40_000);
        delay.restart();
        for (int i = 0; i < 10; i++) {
            delay.onAck(false, 90_000, 40_000);
        }
        assertFalse(delay.isQueueBuilding());
    }

    @Test
    void theShortestRoundTripIsProbedAfterFiveSecondsAndForgottenAfterTen() {
        MinRtt min = new MinRtt(BbrParameters.v3());
        min.onAck(0, 0);
        assertEquals(0, min.ns());
        min.onAck(1, 40);
        min.onAck(2, -7);
        min.onAck(3, 50);
        assertEquals(40, min.ns());
        min.onAck(5_000_000_002L, 60);
        assertTrue(min.isProbeDue());
        assertEquals(40, min.ns(), "still believed");
        min.onProbed(5_200_000_000L);
        min.onAck(10_000_000_002L, 60);
        assertEquals(60, min.ns());
        min.onAck(10_000_000_003L, Long.MAX_VALUE);
        assertEquals(60, min.ns());
    }

    @Test
    void headroomIsFifteenPercentNotEightyFive() {
        LongTermBound bound = new LongTermBound(BbrParameters.v2());
        Window window = new Window(START);
        assertEquals(Rates.INFINITE, bound.withHeadroom(window));
        bound.set(1_000_000);
        assertEquals(850_000, bound.withHeadroom(window));
        bound.set(5_000);
        assertEquals(4 * 1452, bound.withHeadroom(window));
    }

    @Test
    void runsOfLostPacketsAreOneEvent() {
        LossEvents losses = new LossEvents();
        assertTrue(losses.onPacketLost(10, 1000, 0));
        assertFalse(losses.onPacketLost(11, 1000, 0));
        losses.onPacketLost(12, 1000, 0);
        losses.onPacketLost(20, 1000, 0);
        assertEquals(2, losses.events());
        losses.onPacketLost((1L << 31) + 1, 1000, 0);
        losses.onPacketLost((1L << 31) + 2, 1000, 0);
        assertEquals(3, losses.events());
    }

    // ---- delivery rate

    @Test
    void aPacketCountsItselfAsInFlight() {
        long[] columns = new long[2 * DeliveryRate.COLUMNS];
        new DeliveryRate().onPacketSent(5, 1_000, 3_000, columns, DeliveryRate.COLUMNS);
        assertEquals(4_000, DeliveryRate.inFlightWith(columns, DeliveryRate.COLUMNS));
        assertFalse(DeliveryRate.wasLimited(columns, DeliveryRate.COLUMNS));
    }

    @Test
    void aBubbleEndsWhenAllThatWasInFlightIsDeliveredOrLost() {
        DeliveryRate delivery = new DeliveryRate();
        long[] columns = new long[4 * DeliveryRate.COLUMNS];
        for (int i = 0; i < 3; i++) {
            delivery.onPacketSent(i, 1_000, 1_000L * i, columns, i * DeliveryRate.COLUMNS);
        }
        delivery.onApplicationLimited(3_000);
        delivery.onPacketSent(10, 1_000, 3_000, columns, 3 * DeliveryRate.COLUMNS);
        assertTrue(DeliveryRate.wasLimited(columns, 3 * DeliveryRate.COLUMNS));
        ack(delivery, 0, 100, columns);
        ack(delivery, 1, 101, columns);
        assertTrue(delivery.isApplicationLimited());
        delivery.onPacketLost(1_000);
        assertTrue(delivery.isApplicationLimited(), "the first packet behind the bubble is still under way");
        ack(delivery, 3, 110, columns);
        assertFalse(delivery.isApplicationLimited());
        assertTrue(delivery.isSampleLimited(), "what this sample measured was the bubble");
    }

    @Test
    void acknowledgmentsHeldUpTogetherDoNotMakeThePathFaster() {
        DeliveryRate delivery = new DeliveryRate();
        long[] columns = new long[11 * DeliveryRate.COLUMNS];
        for (int i = 0; i <= 10; i++) {
            delivery.onPacketSent(i * 1_000_000L, 1_000, 1_000L * i, columns, i * DeliveryRate.COLUMNS);
        }
        delivery.onAckBegin();
        for (int i = 0; i <= 10; i++) {
            delivery.onPacketAcked(10_500_000, i, 1_000, i * 1_000_000L, columns, i * DeliveryRate.COLUMNS);
        }
        delivery.onAckEnd(500_000);
        assertTrue(delivery.sampleRate() <= 1_100_000, delivery.sampleRate() + " bytes per second");
        assertEquals(11_000, delivery.sampleDelivered());
    }

    @Test
    void aSampleOfLessThanTheShortestRoundTripIsNone() {
        DeliveryRate delivery = new DeliveryRate();
        long[] columns = new long[DeliveryRate.COLUMNS];
        delivery.onPacketSent(100, 1_000, 0, columns, 0);
        delivery.onAckBegin();
        delivery.onPacketAcked(100, 0, 1_000, 100, columns, 0);
        delivery.onAckEnd(0);
        assertTrue(delivery.hasSample());
        assertEquals(0, delivery.sampleRate(), "no time has passed");
    }

    private static void ack(DeliveryRate delivery, int packet, long nowNs, long[] columns) {
        delivery.onAckBegin();
        delivery.onPacketAcked(nowNs, packet, 1_000, packet, columns, packet * DeliveryRate.COLUMNS);
        delivery.onAckEnd(0);
    }

    @Test
    void whatThePathLosesAnywayIsSentOnTopUpToWhatIsTolerated() {
        LossShare share = new LossShare(BbrParameters.v2());
        for (int round = 1; round <= 100; round++) {
            share.onRoundStart(990_000L * round, 10_000L * round);
        }
        assertEquals(1_010_000, share.replaced(1_000_000), 100);
        for (int round = 1; round <= 100; round++) {
            share.onRoundStart(99_000_000 + 500_000L * round, 1_000_000 + 500_000L * round);
        }
        assertEquals(1_020_000, share.replaced(1_000_000), 100, "no more than 2 %");
        LossShare none = new LossShare(BbrParameters.v3());
        none.onRoundStart(990_000, 10_000);
        assertEquals(1_000_000, none.replaced(1_000_000));
    }

    @Test
    void smallLossesLowerTheRateByNoMoreThanTheirShare() {
        ShortTermBounds bounds = new ShortTermBounds(BbrParameters.v2());
        LossEvents losses = new LossEvents();
        losses.onPacketLost(7, 10_000, 0);
        // A round trip in which only half of the rate was seen, but 985 of 1,000 bytes came through.
        bounds.onRoundOver(true, losses, 985, 1_000_000, 500_000);
        assertEquals(1_000_000, bounds.rate(), 1_000);
        bounds.onRoundOver(true, losses, 970, 1_000_000, 500_000);
        assertEquals(700_000, bounds.rate(), 1_000, "by Beta, where more was lost than the threshold");
    }

    // ---- control

    @Test
    void theQuantumIsAMillisecondsWorthWithinItsBounds() {
        Window window = new Window(START);
        Pacing pacing = new Pacing(BbrParameters.v3(), window);
        pacing.update(12_500, 100, true);
        assertEquals(2 * 1452, pacing.quantumBytes());
        pacing.update(10_000_000, 100, true);
        assertEquals(9_900, pacing.quantumBytes());
        assertEquals(3 * 9_900, pacing.offloadBudgetBytes());
        pacing.update(2_500_000_000L, 100, true);
        assertEquals(65_536, pacing.quantumBytes());
        pacing.update(0, 100, true);
        assertEquals(1452, pacing.bytesPerSecond(), "never nothing");
    }

    @Test
    void theRateDoesNotFallBeforeThePipeWasFull() {
        Pacing pacing = new Pacing(BbrParameters.v2(), new Window(START));
        long rate = pacing.bytesPerSecond();
        pacing.update(1_000, 277, false);
        assertEquals(rate, pacing.bytesPerSecond());
    }

    @Test
    void illegalTransitionsAreRefused() {
        StateMachine machine = new StateMachine(new Model(BbrParameters.v2(), START), 1);
        assertThrows(IllegalStateException.class, () -> machine.enter(machine.up));
        machine.enter(machine.drain);
        machine.enter(machine.down);
        assertThrows(IllegalStateException.class, () -> machine.enter(machine.drain));
        for (Phase phase : Phase.values()) {
            assertFalse(phase.mayLeadTo(phase));
            assertEquals(phase == Phase.STARTUP, phase.mayLeadTo(Phase.DRAIN));
            assertEquals(phase != Phase.PROBE_RTT, phase.mayLeadTo(Phase.PROBE_RTT));
        }
    }

    @Test
    void probesAreTwoToThreeSecondsApartAndNotInStep() {
        Model model = new Model(BbrParameters.v2(), START);
        ProbeCycle one = new ProbeCycle(model.parameters, 1);
        ProbeCycle other = new ProbeCycle(model.parameters, 2);
        assertNotEquals(waitNs(one, model), waitNs(other, model));
        for (int i = 0; i < 100; i++) {
            long ns = waitNs(one, model);
            assertTrue(ns >= 2_000_000_000L && ns <= 3_000_000_000L, ns + " ns");
        }
    }

    private static long waitNs(ProbeCycle cycle, Model model) {
        model.nowNs(0);
        cycle.begin(0, model.rounds.count() + 2);
        long low = 0;
        long high = 10_000_000_000L;
        while (low < high) {
            long middle = (low + high) / 2;
            model.nowNs(middle);
            if (cycle.isProbeDue(model)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    @Test
    void parametersOutsideTheirRangeAreRefused() {
        assertEquals(BbrParameters.v2(), BbrParameters.v2());
        assertNotEquals(BbrParameters.v2(), BbrParameters.v3());
        BbrParameters v3 = BbrParameters.v3();
        IllegalArgumentException thrown = assertThrows(
                IllegalArgumentException.class,
                () -> new BbrParameters(
                        100,
                        200,
                        140,
                        6,
                        50,
                        3,
                        90,
                        125,
                        225,
                        0,
                        true,
                        200,
                        0,
                        2,
                        0,
                        70,
                        15,
                        50,
                        v3.probeRttIntervalNs(),
                        1,
                        v3.minRttFilterNs(),
                        1,
                        1,
                        63,
                        1,
                        10,
                        3));
        assertEquals("startupPacingPercent 100 is outside 101..1000", thrown.getMessage());
    }
}
