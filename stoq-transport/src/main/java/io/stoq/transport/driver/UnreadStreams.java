package io.stoq.transport.driver;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;

/**
 * The streams of a connection that have ended, with bytes that a reader has not taken yet. Confined to the loop.
 *
 * <p>Nothing of the engine knows them any more, so it is here that their buffers are kept track of: until the connection
 * ends, or until so many newer ones came that the application has probably lost interest. Its bytes can be read even then,
 * and stay charged to the connection until they are, or until the application has let go of the stream.
 */
final class UnreadStreams {

    private static final int MAX_STREAMS = 16;

    /** Older streams that are looked at again for each that comes. */
    private static final int CHECKED_PER_STREAM = 2;

    /** A stream without buffers of the pool; the memory that was charged for it is known without it. */
    private record Older(WeakReference<StreamInput> input, Runnable giveUp) {

        boolean isDone() {
            StreamInput left = input.get();
            if (left == null) {
                giveUp.run();
            }
            return left == null || left.isExhausted();
        }
    }

    private StreamInput[] newest;
    private int at;
    private final ArrayDeque<Older> older = new ArrayDeque<>(0);

    void add(StreamInput input) {
        if (newest == null) {
            newest = new StreamInput[MAX_STREAMS];
        }
        if (newest[at] != null) {
            newest[at].abandonBuffers();
            older.add(new Older(new WeakReference<>(newest[at]), newest[at].giveUp()));
            check(CHECKED_PER_STREAM);
        }
        newest[at] = input;
        at = (at + 1) % MAX_STREAMS;
    }

    /** Sees which streams the application has read, or let go of. */
    void check() {
        check(older.size());
    }

    private void check(int count) {
        for (int i = 0; i < count; i++) {
            Older first = older.poll();
            if (first != null && !first.isDone()) {
                older.add(first);
            }
        }
    }

    /** The connection ended. */
    void abandonBuffers() {
        if (newest != null) {
            for (StreamInput input : newest) {
                if (input != null) {
                    input.abandonBuffers();
                }
            }
            newest = null;
        }
        older.clear();
    }
}
