package io.stoq.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.bench.perf.Direction;
import io.stoq.bench.perf.LoadShape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static String order(Comparison comparison) {
        StringBuilder order = new StringBuilder();
        comparison
                .runs()
                .forEach(run -> order.append(run.stack().name())
                        .append(' ')
                        .append(run.payloadBytes())
                        .append(' ')
                        .append(run.round())
                        .append("; "));
        return order.toString();
    }

    @Test
    void stacksAreMeasuredInTurn() {
        assertEquals(
                "stoq 1452 1; ceiling 1452 1; stoq 1452 2; ceiling 1452 2; "
                        + "stoq 8952 1; ceiling 8952 1; stoq 8952 2; ceiling 8952 2; ",
                order(Reports.comparison(2, List.of(Reports.STOQ, Reports.CEILING), 1452, 8952)));
    }

    @Test
    void allStacksAreThereAndStoqIsTheFirst() {
        assertEquals(
                List.of("stoq", "netty-quic", "tls-tcp", "ceiling", "ceiling-jca"),
                Stack.all().stream().map(Stack::name).toList());
        assertTrue(Stack.all().getFirst().isStoq());
        assertFalse(Reports.NETTY.isCeiling());
        assertTrue(Reports.stack("ceiling-jca").isCeiling());
    }

    @Test
    void allStacksGetTheSameOptions() {
        Comparison comparison = new Comparison(
                Stack.all(),
                List.of(1452),
                1,
                new LoadShape(16, 1, Direction.DOWN, true),
                "io_uring",
                "newreno",
                List.of("--aead", "jca"),
                7,
                3,
                Map.of("netty-quic", List.of("gso=10", "gro=false")));
        List<String> same = List.of(
                "--json --quiet --payload 1452 --io io_uring --cc newreno --direction down --connections 16 --seconds 7"
                        .concat(" --warmup 3 --aead jca --verify")
                        .split(" "));
        for (Run run : comparison.runs()) {
            List<String> arguments = comparison.arguments(run);
            int from = run.stack().isStoq() ? 1 : 2;
            assertEquals(run.stack().isStoq() ? "perf" : "baseline", arguments.getFirst());
            assertEquals(same, arguments.subList(from, from + same.size()));
            List<String> own = arguments.subList(from + same.size(), arguments.size());
            assertEquals(
                    run.stack().equals(Reports.NETTY) ? List.of("--tune", "gso=10", "--tune", "gro=false") : List.of(),
                    own);
        }
    }
}
