package io.stoq.bench.hold;

import java.util.List;

/**
 * How the JVMs of both sides are made, so that resident memory says something: the heap is as large as what lives in it, and
 * the young generation as large from the first connection to the last.
 */
public final class HoldJvm {

    /** One that gives back at once what a full collection finds free. */
    static final String COLLECTOR = "serial";

    /** Beside the flags of the JVM that starts them, and in place of those that contradict. */
    public static final List<String> FLAGS = List.of(
            "-XX:-UseParallelGC",
            "-XX:-UseG1GC",
            "-XX:-UseZGC",
            "-XX:-UseShenandoahGC",
            "-XX:+UseSerialGC",
            "-XX:-AlwaysPreTouch",
            "-Xmn64m",
            "-Xms80m",
            "-XX:MinHeapFreeRatio=1",
            "-XX:MaxHeapFreeRatio=5",
            "-XX:-ShrinkHeapInSteps");

    private HoldJvm() {}
}
