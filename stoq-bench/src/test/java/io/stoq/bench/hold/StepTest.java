package io.stoq.bench.hold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class StepTest {

    private static Step step(int connections, long heapBytes) {
        Footprint footprint = new Footprint(heapBytes, Footprint.UNKNOWN, 7);
        return new Step(connections, footprint, footprint);
    }

    @Test
    void whatIsThereAnywayIsNoConnectionsCost() {
        List<Step> steps = List.of(step(100, 50_000_000 + 100 * 9_000), step(1000, 50_000_000 + 1000 * 9_000));
        assertEquals(9_000, Step.slope(steps, step -> step.client().heapBytes()), 1e-6);
    }

    @Test
    void theLineGoesThroughTheMiddleOfNoise() {
        List<Step> steps = List.of(step(0, 10), step(1, 40), step(2, 10), step(3, 40));
        assertEquals(6, Step.slope(steps, step -> step.server().heapBytes()), 1e-9);
    }

    @Test
    void whatTheSystemDoesNotTellHasNoSlope() {
        List<Step> steps = List.of(step(1, 1), step(2, 2));
        assertNull(Step.slope(steps, step -> step.client().residentBytes()));
        assertEquals(14, steps.getFirst().descriptors());
    }

    @Test
    void stepsRiseToAllConnections() {
        assertEquals(List.of(100, 1000, 5000, 10_000), new HoldShape(10_000, 1, 1).steps());
        assertEquals(List.of(100, 1000, 4000), new HoldShape(4000, 1, 1).steps());
        assertEquals(List.of(100, 500, 1000), new HoldShape(1000, 1, 1).steps());
        assertEquals(List.of(1, 5, 10), new HoldShape(10, 1, 1).steps());
    }
}
