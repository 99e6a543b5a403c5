package io.stoq.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.congestion.CongestionController;
import io.stoq.congestion.CongestionParameters;
import io.stoq.congestion.NewReno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacerTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int DATAGRAM = 1452;

    private final FixedRate controller = new FixedRate();
    private RttEstimator rtt = new RttEstimator(333_000_000);
    private Pacer pacer = new Pacer(controller, rtt);

    @Test
    void keepsAHundredKilobitsPerSecond() {
        assertRate(100_000 / 8, 14_520, 60);
    }

    @Test
    void keepsTenMegabitsPerSecond() {
        assertRate(10_000_000 / 8, 14_520, 10);
    }

    @Test
    void keepsTwentyGigabitsPerSecond() {
        assertRate(20_000_000_000L / 8, 2_500_000, 1);
    }

    @Test
    void keepsFortyGigabitsPerSecond() {
        assertRate(40_000_000_000L / 8, 5_000_000, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "100_000, 600",
        "1_000_000, 60",
        "10_000_000, 10",
        "100_000_000, 2",
        "1_000_000_000, 1",
        "20_000_000_000, 1",
    })
    void timersThatAreLateByLessThanAMillisecondCostNoRate(String bitsPerSecond, int seconds) {
        for (long latenessNs : new long[] {0, 50_000, 900_000}) {
            assertEquals(1, averageOver(seconds, parse(bitsPerSecond), latenessNs), 0.001, latenessNs + " ns late");
        }
    }

    @Test
    void onLongPathsTimersMayBeLaterByAnEighthOfTheRoundTrip() {
        rtt.onSample(0, 0, 40_000_000);
        assertEquals(1, averageOver(20, 100_000_000, 4_900_000), 0.001);
        assertEquals(1, averageOver(20, 20_000_000_000L, 4_900_000), 0.001);
        assertTrue(averageOver(2, 100_000_000, 12_000_000) < 0.6, "later than that it falls behind rather than burst");
        rtt = new RttEstimator(333_000_000);
        rtt.onSample(0, 0, 600_000_000);
        assertEquals(1, averageOver(20, 100_000_000, 9_900_000), 0.001);
        assertTrue(averageOver(2, 100_000_000, 30_000_000) < 0.6, "ten milliseconds at most");
    }

    @Test
    void timersThatAreLaterCostRateOnlyWhereTheQuantumIsShorterThanThat() {
        long latenessNs = 5_000_000;
        assertEquals(1, averageOver(600, 100_000, latenessNs), 0.001);
        assertEquals(1, averageOver(60, 1_000_000, latenessNs), 0.001);
        double share = averageOver(1, 20_000_000_000L, latenessNs);
        // A train of 26 us that is awaited, and a millisecond's worth of lateness.
        assertEquals(1.026 / 5.026, share, 0.005);
    }

    @ParameterizedTest
    @CsvSource({"100_000", "10_000_000", "1_000_000_000", "20_000_000_000"})
    void whoeverComesLateFindsAMillisecondMoreAtMost(String bitsPerSecond) {
        set(parse(bitsPerSecond));
        burst(SECOND);
        long most = controller.quantum + controller.rate / 1000;
        long sent = (long) burst(3600 * SECOND) * DATAGRAM;
        assertTrue(sent <= most, "sent " + sent + ", of " + most);
        assertTrue(sent > most - controller.quantum - DATAGRAM, "sent " + sent + ", of " + most);
    }

    @ParameterizedTest
    @CsvSource({"100_000", "10_000_000", "1_000_000_000", "20_000_000_000"})
    void whoeverWasIdleFindsAQuantum(String bitsPerSecond) {
        set(parse(bitsPerSecond));
        burst(SECOND);
        pacer.onIdle();
        assertEquals(controller.quantum / DATAGRAM, burst(3600 * SECOND));
    }

    @Test
    void latenessThatIsNotUsedAtOnceIsForgotten() {
        set(20_000_000_000L);
        burst(SECOND);
        long lateNs = pacer.deadlineNs() + 900_000;
        assertFalse(pacer.isBlocked(lateNs, DATAGRAM), "2.3 MB are there, and one packet of it leaves");
        pacer.onPacketSent(lateNs, DATAGRAM);
        assertEquals(controller.quantum / DATAGRAM, burst(lateNs + 2_000_000));
    }

    @Test
    void latenessMayBeUsedInSeveralTurns() {
        set(20_000_000_000L);
        burst(SECOND);
        long lateNs = pacer.deadlineNs() + 900_000;
        long sent = 0;
        for (long nowNs = lateNs; !pacer.isBlocked(nowNs, DATAGRAM); nowNs += 300) { // five times the rate
            pacer.onPacketSent(nowNs, DATAGRAM);
            sent += DATAGRAM;
        }
        assertTrue(sent >= 900_000 * 5 / 2, "sent " + sent);
    }

    @Test
    void ratesThatNobodyHasAreNoTrouble() {
        controller.quantum = Long.MAX_VALUE;
        controller.rate = Long.MAX_VALUE - 1;
        assertFalse(pacer.isBlocked(SECOND, DATAGRAM));
        controller.quantum = 0;
        controller.rate = 0;
        pacer = new Pacer(controller, rtt);
        pacer.onPacketSent(SECOND, DATAGRAM);
        assertTrue(pacer.isBlocked(SECOND, DATAGRAM));
        assertTrue(pacer.deadlineNs() > SECOND);
        controller.rate = -5;
        assertTrue(pacer.isBlocked(SECOND + 1, DATAGRAM));
        assertTrue(pacer.deadlineNs() > SECOND + 1);
    }

    @Test
    void aBurstOfTheQuantumMayLeaveAtOnce() {
        controller.rate = 1_250_000;
        controller.quantum = 14_520;
        for (int i = 0; i < 10; i++) {
            assertFalse(pacer.isBlocked(SECOND, DATAGRAM));
            pacer.onPacketSent(SECOND, DATAGRAM);
        }
        assertTrue(pacer.isBlocked(SECOND, DATAGRAM));
        assertTrue(pacer.deadlineNs() > SECOND);
    }

    @Test
    void idleTimeFillsNoMoreThanTheBucket() {
        controller.rate = 1_250_000;
        controller.quantum = 14_520;
        burst(SECOND);
        pacer.onIdle();
        assertEquals(10, burst(3600 * SECOND));
    }

    @Test
    void isOpenAtItsDeadlineAndStaysShutUntilThen() {
        controller.rate = 1_250_000_000;
        controller.quantum = 1_250_000;
        burst(SECOND);
        long deadlineNs = pacer.deadlineNs();
        assertEquals(SECOND + 500_000, deadlineNs, 2_000, "half a millisecond is collected");
        assertTrue(pacer.isBlocked(deadlineNs - 100, DATAGRAM), "a packet's worth is there, but not a train's");
        assertFalse(pacer.isBlocked(deadlineNs, DATAGRAM));
        assertEquals(Long.MAX_VALUE, pacer.deadlineNs());
        assertEquals(430, burst(deadlineNs), 3);
    }

    @Test
    void manyShortStepsFillAsMuchAsOneLongStep() {
        controller.rate = 333_333;
        controller.quantum = 100_000;
        burst(0);
        long nowNs = 0;
        while (pacer.isBlocked(nowNs, 50_000)) {
            nowNs += 7;
            if (nowNs % 700_000 == 0) {
                nowNs += 10_000_000;
            }
        }
        long bytesAtRate = nowNs * controller.rate / SECOND;
        assertEquals(50_000, bytesAtRate, DATAGRAM, "no drift");
    }

    @Test
    void aDatagramLargerThanTheQuantumStillLeaves() {
        controller.rate = 1_000_000;
        controller.quantum = 10_000;
        assertFalse(pacer.isBlocked(0, 65_487));
        pacer.onPacketSent(0, 65_487);
        assertTrue(pacer.isBlocked(0, 65_487));
        assertFalse(pacer.isBlocked(pacer.deadlineNs(), 65_487));
    }

    @Test
    void aControllerWithoutRateIsNeverBlocked() {
        controller.rate = CongestionController.UNPACED;
        for (int i = 0; i < 1000; i++) {
            assertFalse(pacer.isBlocked(0, DATAGRAM));
            pacer.onPacketSent(0, DATAGRAM);
        }
        assertEquals(Long.MAX_VALUE, pacer.deadlineNs());
    }

    @Test
    void aClockThatStepsBackNeitherFillsNorBlocksForLong() {
        controller.rate = 1_250_000;
        controller.quantum = 14_520;
        burst(3600 * SECOND);
        assertTrue(pacer.isBlocked(SECOND, DATAGRAM));
        assertTrue(pacer.deadlineNs() < 2 * SECOND, "deadline " + pacer.deadlineNs());
        assertFalse(pacer.isBlocked(pacer.deadlineNs(), DATAGRAM));
    }

    @Test
    void probesOverdrawTheBucketByItsDepthAtMost() {
        controller.rate = 12_500;
        controller.quantum = 14_520;
        for (int i = 0; i < 1000; i++) {
            pacer.onPacketSent(0, DATAGRAM);
        }
        assertTrue(pacer.isBlocked(0, DATAGRAM));
        assertTrue(pacer.deadlineNs() < 2 * SECOND);
    }

    @Test
    void windowControllersDoNotPaceBelowAMillisecondOrWithoutASample() {
        NewReno reno = new NewReno(CongestionParameters.of(DATAGRAM, 0, 333_000_000));
        assertEquals(CongestionController.UNPACED, reno.pacingRateBytesPerSecond());
        reno.onAckBegin(0, 0, true);
        reno.onAckEnd(0, 0, 900_000, 900_000, 900_000);
        assertEquals(CongestionController.UNPACED, reno.pacingRateBytesPerSecond());
        reno.onAckBegin(0, 0, true);
        reno.onAckEnd(0, 0, 10_000_000, 10_000_000, 10_000_000);
        assertEquals(reno.windowBytes() * 100 * 2, reno.pacingRateBytesPerSecond(), 200, "twice in slow start");
        assertTrue(reno.sendQuantumBytes() >= 10 * DATAGRAM);
    }

    private void assertRate(long bytesPerSecond, long quantum, int seconds) {
        controller.rate = bytesPerSecond;
        controller.quantum = quantum;
        double sent = sentOver(5 * SECOND, seconds * SECOND, 0);
        double expected = (double) bytesPerSecond * seconds;
        assertTrue(sent <= expected + quantum + DATAGRAM, "sent " + sent + " of " + expected);
        assertTrue(sent >= expected - DATAGRAM, "sent " + sent + " of " + expected);
    }

    private static long parse(String number) {
        return Long.parseLong(number.replace("_", ""));
    }

    /** A rate, and the quantum that goes with it: a millisecond's worth, between two datagrams and 64 KiB. */
    private void set(long bitsPerSecond) {
        controller.rate = bitsPerSecond / 8;
        controller.quantum = Math.clamp(controller.rate / 1000, 2 * DATAGRAM, 64 << 10);
    }

    /** The share of the rate that is kept, from when the first bucket is empty, if each timer is so late. */
    private double averageOver(int seconds, long bitsPerSecond, long latenessNs) {
        set(bitsPerSecond);
        long nowNs = 5 * SECOND;
        pacer = new Pacer(controller, rtt);
        burst(nowNs);
        double sent = sentOver(nowNs, seconds * SECOND, latenessNs);
        return sent / (controller.rate * (double) seconds);
    }

    /** How many bytes leave when each timer is {@code latenessNs} late. */
    private double sentOver(long fromNs, long durationNs, long latenessNs) {
        long sent = 0;
        long nowNs = fromNs;
        long endNs = nowNs + durationNs;
        while (nowNs <= endNs) {
            sent += (long) burst(nowNs) * DATAGRAM;
            nowNs = pacer.deadlineNs() + latenessNs;
        }
        return sent;
    }

    private int burst(long nowNs) {
        int packets = 0;
        while (!pacer.isBlocked(nowNs, DATAGRAM)) {
            pacer.onPacketSent(nowNs, DATAGRAM);
            packets++;
        }
        return packets;
    }

    private static final class FixedRate implements CongestionController {

        private long rate;
        private long quantum;

        @Override
        public String name() {
            return "fixed";
        }

        @Override
        public void onPacketSent(long nowNs, long number, int bytes, long inFlight, long[] columns, int at) {}

        @Override
        public void onAckBegin(long nowNs, long bytesInFlightBefore, boolean applicationLimited) {}

        @Override
        public void onPacketAcked(long number, int bytes, long sentNs, long[] columns, int at) {}

        @Override
        public void onAckEnd(long nowNs, long inFlight, long latestNs, long smoothedNs, long minNs) {}

        @Override
        public void onPacketsLost(long nowNs, long largest, long sentNs, long bytes, boolean persistent) {}

        @Override
        public void onCongestionExperienced(long nowNs, long sentNs, long markedPackets) {}

        @Override
        public void onSpuriousLoss(long nowNs, long number, int bytes, long sentNs) {}

        @Override
        public void onMaxDatagramSize(int bytes) {}

        @Override
        public long windowBytes() {
            return Long.MAX_VALUE;
        }

        @Override
        public long pacingRateBytesPerSecond() {
            return rate;
        }

        @Override
        public long sendQuantumBytes() {
            return quantum;
        }
    }
}
