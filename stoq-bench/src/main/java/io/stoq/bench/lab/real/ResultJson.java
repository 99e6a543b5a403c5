package io.stoq.bench.lab.real;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stoq.bench.lab.real.Result.Measured;
import io.stoq.bench.lab.real.Result.Sample;
import java.util.List;

/**
 * The results as one array of objects: {@code scenario}, {@code stacks} and {@code round}, then the figures, or {@code
 * failed} with the reason.
 */
public final class ResultJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ResultJson() {}

    public static String of(List<Result> results) {
        ArrayNode array = JSON.createArrayNode();
        results.forEach(result -> array.add(object(result)));
        return array.toString();
    }

    private static ObjectNode object(Result result) {
        ObjectNode object = JSON.createObjectNode()
                .put("scenario", result.trial().scenario().label());
        ArrayNode stacks = object.putArray("stacks");
        result.trial().flows().forEach(flow -> stacks.add(flow.name()));
        object.put("round", result.trial().round());
        switch (result) {
            case Measured measured -> measured(object, measured);
            case Result.Failed failed -> object.put("failed", failed.reason());
        }
        return object;
    }

    private static void measured(ObjectNode object, Measured measured) {
        ArrayNode goodput = object.putArray("goodput_mbps");
        measured.goodputMbps().forEach(value -> goodput.add(rounded(value)));
        object.put("jain", rounded(measured.fairness()));
        object.put("mean_rtt_ms", rounded(measured.meanRttMs())).put("p99_rtt_ms", rounded(measured.p99RttMs()));
        object.put("stack_rtt_ms", measured.stackRttMs() == null ? null : rounded(measured.stackRttMs()));
        object.put("queue_share", rounded(measured.queueShare()));
        object.put("dropped_share", rounded(measured.droppedShare())).put("lost_share", rounded(measured.lostShare()));
        object.put("relay_p99_late_us", measured.p99LateUs());
        ArrayNode samples = object.putArray("samples");
        for (Sample sample : measured.samples()) {
            ObjectNode point = samples.addObject().put("at_s", rounded(sample.atS()));
            ArrayNode mbps = point.putArray("mbps");
            sample.mbps().forEach(value -> mbps.add(rounded(value)));
            point.put("queue_share", rounded(sample.queueShare()));
        }
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }
}
