package io.stoq.transport.driver;

import io.stoq.CloseReason;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/** Those who want to open a stream and wait for the peer's limit, in the order in which they came. Confined to the loop. */
final class StreamOpener {

    private final LoopConnection connection;
    private final ArrayDeque<CompletableFuture<StoqStream>> bidirectional = new ArrayDeque<>();
    private final ArrayDeque<CompletableFuture<StoqStream>> unidirectional = new ArrayDeque<>();

    StreamOpener(LoopConnection connection) {
        this.connection = connection;
    }

    void open(boolean both, CompletableFuture<StoqStream> opened) {
        CloseReason reason = connection.closeReason();
        if (reason != null) {
            opened.completeExceptionally(new StoqException.ConnectionClosed(reason));
            return;
        }
        waiting(both).add(opened);
        onAvailable(both);
    }

    void onAvailable(boolean both) {
        ArrayDeque<CompletableFuture<StoqStream>> queue = waiting(both);
        while (!queue.isEmpty()) {
            if (queue.peek().isDone()) {
                queue.poll();
                continue;
            }
            LoopStream stream = connection.openNow(both);
            if (stream == null) {
                return;
            }
            if (!queue.poll().complete(stream)) {
                // Cancelled in this very moment: the stream goes unused, and the peer's limit rises again.
                stream.abandon(0);
            }
        }
    }

    void end(CloseReason reason) {
        end(bidirectional, reason);
        end(unidirectional, reason);
    }

    private static void end(ArrayDeque<CompletableFuture<StoqStream>> queue, CloseReason reason) {
        for (CompletableFuture<StoqStream> opened = queue.poll(); opened != null; opened = queue.poll()) {
            opened.completeExceptionally(new StoqException.ConnectionClosed(reason));
        }
    }

    private ArrayDeque<CompletableFuture<StoqStream>> waiting(boolean both) {
        return both ? bidirectional : unidirectional;
    }
}
