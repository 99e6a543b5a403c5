package io.stoq.endpoint;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.sim.SeededEntropy;
import org.junit.jupiter.api.Test;

/** When clients have to prove their address: by handshakes, by memory, by junk and by the rate of a /64. */
class AcceptLoadTest {

    private static final long S = 1_000_000_000;
    private static final EndpointConfig CONFIG =
            EndpointConfig.server(ConnectionConfig.defaults()).withMaxHandshakes(400);

    private final AcceptLoad load = load(CONFIG);
    private long nextPrefix = 0x2001_0db8_0000_0000L;

    private static AcceptLoad load(EndpointConfig config) {
        return new AcceptLoad(config, new SeededEntropy(1));
    }

    /** Somebody that was never seen before. */
    private boolean strangerIsAsked(long nowNs) {
        return load.wantsProof(nowNs, nextPrefix++);
    }

    @Test
    void aQuarterOfTheHandshakesMakesItBusyUntilHalfOfThemAreOver() {
        for (int i = 0; i < 100; i++) {
            load.onHandshake();
            assertFalse(strangerIsAsked(0));
        }
        load.onHandshake();
        assertTrue(strangerIsAsked(0));
        assertTrue(load.isBusy());
        for (int i = 101; i > 51; i--) {
            load.onHandshakeOver();
            assertTrue(strangerIsAsked(0), "it does not change its mind with each handshake");
        }
        load.onHandshakeOver();
        assertFalse(strangerIsAsked(0));
        assertFalse(load.isBusy());
        for (int i = 50; i < 100; i++) {
            load.onHandshake();
            assertFalse(strangerIsAsked(0));
        }
    }

    @Test
    void memoryOfClientsWithoutProofMakesItBusy() {
        load.onUnprovedBytes(AcceptLoad.MOST_UNPROVED_BYTES);
        assertFalse(strangerIsAsked(0));
        load.onUnprovedBytes(1);
        assertTrue(strangerIsAsked(0));
        load.onUnprovedBytes(-AcceptLoad.MOST_UNPROVED_BYTES / 2);
        assertTrue(strangerIsAsked(0));
        load.onUnprovedBytes(-1);
        assertFalse(strangerIsAsked(0));
    }

    @Test
    void aSmallBudgetAsksEarlier() {
        AcceptLoad small = load(CONFIG.withMemoryBytes(1 << 20));
        small.onUnprovedBytes(64 << 10);
        assertFalse(small.wantsProof(0, 1));
        small.onUnprovedBytes(1);
        assertTrue(small.wantsProof(0, 1));
    }

    @Test
    void junkMakesItBusyForAboutASecond() {
        for (int i = 0; i < AcceptLoad.JUNK_BURST; i++) {
            load.onJunk(0);
            assertFalse(strangerIsAsked(0));
        }
        load.onJunk(0);
        assertTrue(strangerIsAsked(0));
        assertTrue(strangerIsAsked(S / 2));
        assertFalse(strangerIsAsked(S));
    }

    @Test
    void aPrefixThatComesTooOftenHasToProveItselfAndItsNeighboursNot() {
        long flooding = 0x2001_0db8_ffff_0001L;
        for (int i = 0; i < PrefixRates.BURST; i++) {
            assertFalse(load.wantsProof(0, flooding));
        }
        assertTrue(load.wantsProof(0, flooding));
        assertFalse(load.isBusy());
        assertFalse(load.wantsProof(0, flooding + 1));
        assertFalse(strangerIsAsked(0));

        long burstNs = PrefixRates.BURST * PrefixRates.INTERVAL_NS;
        for (int i = 0; i < 10 * PrefixRates.BURST; i++) {
            assertTrue(load.wantsProof(i * PrefixRates.INTERVAL_NS / 2, flooding), "twice as often as it may");
        }
        long endNs = 5 * burstNs;
        assertTrue(load.wantsProof(endNs, flooding));
        assertFalse(load.wantsProof(endNs + burstNs + S, flooding), "it was silent for long enough");
    }

    @Test
    void aFewFloodingPrefixesHardlyTouchTheOthers() {
        for (int i = 0; i < 20 * PrefixRates.BURST; i++) {
            load.wantsProof(0, i % 10);
        }
        int asked = 0;
        for (int i = 0; i < 10_000; i++) {
            asked += strangerIsAsked(0) ? 1 : 0;
        }
        int most = asked;
        assertTrue(most < 10, () -> most + " of 10,000 others were asked");
    }

    @Test
    void aFloodFromEverywhereHasEverybodyProveItself() {
        for (int i = 0; i < 8192 * PrefixRates.BURST; i++) {
            load.wantsProof(0, i * 0x9e37_79b9_7f4a_7c15L);
        }
        int asked = 0;
        for (int i = 0; i < 1000; i++) {
            asked += strangerIsAsked(0) ? 1 : 0;
        }
        int least = asked;
        assertTrue(least > 900, () -> least + " of 1,000 were asked");
    }

    @Test
    void theOtherRulesDoNotDependOnTheLoad() {
        AcceptLoad always = load(CONFIG.withRetry(EndpointConfig.Retry.ALWAYS));
        assertTrue(always.wantsProof(0, 1));
        AcceptLoad never = load(CONFIG.withRetry(EndpointConfig.Retry.NEVER));
        never.onUnprovedBytes(1L << 40);
        for (int i = 0; i < 2 * PrefixRates.BURST; i++) {
            assertFalse(never.wantsProof(0, 1));
        }
    }
}
