package io.stoq.bench.perf;

import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * From when each message was due to when its echo was there. A message that had to wait for its turn to be sent counts from
 * when that turn should have been, so a stall shows in all messages that it held up. Recorded by the connection's loop,
 * read by another thread.
 */
final class EchoTimes {

    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(10);

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(LONGEST_NS, 3);

    /** Takes the echoes of one stream. */
    StreamEvents receiver(int messageBytes, Tally tally) {
        return new Receiver(messageBytes, tally);
    }

    /** What was recorded since the last call, in nanoseconds. */
    Histogram take() {
        return recorder.getIntervalHistogram();
    }

    private final class Receiver implements StreamEvents {

        private final int messageBytes;
        private final Tally tally;
        private int at;
        private long dueNs;

        Receiver(int messageBytes, Tally tally) {
            this.messageBytes = messageBytes;
            this.tally = tally;
        }

        @Override
        public void onData(StoqStream stream, ByteBuffer data) {
            tally.receivedBytes.add(data.remaining());
            long nowNs = System.nanoTime();
            while (data.hasRemaining()) {
                if (at < MessageShape.STAMP_BYTES) {
                    dueNs = dueNs << 8 | data.get() & 0xff;
                    at++;
                } else {
                    int skipped = Math.min(messageBytes - at, data.remaining());
                    data.position(data.position() + skipped);
                    at += skipped;
                }
                if (at == messageBytes) {
                    at = 0;
                    recorder.recordValue(Math.clamp(nowNs - dueNs, 0, LONGEST_NS));
                }
            }
        }
    }
}
