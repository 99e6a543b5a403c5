package io.stoq.bench.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which authority. */
final class CaOptions {

    @Option(
            names = "--ca",
            paramLabel = "DIR",
            defaultValue = "ca",
            description = "The authority's folder. Default: ${DEFAULT-VALUE}.")
    private Path folder;

    Path folder() {
        return folder;
    }
}
