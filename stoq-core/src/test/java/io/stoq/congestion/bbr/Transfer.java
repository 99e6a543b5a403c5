package io.stoq.congestion.bbr;

import static io.stoq.congestion.bbr.Link.MS;

import io.stoq.buffer.RangeSet;
import io.stoq.congestion.CongestionController;
import io.stoq.congestion.CongestionControllerFactory;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.recovery.Recovery;
import io.stoq.recovery.RecoverySettings;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentFrameListener;
import io.stoq.wire.frame.AckBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A sender with real loss recovery and pacing, a {@link Link}, and a receiver that acknowledges every other packet: in virtual
 * time, and the same each time.
 */
final class Transfer implements SentFrameListener {

    private static final int SPACE = EncryptionLevel.APPLICATION;
    private static final long MAX_ACK_DELAY_NS = 25 * MS;
    private static final int MAX_RANGES = 32;

    /** Something under way: a packet where {@code ranges} is null, else an ACK frame. */
    private record Event(long atNs, long order, long packet, long[] ranges) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    final Link link;
    final Recovery recovery;
    final CongestionController controller;
    final int datagramBytes;

    /** The states in the order in which they were seen after an event, and when each began. */
    final List<String> states = new ArrayList<>();

    final List<Long> stateNs = new ArrayList<>();

    /** What the application has to send; more than anybody could wait for, unless a test says otherwise. */
    long waitingBytes = Long.MAX_VALUE / 4;

    int ackEvery = 2;

    /** How much longer than the link's this transfer's way is. */
    long fartherNs;

    /** ACK frames leave at multiples of this only. */
    long ackSlotNs;

    Runnable observer = () -> {};
    long nowNs = 1_000 * MS;
    long receivedBytes;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final RangeSet received = new RangeSet();
    private final AckBlock block = new AckBlock();
    private long order;
    private long lastReceived = -1;
    private int unacked;
    private long ackTimerNs = Long.MAX_VALUE;

    Transfer(Link link, CongestionControllerFactory controllers, int datagramBytes, long seed) {
        this.link = link;
        this.datagramBytes = datagramBytes;
        SplittableRandom random = new SplittableRandom(seed);
        recovery = new Recovery(false, RecoverySettings.of(datagramBytes), controllers, this, (target, at, length) -> {
            for (int i = 0; i < length; i++) {
                target[at + i] = (byte) random.nextInt();
            }
        });
        recovery.onSpaceDiscarded(EncryptionLevel.INITIAL, nowNs);
        recovery.onSpaceDiscarded(EncryptionLevel.HANDSHAKE, nowNs);
        recovery.onHandshakeConfirmed(nowNs);
        controller = recovery.controller();
        noteState();
    }

    static Transfer v2(Link link) {
        return new Transfer(link, Bbr::v2, 1452, 7);
    }

    static Transfer v3(Link link) {
        return new Transfer(link, Bbr::v3, 1452, 7);
    }

    Model model() {
        return ((Bbr) controller).model();
    }

    // ---- running

    void runFor(long ns) {
        long endNs = nowNs + ns;
        while (true) {
            pump();
            long next = Math.min(nextNs(), endNs);
            nowNs = Math.max(nowNs, next);
            if (next == endNs) {
                return;
            }
            handleDue();
        }
    }

    /** Several of them over the same link. */
    static void runTogether(long ns, Transfer... transfers) {
        long nowNs = transfers[0].nowNs;
        long endNs = nowNs + ns;
        while (nowNs < endNs) {
            long next = endNs;
            for (Transfer transfer : transfers) {
                transfer.nowNs = nowNs;
                transfer.handleDue();
                transfer.pump();
                next = Math.min(next, Math.max(nowNs, transfer.nextNs()));
            }
            nowNs = next;
        }
        for (Transfer transfer : transfers) {
            transfer.nowNs = endNs;
        }
    }

    /** Until a state is entered; fails the test that waits in vain. */
    void runUntil(String state, long atMostNs) {
        long endNs = nowNs + atMostNs;
        while (!controller.state().equals(state)) {
            if (nowNs >= endNs) {
                throw new AssertionError("no " + state + ", but " + states);
            }
            runStep(endNs);
        }
    }

    void runStep(long endNs) {
        pump();
        nowNs = Math.max(nowNs, Math.min(nextNs(), endNs));
        handleDue();
    }

    /** Mean rate at which the receiver got data in the time to come, in bytes per second. */
    double goodputOver(long ns) {
        long before = receivedBytes;
        runFor(ns);
        return (double) (receivedBytes - before) * Link.SECOND / ns;
    }

    private long nextNs() {
        long next = Math.min(ackTimerNs, recovery.deadlineNs());
        if (!events.isEmpty()) {
            next = Math.min(next, events.peek().atNs);
        }
        boolean wants = waitingBytes > 0 && recovery.sendAllowanceBytes() >= datagramBytes;
        return wants ? Math.min(next, Math.max(nowNs, recovery.pacingDeadlineNs())) : next;
    }

    private void handleDue() {
        while (!events.isEmpty() && events.peek().atNs <= nowNs) {
            Event event = events.poll();
            if (event.ranges == null) {
                onArrival(event.packet);
            } else {
                onAck(event.ranges);
            }
        }
        if (ackTimerNs <= nowNs) {
            sendAck();
        }
        if (recovery.deadlineNs() <= nowNs) {
            recovery.onTimeout(nowNs);
            noteState();
        }
    }

    // ---- sender

    private void pump() {
        while (recovery.pendingProbes(SPACE) > 0) {
            send();
        }
        while (waitingBytes > 0 && recovery.sendAllowanceBytes() >= datagramBytes) {
            if (recovery.isPacingBlocked(nowNs, datagramBytes)) {
                return;
            }
            send();
        }
        if (waitingBytes <= 0) {
            recovery.onApplicationLimited();
        }
    }

    private void send() {
        long number = recovery.sent(SPACE).nextPacketNumber();
        recovery.sent(SPACE).addFrame(SentFrame.STREAM, number, 0, datagramBytes);
        recovery.onPacketSent(SPACE, number, nowNs, datagramBytes, true, true);
        waitingBytes -= datagramBytes;
        long arrivalNs = link.pass(nowNs, datagramBytes);
        if (arrivalNs != Link.LOST) {
            events.add(new Event(arrivalNs, order++, number, null));
        }
    }

    private void onAck(long[] ranges) {
        block.ranges = ranges.length / 2;
        block.largest = ranges[1];
        for (int i = 0; i < block.ranges; i++) {
            block.smallestOf[i] = ranges[2 * i];
            block.largestOf[i] = ranges[2 * i + 1];
        }
        recovery.onAck(SPACE, block, 0, nowNs);
        noteState();
        observer.run();
    }

    private void noteState() {
        String state = controller.state();
        if (states.isEmpty() || !states.getLast().equals(state)) {
            states.add(state);
            stateNs.add(nowNs);
        }
    }

    @Override
    public void onFrameAcked(int space, int kind, long a, long b, int c) {}

    @Override
    public void onFrameLost(int space, int kind, long a, long b, int c) {
        waitingBytes += c;
    }

    // ---- receiver

    private void onArrival(long packet) {
        received.add(packet, packet + 1);
        receivedBytes += datagramBytes;
        boolean inOrder = packet == lastReceived + 1;
        lastReceived = Math.max(lastReceived, packet);
        unacked++;
        if (ackSlotNs > 0) {
            ackTimerNs = Math.min(ackTimerNs, (nowNs / ackSlotNs + 1) * ackSlotNs);
        } else if (unacked >= ackEvery || !inOrder) {
            sendAck();
        } else {
            ackTimerNs = Math.min(ackTimerNs, nowNs + MAX_ACK_DELAY_NS);
        }
    }

    private void sendAck() {
        unacked = 0;
        ackTimerNs = Long.MAX_VALUE;
        int count = Math.min(received.size(), MAX_RANGES);
        long[] ranges = new long[2 * count];
        for (int i = 0; i < count; i++) {
            int index = received.size() - 1 - i;
            ranges[2 * i] = received.from(index);
            ranges[2 * i + 1] = received.to(index) - 1;
        }
        events.add(new Event(nowNs + link.delayNs + fartherNs, order++, -1, ranges));
        if (received.size() > 4 * MAX_RANGES) {
            received.removeFirst();
        }
    }
}
