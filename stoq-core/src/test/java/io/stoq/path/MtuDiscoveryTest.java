package io.stoq.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.sim.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search alone: each probe is answered at once by whether the path carries it. */
class MtuDiscoveryTest {

    private static final long WIDE = 1 << 30;
    private static final int LARGEST = 65_487;

    private final MtuDiscovery mtu = new MtuDiscovery();
    private final List<Integer> probes = new ArrayList<>();
    private long nowNs;
    private long packetNumber;

    @Test
    void nothingIsTriedBeforeTheHandshakeIsDone() {
        assertEquals(1200, mtu.datagramBytes());
        mtu.interfaceMtu(65_536);
        assertEquals(0, mtu.pollProbe(nowNs, WIDE, WIDE));
    }

    @Test
    void theSearchStartsAtTheSmallestIpv6Packet() {
        mtu.begin(LARGEST);
        assertEquals(1232, mtu.datagramBytes());
        MtuDiscovery small = new MtuDiscovery();
        small.begin(1200);
        assertEquals(1200, small.datagramBytes());
        assertEquals(0, small.pollProbe(nowNs, WIDE, WIDE));
    }

    @Test
    void aRightHintMakesItOneProbe() {
        for (int linkMtu : new int[] {1281, 1420, 1500, 9000, 65_535, 65_536, 1 << 20}) {
            MtuDiscoveryTest path = new MtuDiscoveryTest();
            path.mtu.interfaceMtu(linkMtu);
            path.mtu.begin(LARGEST);
            int carried = Math.min(LARGEST, linkMtu - 48);
            path.search(size -> size <= carried);
            assertEquals(List.of(carried), path.probes);
        }
    }

    @Test
    void withoutHintItClimbsOverTheCommonSizes() {
        mtu.begin(LARGEST);
        search(size -> true);
        assertEquals(List.of(1452, 8952, LARGEST), probes);
    }

    @Test
    void everyLinkIsFilledAllButForALittle() {
        for (int linkMtu = 1280; linkMtu <= 65_535; linkMtu += linkMtu < 10_000 ? 1 : 37) {
            for (int hint : new int[] {0, 1500, 9000, 65_536}) {
                MtuDiscoveryTest path = new MtuDiscoveryTest();
                path.mtu.interfaceMtu(Math.max(hint, hint == 0 ? 0 : linkMtu));
                path.mtu.begin(LARGEST);
                int carried = Math.min(LARGEST, linkMtu - 48);
                path.search(size -> size <= carried);
                int found = path.mtu.datagramBytes();
                String what = "MTU " + linkMtu + ", hint " + hint + ": " + found + " by " + path.probes;
                assertTrue(found <= carried && found > carried - Math.max(16, carried / 128), what);
                assertTrue(path.probes.size() <= 32, what);
            }
        }
    }

    @Test
    void aTunnelBehindAnEthernetIsFoundInAFewProbes() {
        mtu.interfaceMtu(1500);
        mtu.begin(LARGEST);
        search(size -> size <= 1372); // WireGuard's default
        assertTrue(mtu.datagramBytes() > 1356, "found " + mtu.datagramBytes());
        assertTrue(probes.size() <= 12, probes::toString);
    }

    @Test
    void randomLossDelaysTheSearchAndRarelySpoilsIt() {
        int[] spoilt = {0};
        Seeds.each(200, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            MtuDiscoveryTest path = new MtuDiscoveryTest();
            path.mtu.interfaceMtu(9000);
            path.mtu.begin(LARGEST);
            path.search(size -> size <= 8952 && random.nextDouble() > 0.1);
            spoilt[0] += path.mtu.datagramBytes() < 8952 ? 1 : 0;
            assertTrue(path.mtu.datagramBytes() >= 1232);
            // Whatever was spoilt is made good by the next search, or by the one after it.
            for (int raises = 0; raises < 4 && path.mtu.datagramBytes() < 8952; raises++) {
                path.nowNs += MtuDiscovery.RAISE_NS;
                path.search(size -> size <= 8952 && random.nextDouble() > 0.1);
            }
            assertEquals(8952, path.mtu.datagramBytes());
        });
        assertTrue(spoilt[0] <= 2, spoilt[0] + " of 200 searches ended too low");
    }

    @Test
    void theSearchRestsForTenMinutesAndBeginsAnewThen() {
        mtu.interfaceMtu(1500);
        mtu.begin(LARGEST);
        search(size -> size <= 1300);
        int found = mtu.datagramBytes();
        int tried = probes.size();
        nowNs += MtuDiscovery.RAISE_NS - 1;
        assertEquals(0, mtu.pollProbe(nowNs, WIDE, WIDE));
        nowNs++;
        search(size -> true);
        assertEquals(1452, probes.get(tried), "the interface's size first");
        assertEquals(1452, mtu.datagramBytes());
        assertTrue(found < 1452);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 68, 576, 1200, 1248, 1279})
    void interfacesBelowIpv6sMinimumAreNotBelieved(int nonsense) {
        mtu.interfaceMtu(nonsense);
        mtu.begin(LARGEST);
        mtu.interfaceMtu(nonsense);
        assertEquals(1232, mtu.datagramBytes());
        search(size -> size <= 1452);
        assertEquals(1452, mtu.datagramBytes());
        mtu.interfaceMtu(nonsense);
        assertEquals(1452, mtu.datagramBytes());
    }

    @Test
    void aSmallerInterfaceDoesNotShrinkWhatIsKnownToPass() {
        mtu.begin(LARGEST);
        search(size -> size <= 8952);
        mtu.interfaceMtu(1500);
        search(size -> size <= 8952);
        assertEquals(8952, mtu.datagramBytes());
    }

    @Test
    void aLargerInterfaceIsTriedAtOnce() {
        mtu.interfaceMtu(1500);
        mtu.begin(LARGEST);
        search(size -> true);
        mtu.interfaceMtu(9000);
        search(size -> true);
        assertEquals(List.of(1452, 8952), probes);
    }

    @Test
    void theLimitOfBothSidesIsNeverPassed() {
        for (int limit : new int[] {1200, 1231, 1233, 1452, 1453, 16_383, 65_486}) {
            MtuDiscoveryTest path = new MtuDiscoveryTest();
            path.mtu.interfaceMtu(65_536);
            path.mtu.begin(limit);
            path.search(size -> true);
            assertEquals(limit, path.mtu.datagramBytes());
            assertTrue(path.probes.stream().allMatch(size -> size <= limit), path.probes::toString);
        }
    }

    @Test
    void oneProbeIsUnderWayAtATime() {
        mtu.begin(LARGEST);
        int bytes = mtu.pollProbe(nowNs, WIDE, WIDE);
        mtu.onProbeSent(7, bytes);
        assertEquals(0, mtu.pollProbe(nowNs, WIDE, WIDE));
        assertTrue(mtu.isProbe(7));
        assertFalse(mtu.isProbe(8));
        mtu.onProbeLost();
        assertEquals(bytes, mtu.pollProbe(nowNs, WIDE, WIDE), "one loss proves nothing");
    }

    @Test
    void aSizeIsGivenUpAfterThreeLostProbes() {
        mtu.begin(1300);
        search(size -> size < 1290);
        assertEquals(3, probes.stream().filter(size -> size == 1300).count(), probes::toString);
        assertTrue(mtu.datagramBytes() >= 1280, "found " + mtu.datagramBytes());
    }

    @Test
    void whileTheWindowIsSmallASmallerStepIsTaken() {
        mtu.interfaceMtu(65_536);
        mtu.begin(LARGEST);
        assertEquals(8952, mtu.pollProbe(nowNs, 12_320, 12_320));
        assertEquals(0, mtu.pollProbe(nowNs, 2464, 2464), "not even the next size fits beside a datagram");
        assertEquals(0, mtu.heldBackBytes());
        assertEquals(LARGEST, mtu.pollProbe(nowNs, LARGEST + 1232, LARGEST + 1232));
    }

    @Test
    void aWindowInUseIsHeldBackForTheProbe() {
        mtu.interfaceMtu(1500);
        mtu.begin(LARGEST);
        assertEquals(0, mtu.pollProbe(nowNs, 12_320, 1452 + 1231));
        assertEquals(1452, mtu.heldBackBytes());
        assertEquals(1452, mtu.pollProbe(nowNs, 12_320, 1452 + 1232));
        assertEquals(0, mtu.heldBackBytes());
    }

    @Test
    void aBlackHoleLeadsBackToTheBaseAndTheOldSizeIsTriedFirst() {
        mtu.interfaceMtu(9000);
        mtu.begin(LARGEST);
        search(size -> true);
        probes.clear();
        assertTrue(mtu.onBlackHole());
        assertEquals(1200, mtu.datagramBytes());
        assertFalse(mtu.onBlackHole(), "there is nothing below");
        search(size -> size <= 1452);
        assertEquals(List.of(8952, 8952, 1232, 1452), probes.subList(0, 4));
        assertEquals(1452, mtu.datagramBytes());
    }

    @Test
    void aFalseAlarmCostsOneProbe() {
        mtu.begin(LARGEST);
        search(size -> true);
        probes.clear();
        mtu.onBlackHole();
        search(size -> true);
        assertEquals(List.of(LARGEST), probes);
        assertEquals(LARGEST, mtu.datagramBytes());
    }

    @Test
    void aProbeThatTheKernelRefusesIsNotRepeated() {
        mtu.begin(LARGEST);
        IntPredicate refused = size -> size > 1352;
        while (true) {
            int bytes = mtu.pollProbe(nowNs, WIDE, WIDE);
            if (bytes == 0) {
                break;
            }
            probes.add(bytes);
            mtu.onProbeSent(++packetNumber, bytes);
            if (refused.test(bytes)) {
                assertEquals(packetNumber, mtu.onTooLong(bytes));
                mtu.onProbeLost();
            } else {
                mtu.onProbeAcked();
            }
        }
        assertTrue(mtu.datagramBytes() > 1352 - 16, "found " + mtu.datagramBytes());
        assertEquals(probes.stream().distinct().count(), probes.size(), probes::toString);
    }

    @Test
    void aRefusedDatagramOfTheCurrentSizeLeadsBackToTheBase() {
        mtu.interfaceMtu(9000);
        mtu.begin(LARGEST);
        search(size -> true);
        assertEquals(-1, mtu.onTooLong(8952), "no probe is under way");
        assertEquals(1200, mtu.datagramBytes());
        search(size -> size <= 1452);
        assertEquals(1452, mtu.datagramBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 68, 1199, 1200})
    void refusalsOfSmallDatagramsLeadNowhere(int bytes) {
        mtu.begin(LARGEST);
        search(size -> size <= 1452);
        int tried = probes.size();
        assertEquals(-1, mtu.onTooLong(bytes));
        assertEquals(1452, mtu.datagramBytes());
        search(size -> true);
        assertEquals(tried, probes.size(), "and the search rests");
    }

    @Test
    void aLaterPathStartsAnewWithTheSameLimit() {
        mtu.interfaceMtu(1500);
        mtu.begin(1400);
        search(size -> true);
        MtuDiscoveryTest later = new MtuDiscoveryTest();
        later.mtu.beginLike(mtu);
        assertEquals(1232, later.mtu.datagramBytes());
        later.search(size -> true);
        assertEquals(List.of(1400), later.probes);
    }

    /** Answers probes until the search rests. */
    private void search(IntPredicate carried) {
        int bytes = mtu.pollProbe(nowNs, WIDE, WIDE);
        while (bytes > 0) {
            probes.add(bytes);
            assertTrue(probes.size() < 1000, "the search does not end");
            mtu.onProbeSent(++packetNumber, bytes);
            if (carried.test(bytes)) {
                mtu.onProbeAcked();
            } else {
                mtu.onProbeLost();
            }
            bytes = mtu.pollProbe(nowNs, WIDE, WIDE);
        }
    }
}
