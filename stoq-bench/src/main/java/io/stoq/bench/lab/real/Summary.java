package io.stoq.bench.lab.real;

import io.stoq.bench.compare.Spread;
import io.stoq.bench.lab.real.Result.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * One scenario's results.
 *
 * @param rows in the order of the plan
 */
public record Summary(Scenario scenario, List<Row> rows) {

    /**
     * One stack, or two that share the link.
     *
     * @param results one per round
     * @param advantage how many times the row's goodput the first row's is, of the medians; null for the first row and
     *     where one of the two was not measured, and where flows share the link
     */
    public record Row(List<Contender> flows, List<Result> results, Spread advantage) {

        /** {@code stoq-bbr2}, or {@code stoq-bbr2 + netty-cubic}. */
        public String name() {
            return results.getFirst().trial().name();
        }

        public boolean isStoq() {
            return flows.getFirst().isStoq();
        }

        public List<Measured> measured() {
            return results.stream()
                    .filter(Measured.class::isInstance)
                    .map(Measured.class::cast)
                    .toList();
        }

        /** Median, least and largest over rounds; null where nothing was measured. */
        public Spread spread(Function<Measured, Double> value) {
            return Spread.of(
                    measured().stream().map(value).filter(Objects::nonNull).toList());
        }

        public Spread goodput() {
            return spread(Measured::totalMbps);
        }

        /** Why single rounds have no figures, a sentence each. */
        public List<String> failures() {
            List<String> failures = new ArrayList<>();
            for (Result result : results) {
                if (result instanceof Result.Failed failed) {
                    failures.add(name() + ", round " + failed.trial().round() + ": failed: " + failed.reason());
                }
            }
            return failures;
        }
    }

    /** One for each scenario that has results. */
    public static List<Summary> of(Plan plan, List<Result> results) {
        List<Summary> summaries = new ArrayList<>();
        for (Scenario scenario : plan.scenarios()) {
            List<Row> rows = new ArrayList<>();
            for (List<Contender> flows : plan.flows(scenario)) {
                List<Result> own = results.stream()
                        .filter(result -> result.trial().scenario() == scenario
                                && result.trial().flows().equals(flows))
                        .toList();
                if (!own.isEmpty()) {
                    rows.add(row(flows, own, rows.isEmpty() || scenario.flows() > 1 ? null : rows.getFirst()));
                }
            }
            if (!rows.isEmpty()) {
                summaries.add(new Summary(scenario, rows));
            }
        }
        return summaries;
    }

    private static Row row(List<Contender> flows, List<Result> results, Row first) {
        Row row = new Row(flows, results, null);
        if (first == null || row.goodput() == null || first.goodput() == null) {
            return row;
        }
        List<Double> ratios = new ArrayList<>();
        for (Measured mine : first.measured()) {
            for (Measured its : row.measured()) {
                if (mine.trial().round() == its.trial().round() && its.totalMbps() > 0) {
                    ratios.add(mine.totalMbps() / its.totalMbps());
                }
            }
        }
        Spread rounds = Spread.of(ratios);
        double medians = first.goodput().median() / row.goodput().median();
        return new Row(flows, results, rounds == null ? null : new Spread(medians, rounds.min(), rounds.max()));
    }
}
