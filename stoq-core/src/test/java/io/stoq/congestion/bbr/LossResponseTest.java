package io.stoq.congestion.bbr;

import static io.stoq.congestion.bbr.Link.MS;
import static io.stoq.congestion.bbr.Link.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Losses and marks that tell of the path, and losses that were none. */
class LossResponseTest {

    private final Link link = Link.megabits(50, 40, 2, 1);
    private final Transfer transfer = Transfer.v2(link);

    @Test
    void aLossyProbeStopsAndRemembersWhereItFailed() {
        transfer.runUntil("ProbeBW_UP", 5 * SECOND);
        link.lossPerMillion = 100_000;
        transfer.runUntil("ProbeBW_DOWN", 200 * MS);
        link.lossPerMillion = 0;
        transfer.runFor(60 * MS); // what was sent in the probe is answered now
        LongTermBound bound = transfer.model().longTerm;
        assertTrue(bound.isSet());
        assertTrue(
                bound.bytes() >= 0.7 * link.bdpBytes() && bound.bytes() <= 1.5 * link.bdpBytes(), "" + bound.bytes());
        transfer.runUntil("ProbeBW_CRUISE", SECOND);
        transfer.runFor(50 * MS);
        assertTrue(transfer.controller.windowBytes() <= 0.85 * bound.bytes() + 1452, "headroom is left to others");
    }

    @Test
    void aLossWhileCruisingLowersShortTermBoundsUntilTheNextProbe() {
        transfer.runUntil("ProbeBW_CRUISE", 5 * SECOND);
        transfer.runFor(200 * MS);
        link.lossPerMillion = 200_000;
        transfer.runFor(100 * MS);
        link.lossPerMillion = 0;
        transfer.runFor(120 * MS);
        long rate = transfer.model().shortTerm.rate();
        assertTrue(rate >= 0.69 * link.bytesPerSecond && rate < link.bytesPerSecond, "" + rate);
        assertTrue(transfer.model().shortTerm.inFlight() < 2.1 * link.bdpBytes());
        transfer.runUntil("ProbeBW_REFILL", 5 * SECOND);
        assertEquals(Rates.INFINITE, transfer.model().shortTerm.rate());
        assertEquals(Rates.INFINITE, transfer.model().shortTerm.inFlight());
    }

    /** The own margin, and DOWN's slowness, are not the path's. */
    @Test
    void aSingleLossWhileDrainingCostsNoBandwidth() {
        transfer.runUntil("ProbeBW_UP", 5 * SECOND);
        transfer.runUntil("ProbeBW_DOWN", SECOND);
        link.lossPerMillion = 1_000_000;
        transfer.runFor(MS);
        link.lossPerMillion = 0;
        transfer.runFor(300 * MS);
        assertTrue(transfer.recovery.lostPackets() > 0);
        assertTrue(transfer.controller.bandwidthBytesPerSecond() >= 0.97 * link.bytesPerSecond);
    }

    @Test
    void lossesThatWereNoneAreUndone() {
        Transfer reordered = Transfer.v2(Link.megabits(50, 40, 2, 1));
        reordered.runUntil("ProbeBW_CRUISE", 5 * SECOND);
        reordered.runFor(200 * MS);
        reordered.link.lateEvery = 400;
        reordered.link.lateByNs = 10 * MS;
        double goodput = reordered.goodputOver(10 * SECOND);
        assertTrue(reordered.recovery.spuriousLosses() > 50, reordered.recovery.spuriousLosses() + " spurious losses");
        assertEquals(0, reordered.link.lostPackets);
        assertTrue(goodput >= 0.95 * link.bytesPerSecond, goodput / link.bytesPerSecond + " of the link");
        assertTrue(reordered.controller.bandwidthBytesPerSecond() >= 0.97 * link.bytesPerSecond);
    }

    @Test
    void startupGoesOnAfterLossesThatWereNone() {
        Link late = Link.megabits(50, 40, 2, 1);
        late.lateEvery = 8;
        late.lateByNs = 10 * MS;
        Transfer reordered = Transfer.v2(late);
        reordered.runFor(2 * SECOND);
        assertTrue(reordered.recovery.spuriousLosses() > 50);
        assertFalse(reordered.model().longTerm.isSet(), "what losses had set is taken back");
        assertEquals(late.bytesPerSecond, reordered.model().maxBandwidth.bytesPerSecond(), 0.05 * late.bytesPerSecond);
    }

    @Test
    void marksWhileCruisingLowerTheVolume() {
        transfer.runUntil("ProbeBW_CRUISE", 5 * SECOND);
        transfer.runFor(200 * MS);
        long before = transfer.controller.windowBytes();
        mark(1, 10);
        assertTrue(transfer.controller.windowBytes() <= 0.75 * before);
        assertTrue(transfer.controller.windowBytes() >= 0.9 * link.bdpBytes(), "what is delivered may be in flight");
    }

    @Test
    void marksEndAProbe() {
        transfer.runUntil("ProbeBW_UP", 5 * SECOND);
        transfer.runFor(20 * MS);
        assertEquals("ProbeBW_UP", transfer.controller.state());
        mark(30, 1);
        assertEquals("ProbeBW_DOWN", transfer.controller.state());
        assertTrue(transfer.model().longTerm.isSet());
    }

    private void mark(int packets, int rounds) {
        for (int i = 0; i < rounds; i++) {
            for (int k = 0; k < packets; k++) {
                transfer.controller.onCongestionExperienced(transfer.nowNs, transfer.nowNs, 1);
            }
            transfer.runFor(45 * MS);
        }
    }

    @Test
    void anOutageIsSurvived() {
        transfer.runFor(2 * SECOND);
        link.lossPerMillion = 1_000_000;
        transfer.runFor(10 * SECOND);
        link.lossPerMillion = 0;
        transfer.runFor(15 * SECOND);
        assertTrue(transfer.recovery.persistentCongestions() > 0);
        assertTrue(transfer.goodputOver(5 * SECOND) >= 0.9 * link.bytesPerSecond);
    }
}
