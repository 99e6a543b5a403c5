package io.stoq.bench.hold;

import java.util.List;
import java.util.function.ToLongFunction;

/** Both processes with so many connections open and idle. */
public record Step(int connections, Footprint client, Footprint server) {

    /** Of both processes; null where unknown. */
    Long descriptors() {
        long ofClient = client.fileDescriptors();
        long ofServer = server.fileDescriptors();
        return ofClient == Footprint.UNKNOWN || ofServer == Footprint.UNKNOWN ? null : ofClient + ofServer;
    }

    /** How much of something each further connection takes: the line through all steps, by least squares; null where unknown. */
    static Double slope(List<Step> steps, ToLongFunction<Step> amount) {
        if (steps.stream().anyMatch(step -> amount.applyAsLong(step) == Footprint.UNKNOWN)) {
            return null;
        }
        double meanX = steps.stream().mapToInt(Step::connections).average().orElseThrow();
        double meanY = steps.stream().mapToLong(amount).average().orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (Step step : steps) {
            covariance += (step.connections - meanX) * (amount.applyAsLong(step) - meanY);
            variance += (step.connections - meanX) * (step.connections - meanX);
        }
        return covariance / variance;
    }
}
