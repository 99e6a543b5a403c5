package io.stoq.bench.perf;

import java.util.List;

/** The result of a measurement. Its record components are the JSON object that {@code --json} prints. */
public interface Report {

    /** The result for people. */
    List<String> lines();
}
