package io.stoq.bench.lab.real;

import java.util.function.DoubleConsumer;

/** Runs the trials of a plan. Stateless. */
public final class RealLab {

    private final Plan plan;
    private final Class<?> mainClass;

    /** @param mainClass the {@code stoq} command */
    public RealLab(Plan plan, Class<?> mainClass) {
        this.plan = plan;
        this.mainClass = mainClass;
    }

    /**
     * Takes a little longer than the warm-up and the measurement.
     *
     * @param progress hears now and then how much is done, 0 to 1
     */
    public Result run(Trial trial, DoubleConsumer progress) throws InterruptedException {
        return new TrialRun(plan, trial, mainClass, progress).run();
    }
}
