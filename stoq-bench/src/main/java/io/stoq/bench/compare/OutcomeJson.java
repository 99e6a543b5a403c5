package io.stoq.bench.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The outcomes as one array of objects: {@code stack}, {@code payload} and {@code round}, then either the fields of {@code
 * stoq perf --json} with {@code unexpected_loss} (a text, or null), or {@code skipped} or {@code failed} with the reason.
 */
public final class OutcomeJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private OutcomeJson() {}

    public static String of(List<Outcome> outcomes) {
        ArrayNode array = JSON.createArrayNode();
        outcomes.forEach(outcome -> array.add(object(outcome)));
        return array.toString();
    }

    private static ObjectNode object(Outcome outcome) {
        ObjectNode object = JSON.createObjectNode()
                .put("stack", outcome.run().stack().name())
                .put("payload", outcome.run().payloadBytes())
                .put("round", outcome.run().round());
        switch (outcome) {
            case Outcome.Measured measured -> {
                object.put("gbps", measured.report().gbps()).put("unexpected_loss", measured.loss());
                object.setAll((ObjectNode) JSON.valueToTree(measured.report()));
            }
            case Outcome.Skipped skipped -> object.put("skipped", skipped.reason());
            case Outcome.Failed failed -> object.put("failed", failed.reason());
        }
        return object;
    }
}
