package io.stoq.wire.frame;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.ByteReader;
import io.stoq.wire.VarInt;
import java.util.ArrayList;
import java.util.List;

/**
 * ACK: packet numbers received, as ranges from high to low. RFC 9000 §19.3.
 *
 * <pre>
 *   largest, delay, count, first | gap, length | gap, length | ... | ect0, ect1, ce (0x03 only)
 * </pre>
 *
 * @param ackDelay as on the wire, not scaled
 * @param ranges at least one, from high to low, with at least one packet missing between two
 * @param ecn the counts, or null
 */
public record AckFrame(long ackDelay, List<Range> ranges, EcnCounts ecn) implements Frame {

    /** Packet numbers from {@code smallest} to {@code largest}, both included. */
    public record Range(long smallest, long largest) {}

    /** How many packets arrived with each mark. RFC 9000 §19.3.2. */
    public record EcnCounts(long ect0, long ect1, long ce) {}

    public AckFrame {
        ranges = List.copyOf(ranges);
    }

    /** Size in bytes of what {@link #writeHead} writes. */
    public static int headSize(long largest, long ackDelay, int moreRanges, long firstRange) {
        return 1 + VarInt.size(largest) + VarInt.size(ackDelay) + VarInt.size(moreRanges) + VarInt.size(firstRange);
    }

    /**
     * Writes all of the frame up to its first range.
     *
     * @param ecn whether {@link #writeEcn} follows the ranges
     * @param moreRanges how many calls of {@link #writeRange} follow
     * @param firstRange packets below {@code largest} that are acknowledged with it
     */
    public static void writeHead(
            ByteWriter out, boolean ecn, long largest, long ackDelay, int moreRanges, long firstRange) {
        out.putByte(ecn ? FrameType.ACK_ECN : FrameType.ACK);
        out.putVarInt(largest);
        out.putVarInt(ackDelay);
        out.putVarInt(moreRanges);
        out.putVarInt(firstRange);
    }

    /** Size in bytes of what {@link #writeRange} writes. */
    public static int rangeSize(long gap, long length) {
        return VarInt.size(gap) + VarInt.size(length);
    }

    /**
     * Writes one more range.
     *
     * @param gap packets missing between the ranges, less one
     * @param length packets in the range, less one
     */
    public static void writeRange(ByteWriter out, long gap, long length) {
        out.putVarInt(gap);
        out.putVarInt(length);
    }

    /** Size in bytes of what {@link #writeEcn} writes. */
    public static int ecnSize(long ect0, long ect1, long ce) {
        return VarInt.size(ect0) + VarInt.size(ect1) + VarInt.size(ce);
    }

    public static void writeEcn(ByteWriter out, long ect0, long ect1, long ce) {
        out.putVarInt(ect0);
        out.putVarInt(ect1);
        out.putVarInt(ce);
    }

    static void read(ByteReader in, boolean ecn, AckBlock ack, FrameSink sink) {
        long largest = in.readVarInt();
        ack.largest = largest;
        ack.ackDelay = in.readVarInt();
        ack.ranges = 0;
        // The bytes that are there bound this loop: every range takes two or more.
        long moreRanges = in.readVarInt();
        long smallest = below(in, largest, in.readVarInt());
        ack.add(smallest, largest);
        for (; moreRanges > 0; moreRanges--) {
            // RFC 9000 §19.3.1: the gap is one less than the packets missing, and starts below the range above.
            largest = below(in, smallest, in.readVarInt() + 2);
            smallest = below(in, largest, in.readVarInt());
            ack.add(smallest, largest);
        }
        ack.ecn = ecn;
        ack.ect0 = ecn ? in.readVarInt() : 0;
        ack.ect1 = ecn ? in.readVarInt() : 0;
        ack.ce = ecn ? in.readVarInt() : 0;
        sink.onAck(ack);
    }

    private static long below(ByteReader in, long packetNumber, long distance) {
        if (distance > packetNumber) {
            // RFC 9000 §19.3.1
            throw in.malformed("ACK range below packet number 0");
        }
        return packetNumber - distance;
    }

    static AckFrame of(AckBlock ack) {
        List<Range> ranges = new ArrayList<>(ack.ranges);
        for (int i = 0; i < ack.ranges; i++) {
            ranges.add(new Range(ack.smallestOf[i], ack.largestOf[i]));
        }
        return new AckFrame(ack.ackDelay, ranges, ack.ecn ? new EcnCounts(ack.ect0, ack.ect1, ack.ce) : null);
    }

    public long largest() {
        return ranges.getFirst().largest();
    }

    @Override
    public int type() {
        return ecn == null ? FrameType.ACK : FrameType.ACK_ECN;
    }

    @Override
    public int encodedSize() {
        Range first = ranges.getFirst();
        int size = headSize(first.largest, ackDelay, ranges.size() - 1, first.largest - first.smallest);
        for (int i = 1; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            size += rangeSize(ranges.get(i - 1).smallest - range.largest - 2, range.largest - range.smallest);
        }
        return ecn == null ? size : size + ecnSize(ecn.ect0, ecn.ect1, ecn.ce);
    }

    @Override
    public void encode(ByteWriter out) {
        Range first = ranges.getFirst();
        writeHead(out, ecn != null, first.largest, ackDelay, ranges.size() - 1, first.largest - first.smallest);
        for (int i = 1; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            writeRange(out, ranges.get(i - 1).smallest - range.largest - 2, range.largest - range.smallest);
        }
        if (ecn != null) {
            writeEcn(out, ecn.ect0, ecn.ect1, ecn.ce);
        }
    }
}
