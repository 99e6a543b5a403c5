package io.stoq.transport.driver;

import io.stoq.StoqException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Waits for futures and throws what they failed with as the type it is. Any thread. */
public final class Futures {

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
            return future.get(deadline.leftNs(), TimeUnit.NANOSECONDS);
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
