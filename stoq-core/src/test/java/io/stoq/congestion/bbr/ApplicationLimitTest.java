package io.stoq.congestion.bbr;

import static io.stoq.congestion.bbr.Link.MS;
import static io.stoq.congestion.bbr.Link.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What an application that has little to send, or a peer that takes little, teaches of the path: nothing. */
class ApplicationLimitTest {

    private final Link link = Link.megabits(20, 40, 2, 1);
    private final Transfer transfer = Transfer.v2(link);

    @Test
    void smallBurstsDoNotChangeTheEstimate() {
        transfer.runFor(2 * SECOND);
        long estimate = transfer.controller.bandwidthBytesPerSecond();
        transfer.waitingBytes = 0;
        for (int i = 0; i < 20; i++) {
            transfer.runFor(3 * SECOND);
            transfer.waitingBytes = 1452;
        }
        assertEquals(estimate, transfer.controller.bandwidthBytesPerSecond(), 0.01 * estimate);
    }

    @Test
    void smallBurstsBeforeBulkDoNotEndStartup() {
        transfer.waitingBytes = 1452;
        for (int i = 0; i < 40; i++) {
            transfer.runFor(100 * MS);
            transfer.waitingBytes = 1452;
        }
        assertEquals("Startup", transfer.controller.state());
        assertTrue(transfer.controller.windowBytes() <= 3 * 14_520, "a window that is not used does not grow for ever");
        transfer.waitingBytes = Long.MAX_VALUE / 4;
        transfer.runFor(3 * SECOND);
        assertEquals(link.bytesPerSecond, transfer.controller.bandwidthBytesPerSecond(), 0.01 * link.bytesPerSecond);
    }

    /** lsquic's #544 and #554, hysteria's #1105. */
    @Test
    void aPeerThatTakesLittleDoesNotTrapItInStartup() {
        for (int i = 0; i < 100; i++) {
            transfer.waitingBytes = 14_520; // a tenth of the pipe in each round trip
            transfer.runFor(40 * MS);
        }
        assertEquals("Startup", transfer.controller.state());
        transfer.waitingBytes = Long.MAX_VALUE / 4;
        transfer.runFor(SECOND);
        assertFalse(transfer.controller.state().equals("Startup"));
        assertEquals(link.bytesPerSecond, transfer.controller.bandwidthBytesPerSecond(), 0.02 * link.bytesPerSecond);
    }

    @Test
    void aSlowApplicationIsNoPlateauOfAProbe() {
        Transfer patient = Transfer.v3(link);
        patient.runFor(2 * SECOND);
        patient.runUntil("ProbeBW_UP", 5 * SECOND);
        for (int i = 0; i < 20; i++) {
            patient.waitingBytes = 14_520;
            patient.runFor(40 * MS);
        }
        assertEquals("ProbeBW_UP", patient.controller.state());
    }

    @Test
    void anApplicationThatPausesDoesNotMakeItForgetThePath() {
        transfer.runFor(2 * SECOND);
        long estimate = transfer.controller.bandwidthBytesPerSecond();
        for (int i = 0; i < 500; i++) {
            transfer.waitingBytes = 2_904;
            transfer.runFor(40 * MS); // 20 s: several cycles
        }
        assertTrue(transfer.controller.bandwidthBytesPerSecond() >= 0.98 * estimate);
    }

    @Test
    void aPauseReplacesProbeRtt() {
        transfer.runFor(2 * SECOND);
        transfer.waitingBytes = 0;
        transfer.runFor(6 * SECOND);
        transfer.waitingBytes = Long.MAX_VALUE / 4;
        transfer.runFor(100 * MS);
        assertFalse(transfer.states.contains("ProbeRTT"), "" + transfer.states);
        assertTrue(transfer.goodputOver(SECOND) >= 0.9 * link.bytesPerSecond, "at full rate at once");
    }

    @Test
    void afterAPauseItPacesAtTheBandwidth() {
        transfer.runUntil("ProbeBW_UP", 5 * SECOND);
        transfer.waitingBytes = 0;
        transfer.runFor(SECOND);
        transfer.waitingBytes = 1452;
        transfer.runFor(1);
        assertEquals(
                transfer.controller.bandwidthBytesPerSecond(),
                transfer.controller.pacingRateBytesPerSecond(),
                0.001 * link.bytesPerSecond);
    }

    @Test
    void aSlowStartupThatVisitsProbeRttGoesOn() {
        transfer.waitingBytes = 1452;
        transfer.runFor(50 * MS);
        for (int i = 0; i < 320 && !transfer.states.contains("ProbeRTT"); i++) {
            transfer.waitingBytes = 4 * 1452;
            transfer.runFor(40 * MS);
        }
        assertTrue(transfer.states.contains("ProbeRTT"), "" + transfer.states);
        for (int i = 0; i < 20; i++) {
            transfer.waitingBytes = 4 * 1452;
            transfer.runFor(40 * MS);
        }
        assertEquals("Startup", transfer.controller.state());
    }
}
