package io.stoq.bench.compare;

import io.stoq.bench.compare.Outcome.Measured;
import io.stoq.bench.perf.PerfReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * One payload size of a comparison.
 *
 * @param rows in the order of the stacks
 */
public record Summary(int payloadBytes, List<Row> rows) {

    /**
     * One stack.
     *
     * @param outcomes one per round
     * @param gbps null where nothing was measured; so for all spreads
     * @param advantage how many times as fast STOQ is: the ratio of both medians, and the least and the largest ratio
     *     within a round; null for STOQ, and where one of the two was not measured
     */
    public record Row(Stack stack, List<Outcome> outcomes, Spread gbps, Spread advantage) {

        public List<Measured> measured() {
            return outcomes.stream()
                    .filter(Measured.class::isInstance)
                    .map(Measured.class::cast)
                    .toList();
        }

        /** Median, least and largest of a value of the reports; null where none has it. */
        public Spread spread(Function<PerfReport, ? extends Number> value) {
            return Spread.of(measured().stream()
                    .map(Measured::report)
                    .map(value)
                    .filter(Objects::nonNull)
                    .map(Number::doubleValue)
                    .toList());
        }

        /** What sealed, as in "ipsec-mb (1.3)"; null where nothing was measured. */
        public String aead() {
            return measured().stream()
                    .map(outcome -> outcome.report().aead()
                            + (outcome.report().aeadImplementation().isEmpty()
                                    ? ""
                                    : " (" + outcome.report().aeadImplementation() + ")"))
                    .findFirst()
                    .orElse(null);
        }

        /** Why there is no figure, or not one of each round; null where all were measured. */
        public String obstacle() {
            if (outcomes.isEmpty()) {
                return "not measured";
            }
            return outcomes.stream()
                    .map(outcome -> switch (outcome) {
                        case Outcome.Skipped skipped -> skipped.reason();
                        case Outcome.Failed failed -> "failed: " + failed.reason();
                        case Measured measured -> null;
                    })
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }

        /** What is to be known of single rounds before their figures are believed, a sentence each. */
        public List<String> remarks() {
            List<String> remarks = new ArrayList<>();
            for (Outcome outcome : outcomes) {
                String start = stack.name() + ", round " + outcome.run().round() + ": ";
                switch (outcome) {
                    case Measured measured -> {
                        if (measured.loss() != null) {
                            remarks.add(start + measured.loss());
                        }
                        if (measured.disturbance() != null) {
                            remarks.add(start + measured.disturbance());
                        }
                    }
                    case Outcome.Failed failed -> remarks.add(start + "failed: " + failed.reason());
                    case Outcome.Skipped skipped -> {
                        // The row says so.
                    }
                }
            }
            return remarks;
        }
    }

    /** One for each payload size that any outcome has, in the order of the comparison. */
    public static List<Summary> of(Comparison comparison, List<Outcome> outcomes) {
        return comparison.payloads().stream()
                .map(payload -> of(comparison, payload, outcomes))
                .filter(summary ->
                        summary.rows().stream().anyMatch(row -> !row.outcomes().isEmpty()))
                .toList();
    }

    private static Summary of(Comparison comparison, int payload, List<Outcome> outcomes) {
        List<Outcome> here = outcomes.stream()
                .filter(outcome -> outcome.run().payloadBytes() == payload)
                .toList();
        List<Measured> stoq = measured(here, Stack.STOQ);
        return new Summary(
                payload,
                comparison.stacks().stream()
                        .map(stack -> row(stack, here, stoq))
                        .toList());
    }

    private static Row row(Stack stack, List<Outcome> outcomes, List<Measured> stoq) {
        List<Measured> measured = measured(outcomes, stack);
        Spread gbps = spread(measured);
        return new Row(
                stack,
                outcomes.stream()
                        .filter(outcome -> outcome.run().stack().equals(stack))
                        .toList(),
                gbps,
                stack.isStoq() || gbps == null || stoq.isEmpty() ? null : advantage(stoq, measured));
    }

    private static Spread advantage(List<Measured> stoq, List<Measured> other) {
        double medians = spread(stoq).median() / spread(other).median();
        List<Double> withinRounds = new ArrayList<>();
        for (Measured mine : stoq) {
            for (Measured its : other) {
                if (mine.run().round() == its.run().round()) {
                    withinRounds.add(mine.report().gbps() / its.report().gbps());
                }
            }
        }
        Spread rounds = Spread.of(withinRounds);
        return rounds == null ? new Spread(medians, medians, medians) : new Spread(medians, rounds.min(), rounds.max());
    }

    private static Spread spread(List<Measured> measured) {
        return Spread.of(measured.stream().map(run -> run.report().gbps()).toList());
    }

    private static List<Measured> measured(List<Outcome> outcomes, Stack stack) {
        return outcomes.stream()
                .filter(Measured.class::isInstance)
                .map(Measured.class::cast)
                .filter(outcome -> outcome.run().stack().equals(stack))
                .toList();
    }
}
