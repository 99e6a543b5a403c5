package io.stoq.sim;

import java.util.function.LongConsumer;

/** Runs a scenario over several seeds. {@code -Dstoq.sim.seed=N} replays one seed instead. */
public final class Seeds {

    /** System property that names the one seed to run, decimal or 0x-hexadecimal. */
    public static final String REPLAY = "stoq.sim.seed";

    /** System property that multiplies the number of seeds, for long runs. */
    public static final String FACTOR = "stoq.sim.seeds";

    private Seeds() {}

    /** Runs the scenario with seeds 1 to {@code count}; a failure names its seed. */
    public static void each(int count, LongConsumer scenario) {
        String replay = System.getProperty(REPLAY);
        if (replay != null) {
            run(Long.decode(replay), scenario);
            return;
        }
        long last = (long) count * Integer.getInteger(FACTOR, 1);
        for (long seed = 1; seed <= last; seed++) {
            run(seed, scenario);
        }
    }

    /** {@code usual}, unless a seed to replay is set. */
    public static long one(long usual) {
        return Long.decode(System.getProperty(REPLAY, Long.toString(usual)));
    }

    /** What to add to a failure's message. */
    static String hint(long seed) {
        return "seed " + seed + ", replay with -D" + REPLAY + "=" + seed;
    }

    private static void run(long seed, LongConsumer scenario) {
        try {
            scenario.accept(seed);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(hint(seed) + ": " + e.getMessage(), e);
        }
    }
}
