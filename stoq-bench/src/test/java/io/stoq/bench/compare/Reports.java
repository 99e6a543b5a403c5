package io.stoq.bench.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stoq.bench.perf.Direction;
import io.stoq.bench.perf.LoadShape;
import io.stoq.bench.perf.PerfReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Comparisons and outcomes for tests: no figure in them was measured. */
final class Reports {

    static final Stack STOQ = stack("stoq");
    static final Stack NETTY = stack("netty-quic");
    static final Stack CEILING = stack("ceiling");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Reports() {}

    static Stack stack(String name) {
        return Stack.all().stream()
                .filter(stack -> stack.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Comparison comparison(int rounds, List<Stack> stacks, Integer... payloads) {
        return new Comparison(
                stacks,
                List.of(payloads),
                rounds,
                new LoadShape(1, 1, Direction.UP, false),
                "auto",
                "cubic",
                List.of("--aead", "jca"),
                7,
                3,
                Map.of());
    }

    /** A run that was measured; without losses unless {@code more} has some. */
    static Outcome.Measured measured(Stack stack, int payload, int round, double gbps, Map<String, Object> more) {
        ObjectNode report = JSON.createObjectNode()
                .put("stack", stack.name())
                .put("io", "epoll")
                .put("aead", "jca")
                .put("aead_implementation", "SunJCE")
                .put("payload", payload)
                .put("connections", 1)
                .put("direction", "up")
                .put("cc", "cubic")
                .put("seconds", 7.0)
                .put("gbps", gbps)
                .put("counted_by", "receiver")
                .put("cpu_s_per_gb_client", 0.31)
                .put("cpu_s_per_gb_server", 0.27)
                .put("packets_sent", 12_345)
                .put("lost_packets", 0)
                .put("kernel_drops", 0)
                .put("cpus", 2);
        report.putArray("samples").add(gbps - 0.5).add(gbps + 0.5);
        more.forEach((field, value) -> report.set(field, JSON.valueToTree(value)));
        try {
            return new Outcome.Measured(new Run(stack, payload, round), JSON.treeToValue(report, PerfReport.class));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** One outcome for each figure, from round 1. */
    static List<Outcome> rounds(Stack stack, int payload, double... gbps) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < gbps.length; i++) {
            outcomes.add(measured(stack, payload, i + 1, gbps[i], Map.of()));
        }
        return outcomes;
    }
}
