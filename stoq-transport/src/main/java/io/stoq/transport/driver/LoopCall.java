package io.stoq.transport.driver;

import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/** A call that a thread wants made on the loop, for its result. */
final class LoopCall<T> extends LoopWork {

    final CompletableFuture<T> result = new CompletableFuture<>();
    private final LongFunction<T> action;

    /** @param action gets the time; a null result leaves the future to somebody else */
    LoopCall(LongFunction<T> action) {
        this.action = action;
    }

    @Override
    void run(long nowNs) {
        try {
            result.complete(action.apply(nowNs));
        } catch (Throwable failure) { // belongs to the caller, not to the loop
            result.completeExceptionally(failure);
        }
    }
}
