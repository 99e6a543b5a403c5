package io.stoq.transport.driver;

import io.stoq.StoqException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Waits for futures and throws what they failed with as the type it is. Any thread. */
public final class Futures {

    private Futures() {}

    /** Waits; an interruption gives the future up. */
    public static <T> T await(CompletableFuture<T> future, String call) throws StoqException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new StoqException.Interrupted("interrupted while waiting in " + call, 0);
        } catch (CancellationException e) {
            throw new StoqException.Closed(call + " was cancelled");
        } catch (ExecutionException e) {
            throw unwrap(e);
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
