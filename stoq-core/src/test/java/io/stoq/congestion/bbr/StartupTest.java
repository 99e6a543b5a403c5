package io.stoq.congestion.bbr;

import static io.stoq.congestion.bbr.Link.MS;
import static io.stoq.congestion.bbr.Link.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.congestion.CongestionControllerFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From nothing to a full pipe and an empty queue. */
class StartupTest {

    static List<CongestionControllerFactory> versions() {
        return List.of(Bbr::v2, Bbr::v3);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void findsTheRateWithoutLossAndDrainsItsQueue(CongestionControllerFactory version) {
        Link link = Link.megabits(100, 40, 2, 1);
        Transfer transfer = new Transfer(link, version, 1452, 7);

        transfer.runUntil("Drain", 2 * SECOND);
        assertEquals(link.bytesPerSecond, transfer.controller.bandwidthBytesPerSecond(), 0.02 * link.bytesPerSecond);
        assertTrue(link.backlogBytes(transfer.nowNs) >= 0.4 * link.bdpBytes(), "the pipe was overfull");
        assertTrue(link.backlogBytes(transfer.nowNs) <= 0.95 * link.bdpBytes(), "by less than it could");

        transfer.runFor(400 * MS);
        assertTrue(link.backlogBytes(transfer.nowNs) <= link.bdpBytes() / 10, "the queue is gone");
        assertTrue(transfer.recovery.rtt().smoothedNs() <= 44 * MS);
        assertEquals(0, link.lostPackets);
        assertEquals(List.of("Startup", "Drain", "ProbeBW_CRUISE"), withoutDown(transfer.states));
    }

    /** DOWN lasts no longer than an ACK frame where Drain has done its work. */
    private static List<String> withoutDown(List<String> states) {
        return states.stream().filter(state -> !state.equals("ProbeBW_DOWN")).toList();
    }

    @Test
    void aPlateauIsThreeRoundTripsLong() {
        Transfer transfer = Transfer.v2(Link.megabits(100, 40, 2, 1));
        Model model = transfer.model();
        long[] reachedInRound = {0};
        transfer.observer = () -> {
            if (reachedInRound[0] == 0 && model.maxBandwidth.bytesPerSecond() >= 0.98 * transfer.link.bytesPerSecond) {
                reachedInRound[0] = model.rounds.count();
            }
        };
        transfer.runUntil("Drain", 2 * SECOND);
        long rounds = model.rounds.count() - reachedInRound[0];
        assertTrue(rounds >= 3 && rounds <= 4, rounds + " rounds after the rate was known");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aShallowBufferEndsItByLoss(CongestionControllerFactory version) {
        Link link = Link.megabits(100, 40, 0.5, 1);
        Transfer transfer = new Transfer(link, version, 1452, 7);

        transfer.runUntil("Drain", 2 * SECOND);
        Model model = transfer.model();
        assertTrue(model.longTerm.isSet(), "it was loss that ended it");
        assertTrue(model.longTerm.bytes() > 1.2 * link.bdpBytes());
        assertEquals(link.bytesPerSecond, model.maxBandwidth.bytesPerSecond(), 0.02 * link.bytesPerSecond);
        assertTrue(link.lostPackets <= link.sentPackets / 20, link.lostPackets + " lost of " + link.sentPackets);

        while (transfer.receivedBytes < 12_000_000) {
            transfer.runFor(10 * MS);
        }
        assertTrue(link.lostPackets <= link.sentPackets / 20, link.lostPackets + " lost of " + link.sentPackets);
    }

    /** Bursts are events, not packets: one overflow somewhere does not end Startup. */
    @Test
    void aBurstOfLossesDoesNotEndIt() {
        Link link = Link.megabits(100, 40, 2, 1);
        Transfer transfer = Transfer.v2(link);
        transfer.runFor(250 * MS);
        link.lossPerMillion = 1_000_000;
        transfer.runFor(3 * MS);
        link.lossPerMillion = 0;
        assertTrue(link.lostPackets >= 20, "a burst it was");
        transfer.runUntil("Drain", 2 * SECOND);
        assertFalse(transfer.model().longTerm.isSet());
        assertEquals(link.bytesPerSecond, transfer.model().maxBandwidth.bytesPerSecond(), 0.02 * link.bytesPerSecond);
    }

    @Test
    void theFirstRoundTripSetsThePace() {
        Transfer transfer = Transfer.v2(Link.megabits(100, 40, 2, 1));
        long assumed = transfer.controller.pacingRateBytesPerSecond();
        assertEquals(277 * 14_520 * 10L, assumed, assumed / 100);
        transfer.runFor(45 * MS);
        assertEquals(assumed / 40, transfer.controller.pacingRateBytesPerSecond(), assumed / 400.0);
    }
}
