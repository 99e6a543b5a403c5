package io.stoq.transport.io.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.stoq.buffer.Transmit;
import io.stoq.transport.io.SocketCounters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for one train and how far it is sent. Confined to one socket's loop.
 *
 * <p>Usually one send takes the whole train. Where the kernel refuses segmentation, the train goes segment by
 * segment; if segments pass then, it was segmentation that was refused: {@link #gsoRefused()}.
 */
public final class SendSlot {

    /** {@link #onResult}: the train is sent, or what is left of it was refused for good. */
    public static final int DONE = 0;

    /** {@link #onResult}: {@link #message()} holds the next piece; send again. */
    public static final int NEXT = 1;

    /** {@link #onResult}: the socket buffer is full; send again when the socket is writable. */
    public static final int BLOCKED = 2;

    private static final int DATA_BYTES = 65_536;
    private static final int PAGE_BYTES = 4096;

    private final MessageHeader header;
    private final Transmit transmit;
    private final SocketAddresses addresses;
    private final SocketCounters counters;
    private int sent;
    private int piece;
    private boolean segmentwise;
    private boolean gsoRefused;
    private boolean tooLong;

    SendSlot(Arena arena, int maxSegments, SocketAddresses addresses, SocketCounters counters) {
        header = new MessageHeader(arena);
        transmit = new Transmit(arena.allocate(DATA_BYTES, PAGE_BYTES), maxSegments);
        this.addresses = addresses;
        this.counters = counters;
    }

    /** What the owner of the socket fills. */
    public Transmit transmit() {
        return transmit;
    }

    /** The {@code struct msghdr} of the piece to send now. */
    public MemorySegment message() {
        return header.struct;
    }

    /**
     * Whether segments of the train passed one by one after the kernel had refused them together: the device or the
     * route has no segmentation. Known when {@link #onResult} gave {@link #DONE}.
     */
    public boolean gsoRefused() {
        return gsoRefused;
    }

    /** Whether datagrams of the train were refused because they are longer than the interface takes. */
    public boolean tooLong() {
        return tooLong;
    }

    /** From now on at most one segment a train. */
    public void disableGso() {
        transmit.maxSegments = 1;
    }

    /** Takes the filled transmit; {@link #message()} is its first piece afterwards. */
    public void begin() {
        sent = 0;
        gsoRefused = false;
        tooLong = false;
        segmentwise = transmit.segments() > transmit.maxSegments;
        addresses.writeRemote(transmit.remote, header.name);
        nextPiece();
    }

    /** @param result what the send of {@link #message()} returned: bytes, or an error number negated */
    public int onResult(int result) {
        if (result >= 0) {
            counters.sendCalls++;
            counters.bytesSent += piece;
            counters.datagramsSent += piece <= transmit.segmentSize ? 1 : transmit.segments();
            gsoRefused |= segmentwise && transmit.maxSegments > 1;
        } else if (result == -Errno.EAGAIN) {
            return BLOCKED;
        } else if (result == -Errno.EINTR) {
            return NEXT;
        } else if (piece > transmit.segmentSize && (result == -Errno.EIO || result == -Errno.EINVAL)) {
            // EIO: the device cannot checksum segments; EINVAL: several causes, so the segments have to tell.
            segmentwise = true;
            nextPiece();
            return NEXT;
        } else {
            counters.sendErrors++;
            tooLong |= result == -Errno.EMSGSIZE;
        }
        sent += piece;
        if (sent == transmit.length) {
            return DONE;
        }
        nextPiece();
        return NEXT;
    }

    private void nextPiece() {
        int left = transmit.length - sent;
        piece = segmentwise ? Math.min(left, transmit.segmentSize) : left;
        header.data(transmit.memory.address() + sent, piece);
        header.controlLength(writeControl());
    }

    private int writeControl() {
        MemorySegment control = header.control;
        int end = 0;
        if (transmit.ecn != 0) {
            int data = header.putControl(end, Linux.IPPROTO_IPV6, Linux.IPV6_TCLASS, Integer.BYTES);
            control.set(JAVA_INT, data, transmit.ecn);
            end = MessageHeader.aligned(data + Integer.BYTES);
        }
        if (piece > transmit.segmentSize) {
            int data = header.putControl(end, Linux.IPPROTO_UDP, Linux.UDP_SEGMENT, Short.BYTES);
            control.set(JAVA_SHORT, data, (short) transmit.segmentSize);
            end = MessageHeader.aligned(data + Short.BYTES);
        }
        if (transmit.local != null) {
            int data =
                    header.putControl(end, Linux.IPPROTO_IPV6, Linux.IPV6_PKTINFO, SocketAddresses.PACKET_INFO_BYTES);
            addresses.writeLocal(transmit.local, control, data);
            end = MessageHeader.aligned(data + SocketAddresses.PACKET_INFO_BYTES);
        }
        return end;
    }
}
