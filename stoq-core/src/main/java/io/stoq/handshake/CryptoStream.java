package io.stoq.handshake;

import io.stoq.buffer.ByteWriter;
import io.stoq.buffer.RangeSet;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.CryptoFrame;
import io.stoq.wire.frame.FrameType;
import java.util.Arrays;

/**
 * The CRYPTO bytes of one encryption level, in both directions. Confined to the connection's loop. RFC 9000 §7.5,
 * §19.6.
 *
 * <p>Received bytes are kept in small blocks that are allocated when a byte falls into them: memory follows what was
 * received, not the offsets that a peer names.
 */
public final class CryptoStream {

    /** How far beyond the bytes read a peer may send. RFC 9000 §7.5 asks for 4,096 or more. */
    public static final int MAX_BUFFERED_BYTES = 64 * 1024;

    /**
     * Most separate runs of received bytes; with a block at either end of each this bounds memory for scattered bytes.
     */
    static final int MAX_RANGES = 32;

    static final int BLOCK_BYTES = 256;

    // One block more than the window, since the window need not start at a block's edge; rounded up to a power of two.
    private static final int BLOCKS = 2 * MAX_BUFFERED_BYTES / BLOCK_BYTES;

    private static final int REFERENCE_BYTES = 4;
    private static final int ARRAY_HEADER_BYTES = 16;

    private static final byte[] NO_BYTES = {};

    private byte[][] blocks;
    private int usedBlocks;
    private final RangeSet received = new RangeSet();
    private long readOffset;

    private byte[] outgoing = NO_BYTES;
    private long outgoingFrom;
    private long outgoingTo;
    private final RangeSet pending = new RangeSet();
    private final RangeSet acknowledged = new RangeSet();

    private boolean discarded;

    /** CRYPTO frame: keeps what was not read yet. CRYPTO_BUFFER_EXCEEDED where it reaches beyond the bounds. */
    public void onCrypto(long offset, byte[] data, int at, int length) {
        long end = offset + length;
        if (discarded || end <= readOffset || length == 0) {
            return;
        }
        if (end > readOffset + MAX_BUFFERED_BYTES) {
            throw exceeded("CRYPTO data beyond the buffer");
        }
        long start = Math.max(offset, readOffset);
        received.add(start, end);
        if (received.size() > MAX_RANGES) {
            throw exceeded("CRYPTO data in too many pieces");
        }
        copyIn(start, data, at + (int) (start - offset), (int) (end - start));
    }

    /** Whether {@link #pollReadable()} has bytes to give. */
    public boolean hasReadable() {
        return !received.isEmpty() && received.from(0) == readOffset;
    }

    /** The next bytes in order, or null when there are none. The array is the caller's. */
    public byte[] pollReadable() {
        if (!hasReadable()) {
            return null;
        }
        byte[] bytes = new byte[(int) (received.to(0) - readOffset)];
        copyOut(bytes);
        received.removeFirst();
        readOffset += bytes.length;
        if (received.isEmpty()) {
            blocks = null; // nothing may follow for long
        }
        return bytes;
    }

    /**
     * Whether bytes were received that nobody read, behind a gap or not polled yet. When the keys of the next level
     * become available this must not be so. RFC 9001 §4.1.3.
     */
    public boolean hasUnreadGap() {
        return !received.isEmpty();
    }

    /** Appends bytes to be sent; copies them. */
    public void write(byte[] bytes) {
        if (discarded || bytes.length == 0) {
            return;
        }
        int length = (int) (outgoingTo - outgoingFrom);
        outgoing = Arrays.copyOf(outgoing, length + bytes.length);
        System.arraycopy(bytes, 0, outgoing, length, bytes.length);
        pending.add(outgoingTo, outgoingTo + bytes.length);
        outgoingTo += bytes.length;
    }

    /** Whether bytes are to be sent, for the first time or again. */
    public boolean wantsToSend() {
        return !pending.isEmpty();
    }

    /** Writes CRYPTO frames, lowest offset first, until nothing is left or nothing fits. */
    public void writeFrames(ByteWriter out, SentPackets log) {
        while (!pending.isEmpty()) {
            long offset = pending.from(0);
            int length = (int) Math.min(pending.to(0) - offset, out.remaining());
            length = Math.min(length, out.remaining() - CryptoFrame.overhead(offset, length));
            if (length <= 0) {
                return;
            }
            CryptoFrame.writeHeader(out, offset, length);
            out.putBytes(outgoing, (int) (offset - outgoingFrom), length);
            log.addFrame(SentFrame.CRYPTO, offset, 0, length);
            pending.remove(offset, offset + length);
        }
    }

    public void onFrameAcked(long offset, int length) {
        acknowledged.add(offset, offset + length);
        pending.remove(offset, offset + length);
        if (acknowledged.containsAll(outgoingFrom, outgoingTo)) {
            outgoing = NO_BYTES;
            outgoingFrom = outgoingTo;
        }
    }

    /** Puts the bytes back in the queue, except those that were acknowledged. */
    public void onFrameLost(long offset, int length) {
        if (discarded) {
            return;
        }
        pending.add(offset, offset + length);
        for (int i = 0; i < acknowledged.size(); i++) {
            pending.remove(acknowledged.from(i), acknowledged.to(i));
        }
    }

    /** The level's keys are gone: nothing is received or sent any more. RFC 9001 §4.9. */
    public void discard() {
        discarded = true;
        blocks = null;
        usedBlocks = 0;
        received.release();
        outgoing = NO_BYTES;
        outgoingFrom = outgoingTo;
        pending.release();
        acknowledged.release();
    }

    /** Memory of the blocks in use. */
    int receivedBytes() {
        return usedBlocks * BLOCK_BYTES;
    }

    /** Memory held for received bytes, and for those to be sent. */
    public int heldBytes() {
        int received = blocks == null ? 0 : BLOCKS * REFERENCE_BYTES + usedBlocks * (BLOCK_BYTES + ARRAY_HEADER_BYTES);
        return received + outgoing.length;
    }

    private void copyIn(long offset, byte[] data, int at, int length) {
        if (blocks == null) {
            blocks = new byte[BLOCKS][];
        }
        while (length > 0) {
            int index = blockIndex(offset);
            int inBlock = (int) (offset % BLOCK_BYTES);
            int n = Math.min(length, BLOCK_BYTES - inBlock);
            if (blocks[index] == null) {
                blocks[index] = new byte[BLOCK_BYTES];
                usedBlocks++;
            }
            System.arraycopy(data, at, blocks[index], inBlock, n);
            offset += n;
            at += n;
            length -= n;
        }
    }

    private void copyOut(byte[] target) {
        int at = 0;
        while (at < target.length) {
            long offset = readOffset + at;
            int index = blockIndex(offset);
            int inBlock = (int) (offset % BLOCK_BYTES);
            int n = Math.min(target.length - at, BLOCK_BYTES - inBlock);
            System.arraycopy(blocks[index], inBlock, target, at, n);
            if (inBlock + n == BLOCK_BYTES) {
                blocks[index] = null; // read to its end
                usedBlocks--;
            }
            at += n;
        }
    }

    private static int blockIndex(long offset) {
        return (int) (offset / BLOCK_BYTES % BLOCKS);
    }

    private static TransportException exceeded(String reason) {
        return new TransportException(TransportErrorCode.CRYPTO_BUFFER_EXCEEDED, FrameType.CRYPTO, reason);
    }
}
