package io.stoq.bench.lab.real;

import io.stoq.bench.compare.Spread;
import io.stoq.bench.lab.real.Result.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * One scenario's results.
 *
 * @param rows in the order of the plan
 */
public record Summary(Scenario scenario, List<Row> rows) {

    /** Later than this is no longer small beside a round trip. */
    private static final double DISTURBING_US = 4000;

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

        /** What is to be known of single rounds before their figures are believed, a sentence each. */
        public List<String> remarks() {
            List<String> remarks = new ArrayList<>();
            for (Result result : results) {
                String start = name() + ", round " + result.trial().round() + ": ";
                switch (result) {
                    case Measured measured -> {
                        if (measured.p99LateUs() > DISTURBING_US) {
                            remarks.add(start
                                    + String.format(
                                            Locale.ROOT,
                                            "the relay did not get the processor in time; 1 %% of the datagrams left"
                                                    + " %.0f ms late or more",
                                            measured.p99LateUs() / 1e3));
                        }
                    }
                    case Result.Failed failed -> remarks.add(start + "failed: " + failed.reason());
                }
            }
            return remarks;
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
