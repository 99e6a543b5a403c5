package io.stoq.bench.lab.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stoq.bench.lab.FlowTrace;
import io.stoq.bench.lab.Outcome;
import io.stoq.bench.lab.Phase;
import io.stoq.bench.lab.Verdict;
import java.util.List;

/** Outcomes as one array of objects: scenario, controller, seed, checks, and for each flow its totals and its states. */
public final class LabJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private LabJson() {}

    public static String of(List<Outcome> outcomes) {
        ArrayNode array = JSON.createArrayNode();
        outcomes.forEach(outcome -> array.add(object(outcome)));
        return array.toString();
    }

    private static ObjectNode object(Outcome outcome) {
        ObjectNode object = JSON.createObjectNode()
                .put("scenario", outcome.scenario().name())
                .put("controller", outcome.controller())
                .put("seed", outcome.seed())
                .put("seconds", outcome.endNs() / 1e9)
                .put("passed", outcome.passed());
        ArrayNode checks = object.putArray("checks");
        outcome.verdicts().forEach(verdict -> checks.add(check(verdict)));
        ArrayNode flows = object.putArray("flows");
        outcome.flows().forEach(flow -> flows.add(flow(flow)));
        return object;
    }

    private static ObjectNode check(Verdict verdict) {
        ObjectNode node = JSON.createObjectNode()
                .put("what", verdict.check().what())
                .put("unit", verdict.check().unit())
                .put("wanted", verdict.check().bound())
                .put("passed", verdict.passed())
                .put("tolerated", verdict.tolerated());
        // JSON has no word for a number that is none, or has no end.
        return Double.isFinite(verdict.value()) ? node.put("value", verdict.value()) : node.putNull("value");
    }

    private static ObjectNode flow(FlowTrace flow) {
        ObjectNode node = JSON.createObjectNode().put("controller", flow.controller());
        if (flow.samples().isEmpty()) {
            return node;
        }
        node.put("goodput_mbit", flow.goodputMbit())
                .put("delivered_bytes", flow.last().deliveredBytes())
                .put("packets_sent", flow.last().sentPackets())
                .put("packets_lost", flow.last().lostPackets())
                .put("packets_spuriously_lost", flow.last().spuriousLosses())
                .put("packets_marked", flow.last().markedPackets());
        if (flow.completedNs() >= 0) {
            node.put("completed_s", flow.completionSeconds());
        }
        ArrayNode states = node.putArray("states");
        for (Phase phase : flow.phases()) {
            states.addObject()
                    .put("state", phase.state())
                    .put("from_s", phase.fromNs() / 1e9)
                    .put("until_s", phase.untilNs() / 1e9);
        }
        return node;
    }
}
