package io.stoq.transport.driver;

import io.stoq.StoqException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Waits for futures and throws what they failed with as the type it is. Any thread. */
public final class Futures {

    private static final long LONGEST_NS = TimeUnit.DAYS.toNanos(365);

    /** Longer than connections take to close. */
    private static final long STUCK_NS = TimeUnit.SECONDS.toNanos(3);

    private Futures() {}

    /** As {@link #await(CompletableFuture, String, Deadline, Consumer)}, however long it takes, for results that need no care. */
    public static <T> T await(CompletableFuture<T> future, String call) throws StoqException {
        return await(future, call, Deadline.NEVER, unwanted -> {});
    }

    /**
     * Waits; an interruption or the deadline gives the future up.
     *
     * @param unwanted gets what it completed with in the very moment in which it was given up
     */
    public static <T> T await(CompletableFuture<T> future, String call, Deadline deadline, Consumer<T> unwanted)
            throws StoqException {
        try {
            return deadline.get(future);
        } catch (InterruptedException e) {
            giveUp(future, unwanted);
            Thread.currentThread().interrupt();
            throw new StoqException.Interrupted("interrupted while waiting in " + call, 0);
        } catch (TimeoutException e) {
            giveUp(future, unwanted);
            throw new StoqException.Timeout(call + " took longer than it was given");
        } catch (CancellationException e) {
            throw new StoqException.Closed(call + " was cancelled");
        } catch (ExecutionException e) {
            throw unwrap(e);
        }
    }

    /** Waits for what goes on even where this thread is interrupted, and does not fail. */
    public static <T> T join(CompletableFuture<T> future, String what) throws StoqException.Interrupted {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoqException.Interrupted("interrupted while waiting for " + what + ", which goes on", 0);
        } catch (ExecutionException defect) {
            throw new IllegalStateException(what + " failed", defect.getCause());
        }
    }

    /**
     * For what an event loop completes soon after its time has passed: a loop that a handler blocks does not notice that, and
     * this completes in its place.
     *
     * @param future of nobody else's, as it is completed
     */
    public static <T> CompletableFuture<T> unlessStuck(CompletableFuture<T> future, T otherwise, long timeoutNs) {
        return future.completeOnTimeout(
                otherwise, Math.clamp(timeoutNs, 0, LONGEST_NS) + STUCK_NS, TimeUnit.NANOSECONDS);
    }

    /**
     * Runs what waits on a virtual thread. Cancelling the future interrupts it.
     *
     * @param unwanted gets its result in case that the future was cancelled in that very moment
     */
    public static <T> CompletableFuture<T> onVirtualThread(String name, Callable<T> waiting, Consumer<T> unwanted) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name(name).start(() -> {
            try {
                T value = waiting.call();
                if (!result.complete(value)) {
                    unwanted.accept(value);
                }
            } catch (Throwable failure) { // belongs to whoever waits for the future
                result.completeExceptionally(failure);
            }
        });
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                thread.interrupt();
            }
        });
        return result;
    }

    private static <T> void giveUp(CompletableFuture<T> future, Consumer<T> unwanted) {
        if (!future.cancel(false)) {
            future.thenAccept(unwanted);
        }
    }

    private static StoqException unwrap(Throwable wrapped) {
        Throwable cause = wrapped;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // Thrown anew, so that the trace shows who waited.
        return switch (cause) {
            case StoqException.ConnectionClosed closed -> new StoqException.ConnectionClosed(closed.reason());
            case StoqException typed -> typed;
            case RuntimeException own -> throw own;
            case Error own -> throw own;
            default -> new StoqException(cause.getMessage(), cause);
        };
    }
}
