package io.stoq.recovery;

import static io.stoq.recovery.RecoveryFixture.APPLICATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random sending, loss, reordering, late and repeated acknowledgments, next to a model made of a map. */
class RecoveryModelTest {

    private static final long US = 1_000;

    @Test
    void behavesAsTheModel() {
        for (long seed = 1; seed <= 40; seed++) {
            new Run(seed).go();
        }
    }

    private static final class Run {

        private final SplittableRandom random;
        private final RecoveryFixture fixture = RecoveryFixture.established(true, 20 * RecoveryFixture.MS);
        private final Recovery recovery = fixture.recovery;
        private final TreeMap<Long, Packet> model = new TreeMap<>();
        private final BitSet arrived = new BitSet();
        private final List<String> acked = new ArrayList<>();
        private final List<String> lost = new ArrayList<>();
        private final String seed;
        private long largestAcked = recovery.sent(APPLICATION).largestAcked();
        private long lostPackets;
        private long spurious;

        private record Packet(long sentNs, int bytes, boolean inFlight, boolean[] lost, boolean[] acked) {}

        Run(long seed) {
            this.seed = "seed " + seed;
            this.random = new SplittableRandom(seed);
        }

        void go() {
            int lossPercent = random.nextInt(30);
            fixture.acked.clear();
            for (int step = 0; step < 1000; step++) {
                fixture.nowNs += random.nextInt(4) == 0 ? 0 : random.nextLong(3_000 * US);
                switch (random.nextInt(8)) {
                    case 0, 1, 2, 3, 4 -> send(lossPercent);
                    case 5, 6 -> acknowledge();
                    default -> timeout();
                }
                assertEquals(acked, fixture.acked, seed + " step " + step);
                assertEquals(lost, fixture.lost, seed + " step " + step);
                List.of(acked, fixture.acked, lost, fixture.lost).forEach(List::clear);
                model.values().removeIf(packet -> packet.acked[0]);
                model.headMap(recovery.sent(APPLICATION).tail()).clear();
                assertEquals(bytesInFlight(), recovery.bytesInFlight(), seed + " step " + step);
                assertEquals(lostPackets, recovery.lostPackets(), seed);
                assertEquals(spurious, recovery.spuriousLosses(), seed);
            }
        }

        private void send(int lossPercent) {
            for (int i = random.nextInt(30); i >= 0; i--) {
                int bytes = 100 + random.nextInt(1100);
                boolean inFlight = random.nextInt(5) > 0;
                long number = inFlight ? fixture.send(APPLICATION, bytes) : fixture.sendAckOnly(APPLICATION);
                model.put(number, new Packet(fixture.nowNs, bytes, inFlight, new boolean[1], new boolean[1]));
                if (random.nextInt(100) >= lossPercent) {
                    arrived.set((int) number);
                }
            }
        }

        /** The peer acknowledges all that arrived up to some number; a packet that was lost may arrive very late. */
        private void acknowledge() {
            if (arrived.isEmpty()) {
                return;
            }
            if (random.nextInt(5) == 0) {
                Long late = model.floorKey((long) random.nextInt(arrived.length()));
                if (late != null) {
                    arrived.set(late.intValue());
                }
            }
            int largest = arrived.previousSetBit(arrived.length() - 1 - random.nextInt(Math.min(40, arrived.length())));
            List<long[]> ranges = new ArrayList<>();
            int limit = 1 + random.nextInt(64);
            for (int end = largest; end >= 0 && ranges.size() < limit; ) {
                int start = arrived.previousClearBit(end) + 1;
                ranges.add(new long[] {start, end});
                end = arrived.previousSetBit(start - 1);
            }
            if (largest >= 0) {
                acknowledge(ranges);
            }
        }

        private void acknowledge(List<long[]> ranges) {
            boolean news = modelAck(ranges);
            long[] bounds = new long[ranges.size() * 2];
            for (int i = 0; i < ranges.size(); i++) {
                bounds[2 * i] = ranges.get(i)[0];
                bounds[2 * i + 1] = ranges.get(i)[1];
            }
            fixture.ack(APPLICATION, bounds);
            if (news) {
                modelDetectLost();
            }
        }

        private boolean modelAck(List<long[]> ranges) {
            largestAcked = Math.max(largestAcked, ranges.getFirst()[1]);
            boolean news = false;
            for (long[] range : ranges.reversed()) {
                for (var entry : model.subMap(range[0], true, range[1], true).entrySet()) {
                    Packet packet = entry.getValue();
                    if (packet.acked[0]) {
                        continue;
                    }
                    if (packet.lost[0] && isForgotten(entry.getKey())) {
                        continue;
                    }
                    packet.acked[0] = true;
                    if (packet.lost[0]) {
                        spurious += packet.inFlight ? 1 : 0;
                    } else {
                        news = true;
                    }
                    acked.add(frameOf(entry.getKey(), packet));
                }
            }
            return news;
        }

        /** Lost packets are remembered in a bounded number of ranges, the latest for sure. */
        private boolean isForgotten(long number) {
            boolean forgotten = recovery.sent(APPLICATION).nextLost(number, number) < 0;
            assertTrue(!forgotten || largestAcked - number > 64, seed + ": forgot " + number);
            return forgotten;
        }

        private void modelDetectLost() {
            long delayNs = recovery.rtt().lossDelayNs();
            for (var entry : model.headMap(largestAcked).entrySet()) {
                Packet packet = entry.getValue();
                boolean old = fixture.nowNs - packet.sentNs >= delayNs || largestAcked - entry.getKey() >= 3;
                if (!packet.acked[0] && !packet.lost[0] && old) {
                    packet.lost[0] = true;
                    if (packet.inFlight) {
                        lostPackets++;
                        lost.add(frameOf(entry.getKey(), packet));
                    }
                }
            }
        }

        private void timeout() {
            long deadlineNs = recovery.deadlineNs();
            if (deadlineNs == Long.MAX_VALUE) {
                return;
            }
            fixture.nowNs = Math.max(fixture.nowNs, deadlineNs);
            if (isLossTime()) {
                modelDetectLost();
            } else {
                model.entrySet().stream()
                        .filter(entry -> entry.getValue().inFlight && !entry.getValue().lost[0])
                        .filter(entry -> !entry.getValue().acked[0])
                        .limit(2)
                        .forEach(entry -> lost.add(frameOf(entry.getKey(), entry.getValue())));
            }
            recovery.onTimeout(fixture.nowNs);
        }

        /** Whether a packet in flight is left below the largest acknowledged: loss detection waits for it then. */
        private boolean isLossTime() {
            return model.headMap(largestAcked).values().stream()
                    .anyMatch(packet -> packet.inFlight && !packet.acked[0] && !packet.lost[0]);
        }

        private long bytesInFlight() {
            return model.values().stream()
                    .filter(packet -> packet.inFlight && !packet.acked[0] && !packet.lost[0])
                    .mapToLong(Packet::bytes)
                    .sum();
        }

        private static String frameOf(long number, Packet packet) {
            return packet.inFlight
                    ? RecoveryFixture.label(APPLICATION, SentFrame.STREAM, number)
                    : RecoveryFixture.label(APPLICATION, SentFrame.ACK, 1);
        }
    }
}
