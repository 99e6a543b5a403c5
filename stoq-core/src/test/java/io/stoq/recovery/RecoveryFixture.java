package io.stoq.recovery;

import io.stoq.congestion.CongestionControllerFactory;
import io.stoq.congestion.NewReno;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.wire.frame.AckBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One side's loss recovery in virtual time, with a log of what became of its frames. */
final class RecoveryFixture implements SentFrameListener {

    static final long MS = 1_000_000;
    static final int INITIAL = EncryptionLevel.INITIAL;
    static final int HANDSHAKE = EncryptionLevel.HANDSHAKE;
    static final int APPLICATION = EncryptionLevel.APPLICATION;

    final List<String> acked = new ArrayList<>();
    final List<String> lost = new ArrayList<>();
    final Recovery recovery;
    long nowNs = 1000 * MS;

    RecoveryFixture(boolean server) {
        this(server, NewReno::new, 1200);
    }

    RecoveryFixture(boolean server, CongestionControllerFactory controllers, int maxDatagramBytes) {
        SplittableRandom random = new SplittableRandom(1);
        recovery =
                new Recovery(server, RecoverySettings.of(maxDatagramBytes), controllers, this, (target, at, length) -> {
                    for (int i = 0; i < length; i++) {
                        target[at + i] = (byte) random.nextInt();
                    }
                });
    }

    /** A client or server whose handshake is done, and that has one round trip time sample. */
    static RecoveryFixture established(boolean server, long rttNs) {
        RecoveryFixture fixture = new RecoveryFixture(server);
        fixture.recovery.onSpaceDiscarded(INITIAL, fixture.nowNs);
        fixture.recovery.onSpaceDiscarded(HANDSHAKE, fixture.nowNs);
        fixture.recovery.onHandshakeConfirmed(fixture.nowNs);
        long first = fixture.send(APPLICATION);
        fixture.nowNs += rttNs;
        fixture.ack(APPLICATION, first, first);
        return fixture;
    }

    /** Sends a packet with one STREAM frame whose offset is the packet number. */
    long send(int space) {
        return send(space, 1200);
    }

    long send(int space, int bytes) {
        SentPackets sent = recovery.sent(space);
        long number = sent.nextPacketNumber();
        sent.addFrame(space == APPLICATION ? SentFrame.STREAM : SentFrame.CRYPTO, number, 0, bytes);
        recovery.onPacketSent(space, number, nowNs, bytes, true, true);
        return number;
    }

    long sendFrame(int space, int kind) {
        SentPackets sent = recovery.sent(space);
        long number = sent.nextPacketNumber();
        sent.addFrame(kind, number, 0, 0);
        recovery.onPacketSent(space, number, nowNs, 50, true, true);
        return number;
    }

    long sendAckOnly(int space) {
        SentPackets sent = recovery.sent(space);
        long number = sent.nextPacketNumber();
        sent.addFrame(SentFrame.ACK, 1, 0, 0);
        recovery.onPacketSent(space, number, nowNs, 40, false, false);
        return number;
    }

    /** @param bounds smallest and largest of each range, ranges from high to low */
    void ack(int space, long... bounds) {
        ackDelayed(space, 0, bounds);
    }

    void ackDelayed(int space, long delayNs, long... bounds) {
        recovery.onAck(space, block(bounds), delayNs, nowNs);
    }

    static AckBlock block(long... bounds) {
        AckBlock block = new AckBlock();
        block.largest = bounds[1];
        block.ranges = bounds.length / 2;
        for (int i = 0; i < block.ranges; i++) {
            block.smallestOf[i] = bounds[2 * i];
            block.largestOf[i] = bounds[2 * i + 1];
        }
        return block;
    }

    /** Lets time pass up to the deadline, and fires it. */
    void fire() {
        nowNs = Math.max(nowNs, recovery.deadlineNs());
        recovery.onTimeout(nowNs);
    }

    @Override
    public void onFrameAcked(int space, int kind, long a, long b, int c) {
        acked.add(label(space, kind, a));
    }

    @Override
    public void onFrameLost(int space, int kind, long a, long b, int c) {
        lost.add(label(space, kind, a));
    }

    /** Such as {@code 2:3:17} for a STREAM frame of packet 17 in the APPLICATION space. */
    static String label(int space, int kind, long a) {
        return space + ":" + kind + ":" + a;
    }
}
