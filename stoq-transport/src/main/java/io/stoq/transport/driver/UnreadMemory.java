package io.stoq.transport.driver;

import io.stoq.config.ConnectionConfig;
import io.stoq.connection.Connection;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the transport keeps of a connection for threads that have not asked for it yet: bytes of streams, datagrams, the
 * streams themselves. It is charged to the connection by the loop; threads that take some of it add it up, for the loop to
 * see when it charges next, or at once where the connection is over its budget.
 */
final class UnreadMemory extends LoopWork {

    /** What a piece of a stream or a datagram costs beside its bytes. */
    static final int PIECE_BYTES = 64;

    /** A stream as threads see it, beside what the engine keeps for it. */
    static final int STREAM_BYTES = 1 << 10;

    /** Of the budget, so much may be room for bytes that did not come yet, in segments of all streams. */
    private static final int ROOM_SHARE = 16;

    private final LoopConnection connection;
    private final long budgetBytes;

    /** By threads, in all. */
    private final AtomicLong freed = new AtomicLong();

    /** Written by the loop, read by threads that then look whether the loop is to be told. */
    private volatile boolean pressed;

    // Loop
    private Connection engine;
    private long settled;

    UnreadMemory(LoopConnection connection, ConnectionConfig config) {
        this.connection = connection;
        this.budgetBytes = config.memoryBytes();
    }

    // ---- any thread

    /** So much of what was charged is not kept any more. */
    void freed(long bytes) {
        freed.addAndGet(bytes);
        if (pressed) {
            connection.driver().submit(this);
        }
    }

    /** All of a stream was read: where memory is short, room for more of it can be given back. */
    void emptied() {
        if (pressed) {
            connection.driver().submit(this);
        }
    }

    // ---- loop

    void bind(Connection connectionEngine) {
        engine = connectionEngine;
        pressed = engine.memory().isWithholding();
    }

    void charge(long bytes) {
        settle();
        engine.memory().charge(bytes);
    }

    void release(long bytes) {
        engine.memory().release(bytes);
    }

    /** How large a segment of a stream should be, where {@code bytes} have come and as many as {@code before} earlier. */
    long segmentBytes(int bytes, long before, int streams) {
        return pressed ? bytes : Math.max(bytes, Math.min(before, budgetBytes / ROOM_SHARE / Math.max(1, streams)));
    }

    /** The engine tells; what follows has to wait until it has returned. */
    void pressed(boolean over) {
        pressed = over;
        if (over) {
            connection.driver().signalLater(this);
        }
    }

    /** Threads have freed something, or left room that they do not need. */
    @Override
    void run(long nowNs) {
        settle();
        if (pressed) {
            connection.reclaimRoom();
            settle();
        }
    }

    /** Over the budget: room that is not needed is given back, in a turn that can send credit where that was enough. */
    @Override
    void signal() {
        connection.driver().submit(this);
    }

    /** Sees what threads have freed. */
    void settle() {
        long now = freed.get();
        if (now != settled) {
            engine.memory().release(now - settled);
            settled = now;
        }
    }
}
