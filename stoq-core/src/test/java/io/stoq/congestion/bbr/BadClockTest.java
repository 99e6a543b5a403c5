package io.stoq.congestion.bbr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.congestion.CongestionParameters;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A controller that is told nonsense for a while, and the truth afterwards. */
class BadClockTest {

    private static final int DATAGRAM = 1452;
    private static final long RTT_NS = 20_000_000;
    private static final long RATE = 12_500_000;

    private record Sent(long number, long ns, long[] columns) {}

    private final Deque<Sent> flight = new ArrayDeque<>();
    private Bbr bbr;
    private long nowNs = 1_000_000_000;
    private long next = (1L << 31) - 1_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nonsenseIsSurvivedAndForgotten(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        CongestionParameters start = CongestionParameters.of(DATAGRAM, 0, 333_000_000, seed);
        bbr = seed % 2 == 0 ? Bbr.v2(start) : Bbr.v3(start);
        for (int i = 0; i < 20_000; i++) {
            nonsense(random);
            requireSane(seed, i);
        }
        while (!flight.isEmpty()) {
            lose(false);
        }
        transfer(60_000);
        long delivered = transfer(5_000);
        assertEquals(5.0 * RATE, delivered, 0.1 * 5 * RATE, "seed " + seed + ", " + bbr.state());
    }

    private void nonsense(SplittableRandom random) {
        switch (random.nextInt(8)) {
            case 0 -> nowNs -= random.nextLong(1L << random.nextInt(1, 40));
            case 1 -> nowNs += random.nextLong(1L << random.nextInt(1, 43));
            default -> nowNs += random.nextLong(2_000_000);
        }
        long rtt = random.nextInt(4) == 0 ? 0 : random.nextLong(1L << random.nextInt(1, 40)) - 1_000;
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> send();
            case 4, 5, 6 -> ack(1 + random.nextInt(4), Math.max(0, rtt), random.nextInt(20) == 0);
            case 7 -> bbr.onApplicationLimited(inFlight());
            case 8 -> lose(random.nextInt(30) == 0);
            default -> bbr.onSpuriousLoss(nowNs, next - random.nextInt(50), DATAGRAM, nowNs);
        }
    }

    private void requireSane(long seed, int step) {
        String where = "seed " + seed + ", step " + step;
        assertTrue(bbr.windowBytes() >= 4 * DATAGRAM && bbr.windowBytes() < 1L << 50, where);
        assertTrue(bbr.pacingRateBytesPerSecond() >= DATAGRAM, where);
        assertTrue(bbr.pacingRateBytesPerSecond() <= Rates.MAX_BYTES_PER_SECOND, where);
        assertTrue(bbr.sendQuantumBytes() >= 2 * DATAGRAM && bbr.sendQuantumBytes() <= 65_536, where);
        assertTrue(bbr.bandwidthBytesPerSecond() >= 0, where);
    }

    private long inFlight() {
        return (long) flight.size() * DATAGRAM;
    }

    private void send() {
        long[] columns = new long[bbr.packetColumns()];
        bbr.onPacketSent(nowNs, next, DATAGRAM, inFlight(), columns, 0);
        flight.addLast(new Sent(next++, nowNs, columns));
    }

    private void ack(int packets, long rttNs, boolean marked) {
        bbr.onAckBegin(nowNs, inFlight(), false);
        for (int i = 0; i < packets && !flight.isEmpty(); i++) {
            Sent sent = flight.removeFirst();
            bbr.onPacketAcked(sent.number, DATAGRAM, sent.ns, sent.columns, 0);
        }
        if (marked) {
            bbr.onCongestionExperienced(nowNs, nowNs, 1);
        }
        bbr.onAckEnd(nowNs, inFlight(), rttNs, Math.max(1, rttNs), rttNs);
    }

    private void lose(boolean persistent) {
        if (!flight.isEmpty()) {
            Sent sent = flight.removeFirst();
            bbr.onPacketLost(sent.number, DATAGRAM, sent.ns, sent.columns, 0);
            bbr.onPacketsLost(nowNs, sent.number, sent.ns, DATAGRAM, persistent);
        }
    }

    /** Milliseconds of a clean link with a queue; returns the bytes that were delivered. */
    private long transfer(int milliseconds) {
        long delivered = 0;
        double pace = 0;
        double credit = 0;
        for (int i = 0; i < milliseconds; i++) {
            nowNs += 1_000_000;
            pace = Math.min(pace + bbr.pacingRateBytesPerSecond() / 1_000.0, 2 * bbr.sendQuantumBytes());
            while (inFlight() + DATAGRAM <= bbr.windowBytes() && pace >= DATAGRAM) {
                send();
                pace -= DATAGRAM;
            }
            credit += RATE / 1_000.0;
            int packets = 0;
            long sentNs = 0;
            for (Sent sent : flight) {
                if (sent.ns > nowNs - RTT_NS || credit < (packets + 1) * DATAGRAM) {
                    break;
                }
                packets++;
                sentNs = sent.ns;
            }
            if (packets > 0) {
                ack(packets, nowNs - sentNs, false);
                delivered += (long) packets * DATAGRAM;
            }
            credit = Math.min(credit - packets * DATAGRAM, DATAGRAM + RATE / 1_000.0);
        }
        return delivered;
    }
}
