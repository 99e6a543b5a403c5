package io.stoq.transport.driver;

import io.stoq.StoqException;
import io.stoq.buffer.PooledBuffer;
import io.stoq.stream.SendChunk;
import io.stoq.stream.Stream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of a stream between its writers and the engine: a list of chunks, bounded by what the peer has not acknowledged.
 *
 * <p>Writers take turns by a lock; the loop never takes it. The loop takes chunks from the list's front, and what it
 * releases makes room.
 */
final class StreamOutput implements OutputChunk.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(StreamOutput.class);

    private final LoopStream stream;
    private final LoopBuffers buffers;
    private final OutputRoom room;
    private final SendMemory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicReference<StreamEnd> end = new AtomicReference<>();

    // Writers, under the lock
    private OutputChunk last = OutputChunk.taken();
    private boolean finished;

    /** The last write was cut short by its deadline or an interruption: what is there must not pass for the whole. */
    private volatile boolean cutShort;

    // Loop
    private OutputChunk taken = last;
    private boolean finishTold;

    /** Null until somebody waits by a future. */
    private OutputPromises promises;

    // Written by one side, read by the other
    private volatile boolean finishWanted;

    StreamOutput(LoopStream stream, LoopBuffers buffers, long capacityBytes) {
        this.stream = stream;
        this.buffers = buffers;
        this.memory = stream.connection().sendMemory();
        this.room = new OutputRoom(capacityBytes, memory::isFull, this::isEnded);
    }

    // ---- writers

    void write(ByteBuffer source, Deadline deadline) throws StoqException {
        int before = source.position();
        cutShort = true;
        lockOrInterrupt(deadline);
        try {
            check();
            while (source.hasRemaining()) {
                int length = awaitRoom(source.remaining(), source.position() - before, deadline);
                append(source, length);
                stream.onWritten(length);
            }
            cutShort = false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes all or nothing; anything goes where nothing is in flight, so that no size is refused for ever. */
    boolean tryWrite(ByteBuffer source) throws StoqException {
        int length = source.remaining();
        if (!lock.tryLock()) {
            room.wantWritable();
            return false;
        }
        try {
            check();
            if (!room.admits(length)) {
                stream.flush();
                return false;
            }
            while (source.hasRemaining()) {
                append(source, source.remaining());
            }
            cutShort = false;
        } finally {
            lock.unlock();
        }
        stream.onWritten(length);
        return true;
    }

    /** Waits for some room, not for all: the bound may be exceeded by one piece. */
    void writeReferenced(byte[] array, int at, int length, Runnable onReleased) throws StoqException {
        cutShort = true;
        lockOrInterrupt(Deadline.NEVER);
        try {
            awaitRoom(Math.max(1, length), 0, Deadline.NEVER);
            cutShort = false;
            link(OutputChunk.referenced(this, array, at, length, onReleased), length);
        } finally {
            lock.unlock();
        }
        stream.onWritten(length);
    }

    boolean tryWriteReferenced(byte[] array, int at, int length, Runnable onReleased) throws StoqException {
        if (!lock.tryLock()) {
            room.wantWritable();
            return false;
        }
        try {
            check();
            if (!room.admits(length)) {
                stream.flush();
                return false;
            }
            link(OutputChunk.referenced(this, array, at, length, onReleased), length);
        } finally {
            lock.unlock();
        }
        stream.onWritten(length);
        return true;
    }

    /** On a loop it does not wait for a thread that writes, as that one may be waiting for the loop. */
    void finish(boolean onLoop) throws StoqException {
        if (!onLoop) {
            lockOrInterrupt(Deadline.NEVER);
        } else if (!lock.tryLock()) {
            throw new IllegalStateException("stream " + stream.id()
                    + " cannot be finished on the event loop while a thread is in the middle of a write");
        }
        try {
            finishLocked();
        } finally {
            lock.unlock();
        }
    }

    /** Finishes, or gives the direction up where a thread is in the middle of a write, or the last one was cut short. */
    void close() {
        if (!lock.tryLock()) {
            stream.reset(0);
            return;
        }
        try {
            if (cutShort && !finished) {
                stream.reset(0);
            } else {
                finishLocked();
            }
        } catch (StoqException e) {
            // It is over already, which is what was wanted.
        } finally {
            lock.unlock();
        }
    }

    private void finishLocked() throws StoqException {
        // A peer that stopped it, as one does that answers before it has read the end, waits for no end.
        if (!finished && !(end.get() instanceof StreamEnd.ByPeer)) {
            check();
            finished = true;
            finishWanted = true;
            stream.wakeLoop();
        }
    }

    /** What was written so far must not pass for the whole. Any thread. */
    void cutShort() {
        cutShort = true;
    }

    /** Has something run on the loop when there may be room again, or never will. Any thread. */
    void whenWritable(Runnable action) {
        stream.writable().thenRun(action);
    }

    /** The end that this side or the peer makes of it; writers hear of it. Any thread. */
    void end(StreamEnd why) {
        if (end.compareAndSet(null, why)) {
            room.wake();
        }
    }

    boolean isEnded() {
        return end.get() != null;
    }

    /** Why it ended, or null. */
    StreamEnd end() {
        return end.get();
    }

    private void check() throws StoqException {
        StreamEnd ended = end.get();
        if (ended != null) {
            throw ended.toWriter(stream);
        }
        if (finished) {
            throw new StoqException.Closed(
                    "stream " + stream.id() + " was finished by this side; nothing can be written" + " behind its end");
        }
        stream.connection().checkOpen();
    }

    /** Waits for room; returns how many of the wanted bytes may be written now, at least one. */
    private int awaitRoom(int wanted, int bytesBefore, Deadline deadline) throws StoqException {
        check();
        while (room.free() <= 0) {
            if (deadline.leftNs() <= 0) {
                throw stream.timeout("after " + bytesBefore + " bytes there was no room to write more");
            }
            stream.flush();
            try {
                // Not for a few bytes only, so that a writer is not woken for every chunk.
                room.awaitSome(wanted, deadline);
            } catch (InterruptedException e) {
                throw stream.interrupted(bytesBefore);
            }
            check();
        }
        return (int) Math.min(room.free(), wanted);
    }

    private void append(ByteBuffer source, int limit) {
        int length = last.append(source, limit);
        room.onWritten(length);
        if (length < limit && source.hasRemaining()) {
            // The more is under way, the larger the pieces: a message now and then takes little memory.
            OutputChunk chunk = OutputChunk.pooled(this, buffers.take(Math.max(limit - length, room.taken())));
            int more = chunk.append(source, limit - length);
            link(chunk, more);
        }
    }

    private void link(OutputChunk chunk, int length) {
        room.onWritten(length);
        memory.onTaken(chunk.keptBytes());
        last.next = chunk;
        last = chunk;
    }

    private void lockOrInterrupt(Deadline deadline) throws StoqException {
        try {
            if (!deadline.tryLock(lock)) {
                throw stream.timeout("another thread went on writing");
            }
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
                engine.write(new SendChunk(chunk.array(), chunk.offset(), chunk.length(), chunk.keptBytes(), chunk));
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

    @Override
    public void onReleased(int length, PooledBuffer buffer, Runnable application) {
        room.onReleased(length);
        if (memory.onReleased(buffer == null ? length : buffer.array().length)) {
            stream.connection().onSendMemoryEased();
        }
        if (buffer != null) {
            buffers.release(buffer);
        }
        if (application != null) {
            try {
                application.run();
            } catch (Throwable failure) { // an application's mistake must not become the engine's
                try (LogContext _ = LogContext.of(stream.connection())) {
                    LOG.warn("stream {}: onReleased threw", stream.id(), failure);
                }
            }
        }
        stream.signalLater();
    }

    /** Wakes whoever waits for what was released. */
    void signal() {
        room.signal();
        settlePromises();
    }

    OutputPromises promises() {
        if (promises == null) {
            promises = new OutputPromises(stream, this);
        }
        return promises;
    }

    void settlePromises() {
        if (promises != null) {
            promises.settle();
        }
    }

    /** Whether no writer was sent away, or the last one can come back. */
    boolean isWritable() {
        return room.isWritable();
    }

    /** Whether a writer that was sent away can come back; true once for each time. */
    boolean pollWritable() {
        return room.pollWritable();
    }
}
