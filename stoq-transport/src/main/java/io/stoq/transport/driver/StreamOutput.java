package io.stoq.transport.driver;

import io.stoq.StoqException;
import io.stoq.buffer.PooledBuffer;
import io.stoq.stream.SendChunk;
import io.stoq.stream.Stream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of a stream between its writers and the engine: a list of chunks, bounded by what the peer has not acknowledged.
 *
 * <p>Writers take turns by a lock; the loop never takes it. The loop takes chunks from the list's front, and what it
 * releases makes room.
 */
final class StreamOutput {

    private static final Logger LOG = LoggerFactory.getLogger(StreamOutput.class);

    private final LoopStream stream;
    private final LoopBuffers buffers;
    private final long capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicReference<StreamEnd> end = new AtomicReference<>();

    // Writers, under the lock
    private OutputChunk last = OutputChunk.taken();
    private long written;
    private boolean finished;

    // Loop
    private OutputChunk taken = last;
    private boolean finishTold;

    // Written by one side, read by the other; volatile, since each side writes its own and then looks at the other's
    private volatile boolean finishWanted;
    private volatile boolean writableWanted;
    private volatile long writableAtReleased;
    private volatile long released;
    private volatile long delivered;
    private volatile long wakeAtReleased;
    private volatile Thread waiter;

    StreamOutput(LoopStream stream, LoopBuffers buffers, long capacityBytes) {
        this.stream = stream;
        this.buffers = buffers;
        this.capacity = capacityBytes;
    }

    // ---- writers

    void write(ByteBuffer source) throws StoqException {
        int before = source.position();
        lockOrInterrupt();
        try {
            check(true);
            while (source.hasRemaining()) {
                append(source, awaitRoom(source.remaining(), source.position() - before));
                stream.wakeLoop();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes all or nothing; anything goes where nothing is in flight, so that no size is refused for ever. */
    boolean tryWrite(ByteBuffer source) throws StoqException {
        if (!lock.tryLock()) {
            writableWanted = true;
            return false;
        }
        try {
            check(true);
            if (!hasRoom(source.remaining())) {
                return false;
            }
            while (source.hasRemaining()) {
                append(source, source.remaining());
            }
        } finally {
            lock.unlock();
        }
        stream.wakeLoop();
        return true;
    }

    /** Waits for some room, not for all: the bound may be exceeded by one piece. */
    void writeReferenced(byte[] array, int at, int length, Runnable onReleased) throws StoqException {
        lockOrInterrupt();
        try {
            awaitRoom(Math.max(1, length), 0);
            link(OutputChunk.referenced(this, array, at, length, onReleased), length);
        } finally {
            lock.unlock();
        }
        stream.wakeLoop();
    }

    boolean tryWriteReferenced(byte[] array, int at, int length, Runnable onReleased) throws StoqException {
        if (!lock.tryLock()) {
            writableWanted = true;
            return false;
        }
        try {
            check(true);
            if (!hasRoom(length)) {
                return false;
            }
            link(OutputChunk.referenced(this, array, at, length, onReleased), length);
        } finally {
            lock.unlock();
        }
        stream.wakeLoop();
        return true;
    }

    void finish() throws StoqException {
        lockOrInterrupt();
        try {
            finishLocked();
        } finally {
            lock.unlock();
        }
    }

    /** Finishes, or gives the direction up where a thread is in the middle of a write. */
    void close() {
        if (!lock.tryLock()) {
            stream.reset(0);
            return;
        }
        try {
            finishLocked();
        } catch (StoqException e) {
            // It is over already, which is what was wanted.
        } finally {
            lock.unlock();
        }
    }

    private void finishLocked() throws StoqException {
        if (!finished) {
            check(true);
            finished = true;
            finishWanted = true;
            stream.wakeLoop();
        }
    }

    void awaitDelivered(long timeoutNs) throws StoqException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        lockOrInterrupt();
        try {
            while (delivered < written) {
                check(false);
                if (System.nanoTime() - deadlineNs >= 0) {
                    throw new StoqException.Timeout("stream " + stream.id() + ": " + (written - delivered) + " of "
                            + written + " bytes were not acknowledged in time");
                }
                awaitReleased(written, true, deadlineNs, 0);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The end that this side or the peer makes of it; writers hear of it. Any thread. */
    void end(StreamEnd why) {
        if (end.compareAndSet(null, why)) {
            LockSupport.unpark(waiter);
        }
    }

    boolean isEnded() {
        return end.get() != null;
    }

    private void check(boolean toWrite) throws StoqException {
        StreamEnd ended = end.get();
        if (ended != null) {
            throw ended.toWriter(stream);
        }
        if (toWrite && finished) {
            throw new StoqException.Closed(
                    "stream " + stream.id() + " was finished by this side; nothing can be written" + " behind its end");
        }
        stream.connection().checkOpen();
    }

    private boolean hasRoom(int length) {
        if (room() >= length || written == released) {
            return true;
        }
        writableAtReleased = Math.min(written, written + length - capacity);
        writableWanted = true;
        // The loop may have made room before it could see the wish; then nobody would tell.
        return released >= writableAtReleased;
    }

    private long room() {
        return capacity - (written - released);
    }

    /** Waits for room; returns how many of the wanted bytes may be written now, at least one. */
    private int awaitRoom(int wanted, int bytesBefore) throws StoqException {
        check(true);
        if (room() <= 0) {
            // Half of the capacity at once, so that a writer is not woken for every chunk.
            awaitReleased(written + Math.min(wanted, capacity / 2) - capacity, false, 0, bytesBefore);
            check(true);
        }
        return (int) Math.min(room(), wanted);
    }

    /** Waits until so much is released, the direction has ended, or the time is up. */
    private void awaitReleased(long bytes, boolean timed, long deadlineNs, int bytesBefore) throws StoqException {
        wakeAtReleased = bytes;
        waiter = Thread.currentThread();
        try {
            while (released < bytes && end.get() == null) {
                long leftNs = timed ? deadlineNs - System.nanoTime() : 1;
                if (leftNs <= 0) {
                    return;
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw stream.interrupted(bytesBefore);
                }
                if (timed) {
                    LockSupport.parkNanos(this, leftNs);
                } else {
                    LockSupport.park(this);
                }
            }
        } finally {
            waiter = null;
        }
    }

    private void append(ByteBuffer source, int limit) {
        int length = last.append(source, limit);
        written += length;
        if (length < limit && source.hasRemaining()) {
            // The more a stream has carried, the larger the pieces: small streams stay small.
            OutputChunk chunk = OutputChunk.pooled(this, buffers.take(Math.max(limit - length, written)));
            int more = chunk.append(source, limit - length);
            link(chunk, more);
        }
    }

    private void link(OutputChunk chunk, int length) {
        written += length;
        last.next = chunk;
        last = chunk;
    }

    private void lockOrInterrupt() throws StoqException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stream.interrupted(0);
        }
    }

    // ---- loop

    /** Hands what was written to the engine. */
    void transfer(Stream engine) {
        boolean finish = finishWanted;
        OutputChunk chunk = taken.next;
        while (chunk != null && chunk.take()) {
            taken = chunk;
            if (engine.isSendOpen()) {
                engine.write(new SendChunk(chunk.array(), chunk.offset(), chunk.length(), chunk));
            } else {
                chunk.run();
            }
            chunk = chunk.next;
        }
        if (finish && chunk == null && !finishTold) {
            finishTold = true;
            engine.finish();
        }
    }

    /** Called by chunks, from inside the engine. */
    void onReleased(int length, PooledBuffer buffer, Runnable application) {
        delivered = stream.acknowledgedBytes();
        released += length;
        if (buffer != null) {
            buffers.release(buffer);
        }
        if (application != null) {
            try {
                application.run();
            } catch (Throwable failure) { // an application's mistake must not become the engine's
                LOG.warn("stream {}: onReleased threw", stream.id(), failure);
            }
        }
        stream.signalLater();
    }

    /** Wakes whoever waits for what was released. */
    void signal() {
        Thread thread = waiter;
        if (thread != null && (released >= wakeAtReleased || end.get() != null)) {
            LockSupport.unpark(thread);
        }
    }

    /** Whether a writer that was sent away can come back; true once for each time. */
    boolean pollWritable() {
        boolean due = writableWanted && released >= writableAtReleased && end.get() == null;
        if (due) {
            writableWanted = false;
        }
        return due;
    }
}
