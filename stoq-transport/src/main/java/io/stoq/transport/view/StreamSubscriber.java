package io.stoq.transport.view;

import io.stoq.StoqException;
import io.stoq.StoqStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes what a publisher has to a stream. It asks for one item at a time, the next when the stream has taken the last one: what
 * the peer does not read, the publisher is not asked for.
 */
public final class StreamSubscriber implements Flow.Subscriber<ByteBuffer> {

    /** An item is not taken yet. */
    private static final int PENDING = 1;

    /** The publisher is done, and the stream ends behind the item that is pending. */
    private static final int DONE = 2;

    private final StoqStream stream;
    private final long failureCode;
    private final AtomicInteger state = new AtomicInteger();
    private Flow.Subscription upstream;

    /** @param failureCode what the stream is reset with where the publisher fails */
    public StreamSubscriber(StoqStream stream, long failureCode) {
        this.stream = stream;
        this.failureCode = failureCode;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        Objects.requireNonNull(subscription, "subscription");
        if (upstream != null) {
            subscription.cancel();
            return;
        }
        upstream = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(ByteBuffer item) {
        Objects.requireNonNull(item, "item");
        state.set(PENDING);
        write(item);
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        stream.reset(failureCode);
    }

    @Override
    public void onComplete() {
        if ((state.getAndUpdate(before -> before | DONE) & PENDING) == 0) {
            finish();
        }
    }

    private void write(ByteBuffer item) {
        try {
            if (!stream.tryWrite(item)) {
                stream.writable().thenRun(() -> write(item));
                return;
            }
        } catch (StoqException over) {
            // Whoever holds the stream hears of it there; the publisher need not go on.
            upstream.cancel();
            return;
        }
        if ((state.getAndUpdate(before -> before & ~PENDING) & DONE) != 0) {
            finish();
        } else {
            upstream.request(1);
        }
    }

    private void finish() {
        try {
            stream.finish();
        } catch (StoqException over) {
            // It has ended already.
            upstream.cancel();
        }
    }
}
