package io.stoq.transport.view;

import io.stoq.StoqStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** A stream's receiving direction for one subscriber. */
public final class StreamPublisher implements Flow.Publisher<ByteBuffer> {

    private static final int MAX_ITEM_BYTES = 64 << 10;

    private static final Flow.Subscription NONE = new Flow.Subscription() {
        @Override
        public void request(long n) {
            // There is nothing to be had.
        }

        @Override
        public void cancel() {
            // It never began.
        }
    };

    private final StoqStream stream;
    private final int maxItemBytes;
    private final AtomicBoolean taken = new AtomicBoolean();

    public StreamPublisher(StoqStream stream) {
        this(stream, MAX_ITEM_BYTES);
    }

    /** Tests count items. */
    StreamPublisher(StoqStream stream, int maxItemBytes) {
        this.stream = stream;
        this.maxItemBytes = maxItemBytes;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (taken.compareAndSet(false, true)) {
            new StreamSubscription(stream, maxItemBytes, subscriber).start();
        } else {
            subscriber.onSubscribe(NONE);
            subscriber.onError(new IllegalStateException("stream " + stream.id() + " has a subscriber already"));
        }
    }
}
