package io.stoq.transport.driver;

/** The time that the engine is given: nanoseconds since this class was loaded, never negative. */
public final class LoopClock {

    private static final long START_NS = System.nanoTime();

    private LoopClock() {}

    public static long nowNs() {
        return System.nanoTime() - START_NS;
    }
}
