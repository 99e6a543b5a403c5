package io.stoq.bench.hold;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How many connections are opened, and what becomes of them.
 *
 * @param idleSeconds that all of them say nothing, before the requests
 * @param holdSeconds of requests, one a second on each connection
 */
public record HoldShape(int connections, int idleSeconds, int holdSeconds) {

    /** A line through fewer connections would say nothing. */
    public static final int MIN_CONNECTIONS = 10;

    private static final int[] STEPS = {100, 1000, 5000, 10_000, 50_000, 100_000};

    public HoldShape {
        if (connections < MIN_CONNECTIONS || idleSeconds < 1 || holdSeconds < 1) {
            throw new IllegalArgumentException(
                    connections + " connections, " + idleSeconds + " s idle, " + holdSeconds + " s of requests");
        }
    }

    /** Numbers of connections at which memory is looked at, rising to all of them. */
    List<Integer> steps() {
        IntStream below = connections > STEPS[1]
                ? IntStream.of(STEPS).filter(step -> step < connections)
                : IntStream.of(connections / 10, connections / 2);
        return IntStream.concat(below, IntStream.of(connections)).boxed().toList();
    }
}
