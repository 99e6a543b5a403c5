package io.stoq.bench.lab;

import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.congestion.CongestionControllerFactory;
import java.util.Arrays;
import java.util.List;

/** The congestion controllers that can be put to the test, by name. */
public final class Controllers {

    private Controllers() {}

    public static List<String> names() {
        return Arrays.stream(CongestionAlgorithm.values())
                .map(CongestionAlgorithm::label)
                .toList();
    }

    /** @throws IllegalArgumentException where there is none of that name */
    static CongestionControllerFactory factory(String name) {
        for (CongestionAlgorithm algorithm : CongestionAlgorithm.values()) {
            if (algorithm.label().equals(name)) {
                return algorithm.factory();
            }
        }
        throw new IllegalArgumentException(
                "no congestion controller is called '" + name + "'; there are " + String.join(", ", names()));
    }
}
