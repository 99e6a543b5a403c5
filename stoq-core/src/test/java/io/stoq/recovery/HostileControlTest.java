package io.stoq.recovery;

import static io.stoq.recovery.RecoveryFixture.APPLICATION;
import static io.stoq.recovery.RecoveryFixture.HANDSHAKE;
import static io.stoq.recovery.RecoveryFixture.INITIAL;
import static io.stoq.recovery.RecoveryFixture.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.AckBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What peers and clocks can do to a controller: no exception, no standstill, no runaway, whichever controller it is. */
class HostileControlTest {

    private static final int DATAGRAM = 1200;
    private static final long SECOND = 1000 * MS;

    private RecoveryFixture fixture;
    private Recovery recovery;
    private long packetsSent;

    private void establish(CongestionAlgorithm algorithm) {
        fixture = new RecoveryFixture(true, algorithm.factory(), DATAGRAM);
        recovery = fixture.recovery;
        recovery.onSpaceDiscarded(INITIAL, fixture.nowNs);
        recovery.onSpaceDiscarded(HANDSHAKE, fixture.nowNs);
        recovery.onHandshakeConfirmed(fixture.nowNs);
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void acknowledgingWhatWasNeverSentLeavesTheWindowAsItWas(CongestionAlgorithm algorithm) {
        establish(algorithm);
        rounds(5, 40 * MS);
        long last = send();
        fixture.nowNs += 40 * MS;
        assertViolation(0, last + 1);
        assertViolation(last + 1000, last + 1000);
        rounds(5, 40 * MS);
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void acknowledgingWhatWasSkippedLeavesTheWindowAsItWas(CongestionAlgorithm algorithm) {
        establish(algorithm);
        long skipped = -1;
        while (skipped < 0) {
            long before = recovery.sent(APPLICATION).nextPacketNumber();
            long last = send();
            skipped = last - before + 1 > packetsSent ? firstGap(before) : -1;
            if (skipped < 0) {
                fixture.nowNs += 40 * MS;
                ack(before, last);
            }
        }
        fixture.nowNs += 40 * MS;
        assertViolation(skipped, skipped);
        assertViolation(skipped - 1, skipped + 1);
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void aClockThatStandsStillNeitherStopsNorFailsTheSender(CongestionAlgorithm algorithm) {
        establish(algorithm);
        rounds(50, 0);
        requireSane();
        recovers();
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void aClockThatStepsBackNeitherStopsNorFailsTheSender(CongestionAlgorithm algorithm) {
        establish(algorithm);
        rounds(8, 40 * MS);
        for (int i = 0; i < 20; i++) {
            long first = recovery.sent(APPLICATION).nextPacketNumber();
            long last = send();
            fixture.nowNs -= 30 * MS; // acknowledged before it was sent
            if (last >= first) {
                ack(first, last);
            }
            recovery.onTimeout(fixture.nowNs);
            requireSane();
        }
        fixture.nowNs = 10 * MS;
        recovers();
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void aClockThatJumpsAheadNeitherStopsNorFailsTheSender(CongestionAlgorithm algorithm) {
        establish(algorithm);
        rounds(8, 40 * MS);
        for (long jumpNs : new long[] {SECOND, 50 * SECOND, 3600 * SECOND, 1_000_000_000 * SECOND}) {
            long first = recovery.sent(APPLICATION).nextPacketNumber();
            long last = send();
            fixture.nowNs += jumpNs;
            ack(first, last);
            recovery.onTimeout(fixture.nowNs);
            requireSane();
        }
        recovers();
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void marksAndLossesAndFindsInAnyOrderKeepItSane(CongestionAlgorithm algorithm) {
        establish(algorithm);
        var random = new SplittableRandom(71);
        long ect0 = 0;
        long ce = 0;
        for (int i = 0; i < 300; i++) {
            boolean ect = recovery.beginMarked(fixture.nowNs) != 0;
            long first = recovery.sent(APPLICATION).nextPacketNumber();
            long last = send();
            fixture.nowNs += random.nextLong(0, 60 * MS);
            if (last >= first) {
                AckBlock block = RecoveryFixture.block(present(random.nextLong(first, last + 1), last));
                block.ecn = true;
                long packets = ect ? count(block) : 0;
                long marked = i > 0 && random.nextInt(4) == 0 ? packets : 0;
                block.ect0 = ect0 += packets - marked;
                block.ce = ce += marked;
                recovery.onAck(APPLICATION, block, 0, fixture.nowNs);
                long smallest = block.smallestOf[block.ranges - 1];
                if (smallest > first && wasSent(smallest - 1) && random.nextBoolean()) {
                    AckBlock late = RecoveryFixture.block(present(first, smallest - 1));
                    recovery.onAck(APPLICATION, late, 0, fixture.nowNs);
                    ect0 += ect ? count(late) : 0;
                }
            }
            if (recovery.deadlineNs() < fixture.nowNs + SECOND) {
                fixture.fire();
            }
            requireSane();
        }
        assertTrue(recovery.ecn().marksReported() > 0);
        assertTrue(recovery.spuriousLosses() > 0);
        recovers();
    }

    private static long count(AckBlock block) {
        long packets = 0;
        for (int i = 0; i < block.ranges; i++) {
            packets += block.largestOf[i] - block.smallestOf[i] + 1;
        }
        return packets;
    }

    /** Some rounds of a window each, as fast as the pacer lets them go, acknowledged after {@code rttNs}. */
    private void rounds(int count, long rttNs) {
        for (int i = 0; i < count; i++) {
            long first = recovery.sent(APPLICATION).nextPacketNumber();
            long last = send();
            fixture.nowNs += rttNs;
            if (last >= first) {
                ack(first, last);
            } else {
                fixture.nowNs = Math.max(fixture.nowNs, Math.min(recovery.pacingDeadlineNs(), fixture.nowNs + SECOND));
            }
        }
    }

    /** Sends what window and pacer allow now, 200 packets at most; returns the last number. */
    private long send() {
        long last = recovery.sent(APPLICATION).nextPacketNumber() - 1;
        packetsSent = 0;
        while (packetsSent < 200
                && recovery.sendAllowanceBytes() >= DATAGRAM
                && !recovery.isPacingBlocked(fixture.nowNs, DATAGRAM)) {
            last = fixture.send(APPLICATION, DATAGRAM);
            packetsSent++;
        }
        return last;
    }

    /** Sends when the pacer lets it go on until that much time is over, as much as is sent at once elsewhere. */
    private void sendFor(long ns) {
        long endNs = fixture.nowNs + ns;
        send();
        long sent = packetsSent;
        while (sent < 200 && recovery.sendAllowanceBytes() >= DATAGRAM && recovery.pacingDeadlineNs() < endNs) {
            fixture.nowNs = Math.max(fixture.nowNs, recovery.pacingDeadlineNs());
            send();
            sent += packetsSent;
        }
        fixture.nowNs = endNs;
    }

    private void ack(long smallest, long largest) {
        fixture.ack(APPLICATION, present(smallest, largest));
    }

    /** The ranges of the numbers that were not left out, from high to low; the largest one was not. */
    private long[] present(long smallest, long largest) {
        List<Long> bounds = new ArrayList<>();
        long high = largest;
        for (long number = largest; number >= smallest; number--) {
            if (!wasSent(number)) {
                addRange(bounds, number + 1, high);
                high = number - 1;
            }
        }
        addRange(bounds, smallest, high);
        return bounds.stream().mapToLong(Long::longValue).toArray();
    }

    private static void addRange(List<Long> bounds, long smallest, long largest) {
        if (smallest <= largest) {
            bounds.add(smallest);
            bounds.add(largest);
        }
    }

    private boolean wasSent(long number) {
        SentPackets sent = recovery.sent(APPLICATION);
        return !sent.isTracked(number) || sent.isOutstanding(number) || sent.isLost(number) || sent.isAcked(number);
    }

    private long firstGap(long from) {
        long number = from;
        while (recovery.sent(APPLICATION).isOutstanding(number)) {
            number++;
        }
        return number;
    }

    private void assertViolation(long smallest, long largest) {
        long window = recovery.controller().windowBytes();
        long rate = recovery.controller().pacingRateBytesPerSecond();
        long inFlight = recovery.bytesInFlight();
        String state = recovery.controller().state();
        TransportException violation =
                assertThrows(TransportException.class, () -> fixture.ack(APPLICATION, smallest, largest));
        assertEquals(TransportErrorCode.PROTOCOL_VIOLATION, violation.code());
        assertEquals(window, recovery.controller().windowBytes());
        assertEquals(rate, recovery.controller().pacingRateBytesPerSecond());
        assertEquals(inFlight, recovery.bytesInFlight());
        assertEquals(state, recovery.controller().state());
    }

    private void requireSane() {
        long window = recovery.controller().windowBytes();
        assertTrue(window >= 2 * DATAGRAM && window <= 1L << 40, "window " + window);
        assertTrue(recovery.controller().pacingRateBytesPerSecond() > 0);
        assertTrue(recovery.controller().sendQuantumBytes() > 0);
        assertTrue(recovery.bytesInFlight() >= 0, "in flight " + recovery.bytesInFlight());
    }

    /** Whatever was before: with a clock and a peer in order, at least ten packets a round trip of 40 ms get through. */
    private void recovers() {
        SentPackets packets = recovery.sent(APPLICATION);
        for (long number = packets.nextPacketNumber() - 1; recovery.bytesInFlight() > 0; number--) {
            if (packets.isOutstanding(number)) {
                ack(packets.floor(), number);
            }
        }
        long first = packets.nextPacketNumber();
        long sinceNs = fixture.nowNs;
        long from = first;
        while (fixture.nowNs < sinceNs + 20 * SECOND) {
            long next = recovery.sent(APPLICATION).nextPacketNumber();
            sendFor(40 * MS);
            if (next > from) {
                ack(from, next - 1); // what was sent in the round trip before
            }
            from = next;
            recovery.onTimeout(fixture.nowNs);
            requireSane();
        }
        long sent = recovery.sent(APPLICATION).nextPacketNumber() - first;
        assertTrue(sent >= 500 * 10, "only " + sent + " packets in 20 s");
    }
}
