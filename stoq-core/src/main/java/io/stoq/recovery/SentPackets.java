package io.stoq.recovery;

import io.stoq.buffer.RangeSet;
import io.stoq.wire.frame.AckBlock;

/**
 * Sent packets of one packet number space: a growing power-of-two ring of primitive columns, indexed by packet number, plus a
 * ring of the frames they carried. Without memory before the first packet, and after {@link #shrink()}. Confined to the
 * connection's loop.
 *
 * <p>From low to high: {@code tail} .. {@code floor} holds nothing outstanding, only lost packets that may still turn out to
 * have arrived; {@code floor} .. {@code next} holds the outstanding ones. An acknowledgment looks at each number from the
 * floor on once, and below it only at the ranges that are known to be lost, so its cost does not grow with what it repeats.
 */
public final class SentPackets {

    /** Lost packets are remembered for one more flight, or this many packets where the flight is shorter. */
    private static final int LOST_KEPT_PACKETS = 1024;

    private static final int LOST_KEPT_RANGES = 64;

    /** Packets without anything to acknowledge that a silent peer can make us remember (ack-only packets). */
    static final int MAX_ACK_ONLY_PACKETS = 16_384;

    private static final int FIRST_CAPACITY = 8;

    /** A ring of this capacity or less is not worth giving back. */
    private static final int KEPT_CAPACITY = 64;

    private static final long[] NO_LONGS = {};
    private static final int[] NO_INTS = {};

    /** Keeps a merged length, as {@link SentFrame#STREAM} has it, within an int: each piece is at most a packet. */
    private static final int MAX_MERGED = 1 << 30;

    // A slot's info: the size in bytes and flags. An outstanding or a lost packet has exactly one of those two flags.
    private static final int BYTES = 0xfffff;
    private static final int ACK_ELICITING = 1 << 20;
    private static final int IN_FLIGHT = 1 << 21;
    private static final int OUTSTANDING = 1 << 22;
    private static final int LOST = 1 << 23;
    private static final int ACKED = 1 << 24;
    private static final int MTU_PROBE = 1 << 25;
    private static final int ECT = 1 << 26;

    private final SkippedNumbers skips;
    private final SentFrameRing frames = new SentFrameRing();
    private final RangeSet lost = new RangeSet();

    private long[] sentNs = NO_LONGS;
    private int[] info = NO_INTS;
    private int[] firstFrame = NO_INTS;
    private final int columnsPerPacket;
    private long[] columns = NO_LONGS;
    private int mask = -1;

    private long tail;
    private long floor;
    private long next;
    private long largestAcked = -1;
    private int openFrame;
    private int ackElicitingInFlight;
    private int ackOnly;

    /** @param skips numbers to leave out, or null */
    SentPackets(SkippedNumbers skips, int columnsPerPacket) {
        this.skips = skips;
        this.columnsPerPacket = columnsPerPacket;
    }

    /** The number that the next packet gets. Numbers may be left out between two packets. */
    public long nextPacketNumber() {
        return next;
    }

    /** The largest number that the peer acknowledged, or -1. */
    public long largestAcked() {
        return largestAcked;
    }

    /** Notes a frame of the packet that is being built. The numbers mean what {@link SentFrame} says. */
    public void addFrame(int kind, long a, long b, int c) {
        frames.add(kind, a, b, c);
    }

    /** How many frames were noted for the packet that is being built. */
    public int framesOfOpenPacket() {
        return frames.head() - openFrame;
    }

    /** The packet being built is not sent: forgets its frames. */
    public void rollback() {
        frames.cut(openFrame);
    }

    /** Forgets the frames of the packet being built that were noted after the first {@code frames}. */
    public void rollbackTo(int frames) {
        if (frames < 0 || frames > framesOfOpenPacket()) {
            throw new IllegalArgumentException(
                    "the open packet has " + framesOfOpenPacket() + " frames, not " + frames);
        }
        this.frames.cut(openFrame + frames);
    }

    /** Ack-eliciting packets that are neither acknowledged nor lost, probes of the MTU left out. */
    public int ackElicitingInFlight() {
        return ackElicitingInFlight;
    }

    // ---- sending

    /**
     * The packet being built was sent.
     *
     * @param ect marked as ECN-capable
     */
    void complete(long nowNs, int bytes, boolean ackEliciting, boolean inFlight, boolean ect) {
        int flags = (ackEliciting ? ACK_ELICITING : 0) | (inFlight ? IN_FLIGHT : 0) | (ect ? ECT : 0);
        append(nowNs, bytes | OUTSTANDING | flags);
        openFrame = frames.head();
        ackElicitingInFlight += ackEliciting ? 1 : 0;
        ackOnly += inFlight ? 0 : 1;
        if (skips != null && next == skips.next()) {
            append(nowNs, 0);
            skips.onSkipped();
        }
    }

    /** The packet probes the path's MTU: no timer waits for its acknowledgment. */
    void markMtuProbe(long packetNumber) {
        info[slot(packetNumber)] |= MTU_PROBE;
        ackElicitingInFlight--;
    }

    /** Whether so many ack-only packets are remembered that the oldest packet has to be forgotten. */
    boolean isOverfull() {
        return ackOnly > MAX_ACK_ONLY_PACKETS;
    }

    private void append(long nowNs, int packetInfo) {
        if (next - tail > mask) {
            grow();
        }
        int slot = slot(next++);
        sentNs[slot] = nowNs;
        info[slot] = packetInfo;
        firstFrame[slot] = openFrame;
    }

    // ---- acknowledgments

    /** Whether all that the frame acknowledges can have been sent. RFC 9000 §13.1 */
    boolean canAcknowledge(AckBlock ack) {
        return ack.largest < next && (skips == null || !skips.isAnyIn(ack));
    }

    /** The lowest number that this frame can bring news about. */
    long tail() {
        return tail;
    }

    /** The lowest outstanding packet, or {@link #nextPacketNumber()}. */
    long floor() {
        return floor;
    }

    void largestAcked(long packetNumber) {
        largestAcked = Math.max(largestAcked, packetNumber);
    }

    boolean isTracked(long packetNumber) {
        return packetNumber >= tail && packetNumber < next;
    }

    boolean isOutstanding(long packetNumber) {
        return (info[slot(packetNumber)] & OUTSTANDING) != 0;
    }

    boolean isLost(long packetNumber) {
        return (info[slot(packetNumber)] & LOST) != 0;
    }

    boolean isAcked(long packetNumber) {
        return (info[slot(packetNumber)] & ACKED) != 0;
    }

    boolean isInFlight(long packetNumber) {
        return (info[slot(packetNumber)] & IN_FLIGHT) != 0;
    }

    boolean isAckEliciting(long packetNumber) {
        return (info[slot(packetNumber)] & ACK_ELICITING) != 0;
    }

    boolean isEct(long packetNumber) {
        return (info[slot(packetNumber)] & ECT) != 0;
    }

    boolean isMtuProbe(long packetNumber) {
        return (info[slot(packetNumber)] & MTU_PROBE) != 0;
    }

    int bytes(long packetNumber) {
        return info[slot(packetNumber)] & BYTES;
    }

    long sentNs(long packetNumber) {
        return sentNs[slot(packetNumber)];
    }

    /** The controller's columns of all packets; those of one begin at {@link #columnsAt}. */
    long[] columns() {
        return columns;
    }

    int columnsAt(long packetNumber) {
        return slot(packetNumber) * columnsPerPacket;
    }

    void markAcked(long packetNumber) {
        leave(packetNumber, ACKED);
    }

    /** The packet is lost; its frames are kept for a while, as it may still turn up. */
    void markLost(long packetNumber) {
        leave(packetNumber, LOST);
        lost.add(packetNumber, packetNumber + 1);
    }

    /** A packet declared lost was acknowledged. */
    void markFound(long packetNumber) {
        int slot = slot(packetNumber);
        info[slot] = info[slot] & ~LOST | ACKED;
        lost.remove(packetNumber, packetNumber + 1);
    }

    /** The lowest lost packet in {@code [from, to]}, or -1. */
    long nextLost(long from, long to) {
        int index = lost.indexOfFirstEndingAfter(from);
        if (index == lost.size() || lost.from(index) > to) {
            return -1;
        }
        return Math.max(from, lost.from(index));
    }

    /** Moves floor and tail up over what is settled. */
    void settle() {
        while (floor < next && !isOutstanding(floor)) {
            floor++;
        }
        long keptFrom = floor - Math.max(LOST_KEPT_PACKETS, next - floor);
        while (!lost.isEmpty() && (lost.size() > LOST_KEPT_RANGES || lost.from(0) < keptFrom)) {
            if (lost.to(0) <= keptFrom || lost.from(0) >= keptFrom) {
                lost.removeFirst();
            } else {
                lost.remove(lost.from(0), keptFrom);
            }
        }
        tail = lost.isEmpty() ? floor : Math.min(floor, lost.from(0));
        frames.release(firstFrameOf(tail));
    }

    /** Forgets all packets; numbers go on. */
    void clear() {
        frames.cut(openFrame);
        lost.clear();
        floor = next;
        tail = next;
        ackElicitingInFlight = 0;
        ackOnly = 0;
        frames.release(openFrame);
    }

    /** Whether {@link #shrink()} gives much back: large rings hold little, and nothing waits to be acknowledged. */
    boolean isShrinkable() {
        return ackElicitingInFlight == 0
                && (isSpacious(capacity(), next - floor)
                        || isSpacious(frames.capacity(), openFrame - firstFrameOf(floor)));
    }

    private static boolean isSpacious(int capacity, long used) {
        return capacity > KEPT_CAPACITY && capacity > 2 * used;
    }

    /** Gives back the memory that is not needed; lost packets are forgotten, as they would have turned up by now. */
    void shrink() {
        lost.release();
        tail = floor;
        frames.release(firstFrameOf(tail));
        frames.shrink();
        resize(capacityFor((int) (next - tail)));
    }

    private void leave(long packetNumber, int newState) {
        int slot = slot(packetNumber);
        int old = info[slot];
        ackElicitingInFlight -= (old & (ACK_ELICITING | MTU_PROBE)) == ACK_ELICITING ? 1 : 0;
        ackOnly -= (old & IN_FLIGHT) != 0 ? 0 : 1;
        info[slot] = old & ~OUTSTANDING | newState;
    }

    // ---- frames

    /** Reports what the packets {@code from} to {@code to} carried; pieces of a stream that follow each other, as one. */
    void reportAcked(int space, long from, long to, SentFrameListener listener) {
        if (from > to) {
            return;
        }
        int end = firstFrameOf(to + 1);
        for (int at = firstFrameOf(from); at != end; ) {
            int kind = frames.kind(at);
            long a = frames.a(at);
            long b = frames.b(at);
            int c = frames.c(at++);
            while (kind == SentFrame.STREAM && at != end && c < MAX_MERGED && frames.continuesStream(at, a, b, c)) {
                c += frames.c(at++);
            }
            listener.onFrameAcked(space, kind, a, b, c);
        }
    }

    void reportLost(int space, long packetNumber, SentFrameListener listener) {
        int end = firstFrameOf(packetNumber + 1);
        for (int at = firstFrameOf(packetNumber); at != end; at++) {
            listener.onFrameLost(space, frames.kind(at), frames.a(at), frames.b(at), frames.c(at));
        }
    }

    /** Reports those frames lost whose content a probe can repeat; returns whether there was one. */
    boolean reportForProbe(int space, long packetNumber, SentFrameListener listener) {
        boolean any = false;
        int end = firstFrameOf(packetNumber + 1);
        for (int at = firstFrameOf(packetNumber); at != end; at++) {
            if (SentFrame.isRetransmittable(frames.kind(at))) {
                listener.onFrameLost(space, frames.kind(at), frames.a(at), frames.b(at), frames.c(at));
                any = true;
            }
        }
        return any;
    }

    private int firstFrameOf(long packetNumber) {
        return packetNumber < next ? firstFrame[slot(packetNumber)] : openFrame;
    }

    // ---- the ring

    private int slot(long packetNumber) {
        return (int) packetNumber & mask;
    }

    int capacity() {
        return mask + 1;
    }

    /** Memory of the columns, in bytes. */
    long heldBytes() {
        int packetBytes = Long.BYTES + 2 * Integer.BYTES + columnsPerPacket * Long.BYTES;
        return (long) capacity() * packetBytes + frames.heldBytes();
    }

    private void grow() {
        resize(Math.max(FIRST_CAPACITY, 2 * capacity()));
    }

    /** The smallest capacity for so many entries. */
    static int capacityFor(int entries) {
        return entries == 0 ? 0 : Math.max(FIRST_CAPACITY, Integer.highestOneBit(2 * entries - 1));
    }

    private void resize(int capacity) {
        int newMask = capacity - 1;
        sentNs = spread(sentNs, 1, newMask);
        info = spread(info, newMask);
        firstFrame = spread(firstFrame, newMask);
        columns = spread(columns, columnsPerPacket, newMask);
        mask = newMask;
    }

    /** Copies a ring into one of another size: each entry goes to where its number belongs there. */
    private long[] spread(long[] old, int width, int newMask) {
        int length = (newMask + 1) * width;
        long[] spread = length == 0 ? NO_LONGS : new long[length];
        for (long number = tail; number < next && width > 0; number++) {
            System.arraycopy(old, slot(number) * width, spread, ((int) number & newMask) * width, width);
        }
        return spread;
    }

    private int[] spread(int[] old, int newMask) {
        int[] spread = newMask < 0 ? NO_INTS : new int[newMask + 1];
        for (long number = tail; number < next; number++) {
            spread[(int) number & newMask] = old[slot(number)];
        }
        return spread;
    }
}
