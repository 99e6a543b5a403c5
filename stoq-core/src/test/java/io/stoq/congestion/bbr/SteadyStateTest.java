package io.stoq.congestion.bbr;

import static io.stoq.congestion.bbr.Link.MS;
import static io.stoq.congestion.bbr.Link.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.congestion.CongestionControllerFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A long transfer over all kinds of links. */
class SteadyStateTest {

    static List<CongestionControllerFactory> versions() {
        return List.of(Bbr::v2, Bbr::v3);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void cyclesThroughProbesInOrder(CongestionControllerFactory version) {
        Transfer transfer = new Transfer(Link.megabits(100, 40, 2, 1), version, 1452, 7);
        transfer.runFor(20 * SECOND);
        List<String> states = transfer.states;
        assertTrue(states.containsAll(List.of("ProbeBW_REFILL", "ProbeBW_UP", "ProbeBW_DOWN", "ProbeBW_CRUISE")));
        int probes = 0;
        for (int i = 1; i < states.size(); i++) {
            if (states.get(i).equals("ProbeBW_UP")) {
                assertEquals("ProbeBW_REFILL", states.get(i - 1));
                probes++;
            }
        }
        assertTrue(probes >= 4 && probes <= 10, probes + " probes in 20 s");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void visitsProbeRttEachFiveOrTenSecondsAtLittleCost(CongestionControllerFactory version) {
        Link link = Link.megabits(100, 40, 2, 1);
        Transfer transfer = new Transfer(link, version, 1452, 7);
        transfer.runFor(SECOND);
        double goodput = transfer.goodputOver(20 * SECOND);
        long visits = transfer.states.stream()
                .filter(state -> state.equals("ProbeRTT"))
                .count();
        assertTrue(visits >= 1 && visits <= 4, visits + " visits in 21 s");
        for (int i = 0; i < transfer.states.size() - 1; i++) {
            if (transfer.states.get(i).equals("ProbeRTT")) {
                long stay = transfer.stateNs.get(i + 1) - transfer.stateNs.get(i);
                assertTrue(stay >= 200 * MS && stay <= 400 * MS, stay + " ns");
                assertEquals("ProbeBW_CRUISE", transfer.states.get(i + 1));
            }
        }
        assertTrue(goodput >= 0.96 * link.bytesPerSecond);
    }

    /** CUBIC's model gives 3.5 Mbit/s at 1 %. */
    @ParameterizedTest
    @CsvSource({"10000, 0.85", "1000, 0.95"})
    void randomLossesCostLittleMoreThanThemselves(int lossPerMillion, double share) {
        for (CongestionControllerFactory version : versions()) {
            for (int seed = 1; seed <= 3; seed++) {
                Link link = Link.megabits(100, 40, 1, seed);
                link.lossPerMillion = lossPerMillion;
                Transfer transfer = new Transfer(link, version, 1452, seed);
                double goodput = transfer.goodputOver(30 * SECOND);
                assertTrue(
                        goodput >= share * link.bytesPerSecond,
                        transfer.controller.name() + ", seed " + seed + ": " + goodput / link.bytesPerSecond);
            }
        }
    }

    @Test
    void heavyRandomLossesHurtNoMoreThanCubic() {
        for (int lossPerMillion : new int[] {50_000, 300_000}) {
            Transfer bbr = lossy(Bbr::v2, lossPerMillion);
            Transfer cubic = lossy(CongestionAlgorithm.CUBIC.factory(), lossPerMillion);
            bbr.runFor(20 * SECOND);
            cubic.runFor(20 * SECOND);
            assertTrue(bbr.receivedBytes >= cubic.receivedBytes, bbr.receivedBytes + " and " + cubic.receivedBytes);
        }
    }

    private static Transfer lossy(CongestionControllerFactory controllers, int lossPerMillion) {
        Link link = Link.megabits(20, 30, 1, 3);
        link.lossPerMillion = lossPerMillion;
        return new Transfer(link, controllers, 1452, 7);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aDeepBufferStaysEmpty(CongestionControllerFactory version) {
        Link link = Link.megabits(20, 30, 10, 1);
        Transfer transfer = new Transfer(link, version, 1452, 7);
        transfer.runFor(SECOND);
        double[] sum = {0, 0};
        transfer.observer = () -> {
            sum[0] += link.backlogBytes(transfer.nowNs);
            sum[1]++;
        };
        double goodput = transfer.goodputOver(30 * SECOND);
        assertTrue(sum[0] / sum[1] <= 0.3 * link.bdpBytes(), "mean round trip within 1.3 of the base");
        assertTrue(goodput >= 0.95 * link.bytesPerSecond);
    }

    /** picoquic's #1758, #1612 and #2118: short trains, an estimate that decays, a window that never grows. */
    @ParameterizedTest
    @ValueSource(longs = {20_000, 40_000, 100_000})
    void loopbackIsNotThrottled(long rttNs) {
        for (CongestionControllerFactory version : versions()) {
            Link link = new Link(2_500_000_000L, rttNs, 4_000_000, 1);
            Transfer transfer = new Transfer(link, version, 16_383, 7);
            transfer.runFor(50 * MS);
            double goodput = transfer.goodputOver(300 * MS);
            assertTrue(goodput >= 0.95 * link.bytesPerSecond, goodput / link.bytesPerSecond + " of the link");
            assertTrue(transfer.controller.windowBytes() >= 3 * 65_536);
            assertEquals(65_536, transfer.controller.sendQuantumBytes());
        }
    }

    @Test
    void aPathOfLessThanAPacketKeepsFourInFlight() {
        Link link = Link.megabits(0.1, 20, 40, 1);
        Transfer transfer = Transfer.v2(link);
        transfer.runFor(20 * SECOND);
        double goodput = transfer.goodputOver(20 * SECOND);
        assertTrue(goodput >= 0.9 * link.bytesPerSecond, goodput / link.bytesPerSecond + " of the link");
        assertTrue(transfer.controller.windowBytes() >= 4 * 1452);
        assertTrue(transfer.controller.pacingRateBytesPerSecond() <= 1.3 * link.bytesPerSecond);
    }

    @Test
    void aggregatedAcknowledgmentsAreAllowedFor() {
        Link link = Link.megabits(20, 30, 4, 1);
        Transfer transfer = Transfer.v2(link);
        transfer.ackSlotNs = 60 * MS;
        transfer.runFor(3 * SECOND);
        double goodput = transfer.goodputOver(20 * SECOND);
        assertTrue(goodput >= 0.9 * link.bytesPerSecond, goodput / link.bytesPerSecond + " of the link");
        assertEquals(link.bytesPerSecond, transfer.model().maxBandwidth.bytesPerSecond(), 0.03 * link.bytesPerSecond);
        assertTrue(transfer.model().extraAcked.bytes() > 0);
        assertEquals(0, link.lostPackets);
    }

    @Test
    void aHundredTimesTheRateIsFound() {
        Link link = Link.megabits(0.1, 60, 20, 1);
        link.queueBytes = 200_000;
        Transfer transfer = Transfer.v2(link);
        transfer.runFor(10 * SECOND);
        link.bytesPerSecond *= 100;
        transfer.runFor(40 * SECOND);
        assertEquals(link.bytesPerSecond, transfer.model().maxBandwidth.bytesPerSecond(), 0.02 * link.bytesPerSecond);
    }

    @Test
    void aTenthOfTheRateIsAccepted() {
        Link link = Link.megabits(100, 40, 1, 1);
        Transfer transfer = Transfer.v2(link);
        transfer.runFor(3 * SECOND);
        link.bytesPerSecond /= 10;
        link.queueBytes /= 10;
        transfer.runFor(2 * SECOND);
        assertTrue(transfer.controller.bandwidthBytesPerSecond() <= 2 * link.bytesPerSecond, "at once");
        transfer.runFor(20 * SECOND);
        assertEquals(link.bytesPerSecond, transfer.model().maxBandwidth.bytesPerSecond(), 0.05 * link.bytesPerSecond);
        assertTrue(transfer.goodputOver(5 * SECOND) >= 0.9 * link.bytesPerSecond);
    }

    @Test
    void aPolicerIsObeyed() {
        Link link = Link.megabits(100, 40, 1, 1);
        link.policedBytesPerSecond = link.bytesPerSecond / 4;
        link.policerBurstBytes = 100_000;
        Transfer transfer = Transfer.v2(link);
        transfer.runFor(2 * SECOND);
        long sent = link.sentPackets;
        long lost = link.lostPackets;
        double goodput = transfer.goodputOver(20 * SECOND);
        double lossRate = (double) (link.lostPackets - lost) / (link.sentPackets - sent);
        assertTrue(lossRate <= 0.15, lossRate + " lost");
        assertTrue(goodput >= 0.6 * link.policedBytesPerSecond, goodput / link.policedBytesPerSecond + " used");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void latecomersGetTheirShare(CongestionControllerFactory version) {
        Link link = Link.megabits(50, 30, 1, 1);
        Transfer first = new Transfer(link, version, 1452, 7);
        Transfer second = new Transfer(link, version, 1452, 8);
        first.runFor(5 * SECOND);
        second.nowNs = first.nowNs;
        Transfer.runTogether(25 * SECOND, first, second);
        double x = -first.receivedBytes;
        double y = -second.receivedBytes;
        Transfer.runTogether(30 * SECOND, first, second);
        x += first.receivedBytes;
        y += second.receivedBytes;
        assertTrue((x + y) * (x + y) / (2 * (x * x + y * y)) >= 0.9, x + " and " + y);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void cubicGetsItsShareAndLeavesOne(CongestionControllerFactory version) {
        Link link = Link.megabits(50, 30, 2, 1);
        Transfer bbr = new Transfer(link, version, 1452, 7);
        Transfer cubic = new Transfer(link, CongestionAlgorithm.CUBIC.factory(), 1452, 8);
        Transfer.runTogether(60 * SECOND, bbr, cubic);
        double share = (double) bbr.receivedBytes / (bbr.receivedBytes + cubic.receivedBytes);
        assertTrue(share >= 0.25 && share <= 0.8, share + " is BBR's");
    }

    /** A window in proportion to the round trip alone would give the farther one eight times as much. */
    @ParameterizedTest
    @MethodSource("versions")
    void aShortWayIsNotStarvedByALongOne(CongestionControllerFactory version) {
        for (double queueMs : new double[] {25, 50}) {
            Link link = Link.megabits(50, 10, queueMs / 10, 1);
            Transfer near = new Transfer(link, version, 1452, 7);
            Transfer far = new Transfer(link, version, 1452, 8);
            far.fartherNs = 40 * MS;
            Transfer.runTogether(60 * SECOND, near, far);
            double ratio = (double) far.receivedBytes / near.receivedBytes;
            assertTrue(ratio <= 3 && ratio >= 1 / 3.0, ratio + " with a queue of " + queueMs + " ms");
        }
    }

    @Test
    void countersBeyond32BitsDoNotMatter() {
        Link link = new Link(2_000_000_000L, 400_000, 8_000_000, 1);
        Transfer transfer = new Transfer(link, Bbr::v2, 65_487, 7);
        transfer.runFor(SECOND);
        double early = transfer.goodputOver(SECOND);
        transfer.runFor(SECOND);
        assertTrue(transfer.receivedBytes > 1L << 32);
        assertEquals(early, transfer.goodputOver(SECOND), 0.05 * early);
    }
}
