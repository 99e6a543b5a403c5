package io.stoq.bench.perf;

import io.stoq.StoqException;
import io.stoq.StoqStream;

/**
 * Writes the pattern to one stream as fast as the transport takes it, then finishes the stream. One thread at a time:
 * the one that starts it, then the connection's loop.
 */
final class PatternWriter {

    private final StoqStream stream;
    private final Tally tally;
    private final Runnable onFullPieceReleased;
    private long remainingBytes;
    private boolean finished;
    private volatile boolean stopped;

    /** @param bytes how many to write; more than can ever be written where it is negative */
    PatternWriter(StoqStream stream, long bytes, Tally tally) {
        this.stream = stream;
        this.tally = tally;
        this.remainingBytes = bytes < 0 ? Long.MAX_VALUE : bytes;
        this.onFullPieceReleased = () -> tally.acknowledgedBytes.add(Pattern.PERIOD_BYTES);
    }

    /** Writes until the transport pushes back, which is when {@code onWritable} will follow, or until the end. */
    void pump() throws StoqException {
        while (!stopped && remainingBytes > 0) {
            int length = (int) Math.min(remainingBytes, Pattern.PERIOD_BYTES);
            Runnable onReleased =
                    length == Pattern.PERIOD_BYTES ? onFullPieceReleased : () -> tally.acknowledgedBytes.add(length);
            if (!stream.tryWriteReferenced(Pattern.bytes(), 0, length, onReleased)) {
                return;
            }
            remainingBytes -= length;
        }
        if (!finished) {
            finished = true;
            stream.finish();
        }
    }

    /** Writes no more; the next {@link #pump()} finishes the stream. Any thread. */
    void stop() {
        stopped = true;
    }
}
