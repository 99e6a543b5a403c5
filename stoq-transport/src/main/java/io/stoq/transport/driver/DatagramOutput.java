package io.stoq.transport.driver;

import io.stoq.StoqException;
import io.stoq.buffer.ByteWriter;
import io.stoq.buffer.PooledBuffer;
import io.stoq.datagram.DatagramChunk;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The datagrams of a connection between their senders and the engine: a list of chunks in which they lie as frames, bounded
 * by what is in no packet yet.
 *
 * <p>Senders take turns by a lock; the loop never waits for it. The loop takes chunks from the list's front, as many
 * datagrams at once as there are, and what it releases makes room.
 */
final class DatagramOutput extends LoopWork implements OutputChunk.Owner {

    /** Most bytes that wait, with some for each datagram's frame; more than a few trains of packets are of no use. */
    static final int CAPACITY_BYTES = 256 << 10;

    private final LoopConnection connection;
    private final LoopBuffers buffers;
    private final OutputRoom room;
    private final ReentrantLock lock = new ReentrantLock();

    // Senders, under the lock
    private OutputChunk last = OutputChunk.taken();
    private ByteWriter writer;

    /** Loop. */
    private OutputChunk taken = last;

    DatagramOutput(LoopConnection connection) {
        this.connection = connection;
        this.buffers = connection.driver().buffers();
        this.room = new OutputRoom(CAPACITY_BYTES, () -> false, () -> !connection.isOpen());
    }

    // ---- senders

    /** Takes the datagram, or says no under back-pressure. */
    boolean trySend(ByteBuffer datagram) throws StoqException {
        int frame = frameBytes(datagram);
        if (connection.driver().inLoop()) {
            if (!lock.tryLock()) {
                room.wantWritable();
                return false;
            }
        } else {
            lock.lock();
        }
        try {
            if (!room.admits(frame)) {
                connection.flush();
                return false;
            }
            append(datagram, frame);
        } finally {
            lock.unlock();
        }
        connection.batch().onWritten(this, frame);
        return true;
    }

    /** Takes the datagram, as soon as there is room. */
    void send(ByteBuffer datagram, Deadline deadline) throws StoqException {
        int frame;
        try {
            lock.lockInterruptibly();
            try {
                frame = frameBytes(datagram);
                while (!room.fits(frame)) {
                    if (deadline.leftNs() <= 0) {
                        throw new StoqException.Timeout("there was no room for one more datagram in time");
                    }
                    connection.flush();
                    room.awaitFree(frame, deadline);
                    frame = frameBytes(datagram);
                }
                append(datagram, frame);
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoqException.Interrupted("interrupted while waiting to send a datagram", 0);
        }
        connection.batch().onWritten(this, frame);
    }

    /** What the datagram takes here, if it can be sent at all. */
    private int frameBytes(ByteBuffer datagram) throws StoqException {
        connection.checkOpen();
        int length = datagram.remaining();
        int longest = connection.maxDatagramPayloadBytes();
        if (length > longest) {
            throw new StoqException.DatagramRefused(
                    longest == 0
                            ? "the peer takes no datagrams"
                            : "a datagram of " + length + " bytes; the longest that can be sent now is " + longest);
        }
        return DatagramChunk.frameBytes(length);
    }

    private void append(ByteBuffer datagram, int frame) {
        int filled = last.claim(frame);
        OutputChunk chunk = last;
        if (filled < 0) {
            // The more is under way, the larger the pieces: a datagram now and then takes little memory.
            PooledBuffer buffer = buffers.take(Math.max(frame, room.taken()));
            writer = new ByteWriter(buffer.array());
            chunk = OutputChunk.pooled(this, buffer);
            filled = chunk.claim(frame);
        }
        writer.reset(filled, writer.array.length);
        DatagramChunk.append(datagram, writer);
        chunk.publish(writer.position);
        room.onWritten(frame);
        if (chunk != last) {
            last.next = chunk;
            last = chunk;
        }
    }

    /** The connection has ended; senders hear of it. Any thread. */
    void end() {
        room.wake();
    }

    // ---- loop

    /** Hands what was sent to the engine. */
    @Override
    void run(long nowNs) {
        for (OutputChunk chunk = taken.next; chunk != null && chunk.take(); chunk = chunk.next) {
            taken = chunk;
            connection.sendOnLoop(new DatagramChunk(chunk.array(), chunk.offset(), chunk.length(), chunk));
        }
    }

    @Override
    public void onReleased(int length, PooledBuffer buffer, Runnable application) {
        room.onReleased(length);
        buffers.release(buffer);
        connection.driver().signalLater(this);
    }

    @Override
    void signal() {
        room.signal();
        if (room.pollWritable()) {
            connection.onDatagramsWritable();
        }
    }
}
