package io.stoq.stream;

import io.stoq.buffer.ByteWriter;
import io.stoq.buffer.ReferredBytes;

/** The chunks of a stream that are not acknowledged yet, as a list. Confined to the connection's loop. */
final class SendBuffer {

    private final Stream stream;
    private SendChunk head;
    private SendChunk tail;
    private long headStart;
    private long end;
    private long heldBytes;

    /** The next byte that was never sent; null when all were. */
    private SendChunk fresh;

    private int freshAt;

    /** Where the last repair was read, to find the next one without a walk from the head; null: unknown. */
    private SendChunk repair;

    private long repairStart;

    SendBuffer(Stream stream) {
        this.stream = stream;
    }

    /** Bytes written in all: the offset behind the last byte. */
    long end() {
        return end;
    }

    /** Memory of the chunks, in bytes. */
    long heldBytes() {
        return heldBytes;
    }

    void append(SendChunk chunk) {
        chunk.own();
        if (chunk.length == 0) {
            stream.release(chunk);
            return;
        }
        heldBytes += chunk.heldBytes;
        stream.memory().chargeSent(chunk.heldBytes);
        if (tail == null) {
            head = chunk;
        } else {
            tail.next = chunk;
        }
        tail = chunk;
        if (fresh == null) {
            fresh = chunk;
            freshAt = 0;
        }
        end += chunk.length;
    }

    /** Puts the next {@code length} bytes that were never sent, or refers to them; at least one, and there are that many. */
    void putFresh(ByteWriter out, int length) {
        boolean refer = out.takesReferences(length) && isInFewPieces(length);
        int left = length;
        while (left > 0) {
            int piece = Math.min(left, fresh.length - freshAt);
            if (refer) {
                out.refer(fresh.memory, fresh.offset + freshAt, piece);
            } else {
                out.putBytes(fresh.array, fresh.offset + freshAt, piece);
            }
            freshAt += piece;
            left -= piece;
            if (freshAt == fresh.length) {
                fresh = fresh.next;
                freshAt = 0;
            }
        }
    }

    /** Whether the next {@code length} bytes lie in a few chunks that can be referred to. */
    private boolean isInFewPieces(int length) {
        int left = length + freshAt;
        SendChunk chunk = fresh;
        for (int pieces = 0; pieces < ReferredBytes.MAX_PIECES && chunk.memory != null; pieces++) {
            left -= chunk.length;
            if (left <= 0) {
                return true;
            }
            chunk = chunk.next;
        }
        return false;
    }

    /** Copies bytes that were sent before and are not acknowledged. */
    void copyAgain(ByteWriter out, long offset, int length) {
        if (repair == null || offset < repairStart) {
            repair = head;
            repairStart = headStart;
        }
        long from = offset;
        long to = offset + length;
        while (from < to) {
            while (from >= repairStart + repair.length) {
                repairStart += repair.length;
                repair = repair.next;
            }
            int at = (int) (from - repairStart);
            int piece = (int) Math.min(to - from, repair.length - at);
            out.putBytes(repair.array, repair.offset + at, piece);
            from += piece;
        }
    }

    /** Gives the chunks back that end at or below {@code acknowledged}. */
    void release(long acknowledged) {
        while (head != null && headStart + head.length <= acknowledged) {
            SendChunk done = head;
            headStart += done.length;
            head = done.next;
            if (head == null) {
                tail = null;
            }
            if (repair == done) {
                repair = null;
            }
            giveBack(done);
        }
    }

    /** Gives all chunks back; nothing can be sent any more. */
    void releaseAll() {
        SendChunk chunk = head;
        head = null;
        tail = null;
        fresh = null;
        repair = null;
        while (chunk != null) {
            SendChunk next = chunk.next;
            giveBack(chunk);
            chunk = next;
        }
    }

    private void giveBack(SendChunk chunk) {
        heldBytes -= chunk.heldBytes;
        stream.memory().releaseSent(chunk.heldBytes);
        stream.release(chunk);
    }
}
