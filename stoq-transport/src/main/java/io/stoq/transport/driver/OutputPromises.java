package io.stoq.transport.driver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Those who wait, by futures, for an output to have room again or to be acknowledged. Confined to the loop. */
final class OutputPromises {

    private record Delivery(long bytes, CompletableFuture<Void> promise) {}

    private final LoopStream stream;
    private final StreamOutput output;

    /** In the order of their bytes, as they come in the order of what was written. */
    private final ArrayDeque<Delivery> deliveries = new ArrayDeque<>();

    private final List<CompletableFuture<Void>> writable = new ArrayList<>();

    OutputPromises(LoopStream stream, StreamOutput output) {
        this.stream = stream;
        this.output = output;
    }

    /** @param bytes how many were written when delivery was asked for */
    void delivered(long bytes, CompletableFuture<Void> promise) {
        deliveries.add(new Delivery(bytes, promise));
        settle();
    }

    void writable(CompletableFuture<Void> promise) {
        writable.add(promise);
        settle();
    }

    /** Keeps the promises that can be kept now. */
    void settle() {
        long acknowledged = stream.acknowledgedBytes();
        while (!deliveries.isEmpty() && deliveries.peek().bytes() <= acknowledged) {
            deliveries.poll().promise().complete(null);
        }
        StreamEnd end = output.end();
        while (end != null && !deliveries.isEmpty()) {
            deliveries.poll().promise().completeExceptionally(end.toWriter(stream));
        }
        if (!writable.isEmpty() && (end != null || output.isWritable())) {
            List<CompletableFuture<Void>> kept = List.copyOf(writable);
            writable.clear();
            kept.forEach(promise -> promise.complete(null));
        }
    }
}
