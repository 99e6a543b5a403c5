package io.stoq.bench.micro;

import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.recovery.Recovery;
import io.stoq.recovery.RecoverySettings;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentFrameListener;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.frame.AckBlock;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What a sent packet costs until it is acknowledged or lost: the ring of sent packets, loss detection, RTT and congestion
 * control, with one ACK for a train of 45. RFC 9002.
 */
public class RecoveryBenchmark extends MicroBenchmark {

    private static final int PACKETS = 45;
    private static final int PACKET_BYTES = 1452;
    private static final long RTT_NS = 100_000;

    /** Packets of each train that are lost, one here and one there; the next ACK reveals them. */
    @Param({"0", "1", "8"})
    public int lost;

    @Param
    public CongestionAlgorithm controller;

    private final AckBlock ack = new AckBlock();
    private final Frames frames = new Frames();
    private final long[] numbers = new long[PACKETS];
    private Recovery recovery;
    private SentPackets sent;
    private long nowNs = 1;

    private static final class Frames implements SentFrameListener {

        long ackedBytes;
        long lostBytes;

        @Override
        public void onFrameAcked(int space, int kind, long a, long b, int c) {
            ackedBytes += c;
        }

        @Override
        public void onFrameLost(int space, int kind, long a, long b, int c) {
            lostBytes += c;
        }
    }

    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(1);
        recovery = new Recovery(
                false, RecoverySettings.of(PACKET_BYTES), controller.factory(), frames, (target, at, length) -> {
                    for (int i = 0; i < length; i++) {
                        target[at + i] = (byte) random.nextInt();
                    }
                });
        recovery.onHandshakeConfirmed(nowNs);
        sent = recovery.sent(EncryptionLevel.APPLICATION);
    }

    /** One packet of the train: a STREAM frame noted, sent, and acknowledged or lost. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long sentAndSettled() {
        nowNs += RTT_NS;
        for (int i = 0; i < PACKETS; i++) {
            long number = sent.nextPacketNumber();
            numbers[i] = number;
            sent.addFrame(SentFrame.STREAM, 0, number * 1400, 2800);
            recovery.onPacketSent(EncryptionLevel.APPLICATION, number, nowNs, PACKET_BYTES, true, true);
        }
        nowNs += RTT_NS;
        acknowledge();
        recovery.onAck(EncryptionLevel.APPLICATION, ack, 0, nowNs);
        return frames.ackedBytes + frames.lostBytes;
    }

    /** Ranges from high to low around what is lost, and around numbers that were left out on purpose. */
    private void acknowledge() {
        int every = lost == 0 ? PACKETS + 1 : PACKETS / lost;
        ack.largest = numbers[PACKETS - 1];
        ack.ranges = 0;
        long next = -1;
        for (int i = PACKETS - 1; i >= 0; i--) {
            if (i % every == 2) {
                continue;
            }
            if (numbers[i] == next) {
                ack.smallestOf[ack.ranges - 1] = numbers[i];
            } else {
                ack.smallestOf[ack.ranges] = numbers[i];
                ack.largestOf[ack.ranges++] = numbers[i];
            }
            next = numbers[i] - 1;
        }
    }
}
