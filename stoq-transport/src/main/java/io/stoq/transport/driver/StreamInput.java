package io.stoq.transport.driver;

import io.stoq.StoqException;
import io.stoq.buffer.PooledBuffer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes of a stream between the engine and its readers: a list of segments that the loop fills and a reader empties,
 * without a lock between the two. Readers take turns by a lock of their own.
 *
 * <p>What does not fit stays in the engine, and so the peer gets no new credit, until the reader has made room.
 *
 * <p>A segment goes back to the pool when all in it was read. Where the direction is over before that, the loop takes the
 * buffers from the segments and leaves their memory, which no lock protects from a reader, to that reader alone.
 *
 * <p>Segments are charged to the connection until they are read, or thrown away.
 */
final class StreamInput {

    /** Bytes, and the buffer that they lie in as long as it is to be given back; whoever takes it out does so. */
    private static final class Segment extends AtomicReference<PooledBuffer> {

        private static final long serialVersionUID = 1;

        final byte[] bytes;

        /** Written before the bytes in it are published. */
        Segment next;

        private final AtomicBoolean charged = new AtomicBoolean(true);

        Segment(PooledBuffer buffer) {
            super(buffer);
            this.bytes = buffer.array();
        }

        int heldBytes() {
            return bytes.length + UnreadMemory.PIECE_BYTES;
        }

        /** Whether it is the caller who has to see to it that it is not charged any more. */
        boolean uncharge() {
            return charged.get() && charged.compareAndSet(true, false);
        }
    }

    private final LoopStream stream;
    private final LoopBuffers buffers;
    private final UnreadMemory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicReference<StreamEnd> end = new AtomicReference<>();

    // Loop; the oldest is the first that may have its buffer still
    private Segment oldest;
    private Segment oldestCharged;
    private Segment last;
    private int lastFilled;

    // Reader, under the lock
    private Segment first;
    private int firstRead;

    // Written by one side, read by the other; volatile, since each side writes its own and then looks at the other's
    private volatile Segment head;
    private volatile long limit;
    private volatile long received;
    private volatile long consumed;
    private volatile boolean paused;
    private volatile Thread waiter;

    /** @param limitBytes most bytes to hold */
    StreamInput(LoopStream stream, LoopBuffers buffers, long limitBytes) {
        this.stream = stream;
        this.buffers = buffers;
        this.memory = stream.connection().unreadMemory();
        this.limit = limitBytes;
    }

    // ---- loop

    /** Copies what fits; returns how many bytes were taken. */
    int onData(byte[] data, int at, int length) {
        if (end.get() != null) {
            return length;
        }
        int taken = copy(data, at, length);
        if (taken < length) {
            paused = true;
            // The reader may have made room before it could see that more waits.
            if (hasHalfFree()) {
                paused = false;
                taken += copy(data, at + taken, length - taken);
                paused = taken < length;
            }
        }
        return taken;
    }

    private int copy(byte[] data, int at, int length) {
        int taken = (int) Math.min(length, limit - (received - consumed));
        int from = at;
        int to = at + taken;
        while (from < to) {
            if (last == null || lastFilled == last.bytes.length) {
                extend(to - from);
            }
            int piece = Math.min(to - from, last.bytes.length - lastFilled);
            System.arraycopy(data, from, last.bytes, lastFilled, piece);
            lastFilled += piece;
            from += piece;
        }
        received += taken;
        return taken;
    }

    private void extend(int bytes) {
        // The more a stream has carried, the larger the pieces: small streams stay small.
        long wanted = memory.segmentBytes(bytes, received, stream.connection().openStreams());
        Segment segment = new Segment(buffers.pool().take(wanted));
        memory.charge(segment.heldBytes());
        if (last == null) {
            head = segment;
            oldest = segment;
            oldestCharged = segment;
        } else {
            last.next = segment;
        }
        last = segment;
        lastFilled = 0;
        forgetReleased();
    }

    private void forgetReleased() {
        while (oldest != null && oldest.get() == null) {
            oldest = oldest.next;
        }
        while (oldestCharged != null && !oldestCharged.charged.get()) {
            oldestCharged = oldestCharged.next;
        }
    }

    /** Whether something in it is to be given back. */
    boolean holdsBuffers() {
        forgetReleased();
        return oldest != null;
    }

    /** The last byte has come, perhaps after the reader had taken all others. */
    void onFinished() {
        end(new StreamEnd.Finished());
        if (last != null && received == consumed) {
            free(last);
        }
    }

    /** Everything was read: the room for what may come is given back. The reader goes on with what the head is then. */
    void reclaimRoom() {
        if (last != null && received == consumed) {
            free(last);
            last = null;
            oldest = null;
            oldestCharged = null;
        }
    }

    /** What may be read still, in bytes. */
    long unreadBytes() {
        return received - consumed;
    }

    /** The segments from the first that may be charged on, to give up where nobody can read them any more. */
    Runnable giveUp() {
        Segment from = oldestCharged;
        UnreadMemory charged = memory;
        return () -> uncharge(from, charged);
    }

    private static void uncharge(Segment from, UnreadMemory charged) {
        for (Segment segment = from; segment != null; segment = segment.next) {
            if (segment.uncharge()) {
                charged.release(segment.heldBytes());
            }
        }
    }

    /** Nobody will read what is left: the direction was given up before its end. */
    void discard() {
        uncharge(oldestCharged, memory);
        oldestCharged = null;
        abandonBuffers();
        // A reader in the middle of it keeps what it has for so long.
        if (lock.tryLock()) {
            try {
                forgetAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Under the lock. */
    private void forgetAll() {
        first = null;
        head = null;
        firstRead = 0;
        consumed = received;
    }

    /** Nothing comes any more, and nobody waits for the reader: what it has not read is its own from now on. */
    void abandonBuffers() {
        for (; oldest != null; oldest = oldest.next) {
            PooledBuffer buffer = oldest.getAndSet(null);
            if (buffer != null) {
                buffers.pool().forfeit(buffer);
            }
        }
    }

    /** From now on it may hold so many bytes. */
    void limit(long bytes) {
        limit = bytes;
    }

    /** Whether bytes wait in the engine that there is room for. */
    boolean isResumable() {
        return paused && hasHalfFree();
    }

    /** The engine is about to be asked for what waits there. */
    void onResume() {
        paused = false;
    }

    /** Wakes the reader for what came since. */
    void signal() {
        Thread thread = waiter;
        if (thread != null && (received != consumed || end.get() != null)) {
            LockSupport.unpark(thread);
        }
    }

    // ---- any thread

    /** What ended the direction; bytes that came before can still be read unless it was reset or stopped. */
    void end(StreamEnd why) {
        if (end.compareAndSet(null, why)) {
            LockSupport.unpark(waiter);
        }
    }

    /** Whether nothing more will come and nothing is left to read. */
    boolean isExhausted() {
        StreamEnd ended = end.get();
        return ended != null && (!(ended instanceof StreamEnd.Finished) || received == consumed);
    }

    /** Why it ended, or null. */
    StreamEnd end() {
        return end.get();
    }

    int available() {
        return (int) Math.min(Integer.MAX_VALUE, received - consumed);
    }

    // ---- reader

    /** Reads at least one byte, or returns -1 at the end. */
    int read(ByteBuffer target, Deadline deadline) throws StoqException {
        lockOrInterrupt(deadline);
        try {
            if (!target.hasRemaining()) {
                return 0;
            }
            // In this order: whoever sees the end sees all bytes before it.
            StreamEnd ended = end.get();
            long available = received - consumed;
            if (available == 0 && ended == null) {
                await(deadline);
                ended = end.get();
                available = received - consumed;
            }
            if (ended != null && (available == 0 || discards(ended))) {
                if (ended instanceof StreamEnd.Finished) {
                    return -1;
                }
                if (discards(ended)) {
                    forgetAll();
                }
                throw ended.toReader(stream);
            }
            return copyTo(target, available);
        } finally {
            lock.unlock();
        }
    }

    /** Lends what can be read without a copy: up to the end of the first segment; null where there is nothing. */
    ByteBuffer peek() {
        long available = received - consumed;
        if (available == 0) {
            return null;
        }
        advance();
        int length = (int) Math.min(available, first.bytes.length - firstRead);
        return ByteBuffer.wrap(first.bytes, firstRead, length);
    }

    /** What {@link #peek()} lent was used up to here. */
    void skip(int bytes) {
        firstRead += bytes;
        onConsumed(bytes);
    }

    private static boolean discards(StreamEnd ended) {
        return !(ended instanceof StreamEnd.Finished || ended instanceof StreamEnd.WithConnection);
    }

    private void await(Deadline deadline) throws StoqException {
        waiter = Thread.currentThread();
        try {
            while (received == consumed && end.get() == null) {
                if (Thread.currentThread().isInterrupted()) {
                    throw stream.interrupted(0);
                }
                if (!deadline.park(this)) {
                    throw stream.timeout("nothing came to be read");
                }
            }
        } finally {
            waiter = null;
        }
    }

    private int copyTo(ByteBuffer target, long available) {
        int left = (int) Math.min(available, target.remaining());
        int copied = left;
        while (left > 0) {
            advance();
            int piece = Math.min(left, first.bytes.length - firstRead);
            target.put(first.bytes, firstRead, piece);
            firstRead += piece;
            left -= piece;
        }
        onConsumed(copied);
        return copied;
    }

    /** Goes to the segment that the next byte is in, which is there. */
    private void advance() {
        Segment fresh = head;
        if (fresh != null) {
            first = fresh;
            firstRead = 0;
            head = null;
        } else if (firstRead == first.bytes.length) {
            Segment done = first;
            first = done.next;
            firstRead = 0;
            free(done);
        }
    }

    private void onConsumed(int bytes) {
        consumed += bytes;
        if (isResumable()) {
            stream.resume();
        } else if (end.get() instanceof StreamEnd.Finished && received == consumed) {
            // Behind the end, the loop fills nothing more.
            free(first);
        } else if (received == consumed) {
            memory.emptied();
        }
    }

    private void free(Segment segment) {
        if (segment.uncharge()) {
            memory.freed(segment.heldBytes());
        }
        PooledBuffer buffer = segment.getAndSet(null);
        if (buffer != null) {
            buffers.release(buffer);
        }
    }

    private boolean hasHalfFree() {
        return received - consumed <= limit / 2;
    }

    private void lockOrInterrupt(Deadline deadline) throws StoqException {
        try {
            if (!deadline.tryLock(lock)) {
                throw stream.timeout("another thread went on reading");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stream.interrupted(0);
        }
    }
}
