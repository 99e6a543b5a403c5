package io.stoq.transport.view;

import io.stoq.CloseReason;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings a stream's bytes to a subscriber as it asks for them. What it did not ask for stays with the stream, and so the peer
 * gets no credit for it.
 *
 * <p>Signals come from the loop, but for the refusal of a senseless request: whoever makes one holds {@link #signalling}.
 */
final class StreamSubscription implements Flow.Subscription, StreamEvents {

    private final StoqStream stream;
    private final int maxItemBytes;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicBoolean signalling = new AtomicBoolean();
    private volatile Throwable refusal;

    /** Null when it was told the end, or wants to hear nothing more. */
    private volatile Flow.Subscriber<? super ByteBuffer> subscriber;

    StreamSubscription(StoqStream stream, int maxItemBytes, Flow.Subscriber<? super ByteBuffer> subscriber) {
        this.stream = stream;
        this.maxItemBytes = maxItemBytes;
        this.subscriber = subscriber;
    }

    void start() {
        signalling.set(true);
        try {
            subscriber.onSubscribe(this);
        } finally {
            endSignal();
        }
        if (subscriber != null) {
            stream.handler(this);
        }
    }

    // ---- the subscriber, any thread

    @Override
    public void request(long n) {
        if (subscriber == null) {
            return;
        }
        if (n <= 0) {
            refusal = new IllegalArgumentException(n + " items were asked for; it must be 1 or more");
            refuse();
            return;
        }
        demand.accumulateAndGet(n, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
        stream.resume();
    }

    @Override
    public void cancel() {
        if (subscriber != null) {
            subscriber = null;
            stream.stopSending(0);
        }
    }

    // ---- the stream, on the loop

    @Override
    public void onData(StoqStream source, ByteBuffer data) {
        if (!signalling.compareAndSet(false, true)) {
            return;
        }
        try {
            while (data.hasRemaining() && refusal == null && pollDemand()) {
                Flow.Subscriber<? super ByteBuffer> target = subscriber;
                if (target == null) {
                    return;
                }
                target.onNext(copy(data));
            }
        } finally {
            endSignal();
        }
    }

    @Override
    public void onFinished(StoqStream source) {
        end(null);
    }

    @Override
    public void onReset(StoqStream source, long code) {
        end(new StoqException.StreamReset(stream.id(), code, false));
    }

    @Override
    public void onClosed(StoqStream source) {
        CloseReason reason = stream.connection().closeReason();
        end(
                reason != null
                        ? new StoqException.ConnectionClosed(reason)
                        : new StoqException.Closed("stream " + stream.id() + " was stopped by this side"));
    }

    private boolean pollDemand() {
        // Long.MAX_VALUE stands for no bound.
        return demand.getAndUpdate(left -> left == 0 || left == Long.MAX_VALUE ? left : left - 1) > 0;
    }

    /** The subscriber may keep it, and may pass it to another thread. */
    private ByteBuffer copy(ByteBuffer data) {
        byte[] item = new byte[Math.min(data.remaining(), maxItemBytes)];
        data.get(item);
        return ByteBuffer.wrap(item);
    }

    /** @param failure null where the stream is complete */
    private void end(Throwable failure) {
        if (!signalling.compareAndSet(false, true)) {
            // Its end is being told by another thread.
            return;
        }
        try {
            tellEnd(failure);
        } finally {
            endSignal();
        }
    }

    private void tellEnd(Throwable failure) {
        Flow.Subscriber<? super ByteBuffer> target = subscriber;
        subscriber = null;
        if (target == null) {
            return;
        }
        if (failure == null) {
            target.onComplete();
        } else {
            target.onError(failure);
        }
    }

    private void endSignal() {
        signalling.set(false);
        refuse();
    }

    /** Tells of a senseless request, now or when the signal that is under way has returned. */
    private void refuse() {
        if (refusal != null && subscriber != null && signalling.compareAndSet(false, true)) {
            stream.stopSending(0);
            tellEnd(refusal);
            signalling.set(false);
        }
    }
}
