package io.stoq.transport.driver;

import io.stoq.CloseReason;
import io.stoq.ConnectionTask;
import io.stoq.StoqException;
import io.stoq.StreamTask;
import io.stoq.config.ConnectionConfig;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams of the peer that no handler took: they wait for a thread to accept them, or run the stream task. Thread-safe.
 *
 * <p>Their number is bounded by the stream limits although the engine gives the peer new credit for streams that are over:
 * a peer that opens and resets without end gains nothing here.
 */
final class PeerStreamQueue {

    /** Bytes of a stream that are taken before anybody knows the stream; the rest waits in the engine, within its window. */
    static final int UNACCEPTED_BYTES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(PeerStreamQueue.class);

    private final LoopConnection connection;
    private final StreamTask task;
    private final long limit;
    private final Inbox<LoopStream> inbox = new Inbox<>("stream");
    private final AtomicInteger running = new AtomicInteger();

    /** @param task for each stream, or null to keep streams for {@link #accept} */
    PeerStreamQueue(LoopConnection connection, StreamTask task, ConnectionConfig.Limits limits) {
        this.connection = connection;
        this.task = task;
        this.limit = limits.maxBidirectionalStreams() + limits.maxUnidirectionalStreams();
    }

    /** On the loop; false where too many are waiting, or at work, already. */
    boolean onOpened(LoopStream stream) {
        if (task == null) {
            if (inbox.size() >= limit) {
                return false;
            }
            inbox.add(stream);
            return true;
        }
        if (running.get() >= limit) {
            return false;
        }
        running.incrementAndGet();
        stream.onAccepted();
        Thread.ofVirtual().name("stoq-stream-" + stream.id()).start(() -> run(stream));
        return true;
    }

    /** On the loop: both directions are over. A stream that the peer gave up before it was accepted is of no use. */
    void onClosed(LoopStream stream) {
        if (task == null && stream.isDead()) {
            if (inbox.remove(stream)) {
                stream.letGo();
            }
        }
    }

    LoopStream accept(Deadline deadline) throws StoqException {
        LoopStream stream = inbox.take(deadline);
        stream.onAccepted();
        return stream;
    }

    void end(CloseReason reason) {
        inbox.end(() -> new StoqException.ConnectionClosed(reason));
    }

    private void run(LoopStream stream) {
        try (LogContext _ = LogContext.of(connection)) {
            runTask(stream);
        } finally {
            running.decrementAndGet();
        }
    }

    private void runTask(LoopStream stream) {
        try {
            task.run(stream);
            stream.close();
        } catch (StoqException.ConnectionClosed | StoqException.StreamReset e) {
            LOG.debug("the task of stream {} ended with it", stream.id(), e);
            stream.abandon(ConnectionTask.FAILED);
        } catch (Throwable failure) { // an application's mistake ends its stream only
            LOG.warn(
                    "the task of stream {} from {} failed; the stream is reset",
                    stream.id(),
                    connection.remoteAddress(),
                    failure);
            stream.abandon(ConnectionTask.FAILED);
        }
    }
}
