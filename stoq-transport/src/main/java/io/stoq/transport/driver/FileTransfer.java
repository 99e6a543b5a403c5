package io.stoq.transport.driver;

import io.stoq.StoqException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes a region of a file to a stream, piece by piece as there is room. Files are read by a virtual thread of its own, which
 * nobody interrupts, as that would close the file.
 */
final class FileTransfer {

    private static final int PIECE_BYTES = 64 << 10;

    private final LoopStream stream;
    private final StreamOutput output;
    private final FileChannel file;
    private final long position;
    private final long count;
    private final ByteBuffer piece;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** Held while a piece is written: behind it, whoever gave the transfer up knows how far it came. */
    private final ReentrantLock lock = new ReentrantLock();

    private long written;

    FileTransfer(LoopStream stream, StreamOutput output, FileChannel file, long position, long count) {
        if (position < 0 || count < 0) {
            throw new IllegalArgumentException(
                    "a region of " + count + " bytes at " + position + "; neither can be negative");
        }
        this.stream = stream;
        this.output = output;
        this.file = file;
        this.position = position;
        this.count = count;
        this.piece = ByteBuffer.allocate((int) Math.min(count, PIECE_BYTES)).limit(0);
    }

    /** Fails with what the file or the stream fails with; cancelling it ends it between two pieces. */
    CompletableFuture<Void> start() {
        Thread.startVirtualThread(() -> run(true));
        return done;
    }

    /** Waits for it; an interruption gives it up. */
    void await() throws IOException {
        try {
            start().get();
        } catch (InterruptedException e) {
            done.cancel(false);
            output.cutShort();
            Thread.currentThread().interrupt();
            throw stream.interrupted(written());
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    /** Anew where that is possible, so that the trace shows who waited. */
    private static IOException rethrown(Throwable cause) {
        return switch (cause) {
            case StoqException.ConnectionClosed closed -> new StoqException.ConnectionClosed(closed.reason());
            case IOException typed -> typed;
            case RuntimeException own -> throw own;
            case Error own -> throw own;
            default -> new StoqException(cause.getMessage(), cause);
        };
    }

    /** Bytes that were taken in all; after {@link #start}'s future is done nothing is added. */
    long written() {
        lock.lock();
        try {
            return written;
        } finally {
            lock.unlock();
        }
    }

    private void run(boolean first) {
        try {
            if (first) {
                requireRegion();
            }
            while (piece.hasRemaining() || fill()) {
                if (!write()) {
                    output.whenWritable(() -> Thread.startVirtualThread(() -> run(false)));
                    return;
                }
            }
            done.complete(null);
        } catch (Throwable failure) { // belongs to whoever waits for the transfer
            output.cutShort();
            done.completeExceptionally(failure);
        }
    }

    private void requireRegion() throws IOException {
        long size = file.size();
        if (count > size - position) {
            throw tooShort("the file has " + size + " bytes");
        }
    }

    /** Reads the next piece; false where there is none. */
    private boolean fill() throws IOException {
        long left = count - written;
        if (left == 0 || done.isDone()) {
            return false;
        }
        piece.clear().limit((int) Math.min(left, piece.capacity()));
        while (piece.hasRemaining()) {
            if (file.read(piece, position + written + piece.position()) < 0) {
                throw tooShort("the file became shorter");
            }
        }
        piece.flip();
        return true;
    }

    /** Returns false where there is no room. */
    private boolean write() throws StoqException {
        lock.lock();
        try {
            if (done.isDone()) {
                // Given up: nothing of this piece is written, and no other follows.
                output.cutShort();
                piece.limit(piece.position());
                return true;
            }
            int length = piece.remaining();
            boolean taken = output.tryWrite(piece);
            written += taken ? length : 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private StoqException.FileTooShort tooShort(String why) {
        return new StoqException.FileTooShort(
                "stream " + stream.id() + ": " + why + ", which is less than " + count + " bytes at " + position,
                written);
    }
}
