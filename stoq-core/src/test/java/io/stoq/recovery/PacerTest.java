package io.stoq.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.congestion.CongestionController;
import io.stoq.congestion.CongestionParameters;
import io.stoq.congestion.NewReno;
import org.junit.jupiter.api.Test;

class PacerTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int DATAGRAM = 1452;

    private final FixedRate controller = new FixedRate();
    private final Pacer pacer = new Pacer(controller);

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

    @Test
    void lateTimersDoNotCostRateAsLongAsTheBucketHoldsOut() {
        controller.rate = 1_250_000_000;
        controller.quantum = 1_250_000;
        assertEquals(1.0, sentOver(SECOND, 400_000) / 1.25e9, 0.01);
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
        double sent = sentOver(seconds * SECOND, 0);
        double expected = (double) bytesPerSecond * seconds;
        assertTrue(sent <= expected + quantum + DATAGRAM, "sent " + sent + " of " + expected);
        assertTrue(sent >= expected - DATAGRAM, "sent " + sent + " of " + expected);
    }

    /** How many bytes leave when each timer is {@code latenessNs} late. */
    private double sentOver(long durationNs, long latenessNs) {
        long sent = 0;
        long nowNs = 5 * SECOND;
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
