package io.stoq.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.protection.Aead;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Benchmarks that nobody runs rot: each is run once here, with each of its parameters that this machine
 * has. Nothing is measured. */
class BenchmarksTest {

    @Test
    void everyBenchmarkRuns() throws RunnerException {
        // Where others measure at the same time, it is they who are disturbed, and they will see it.
        System.setProperty("jmh.ignoreLock", "true");
        Options once = new OptionsBuilder()
                .include("io\\.stoq\\.bench\\.micro\\..*")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .param("aead", aeads().toArray(String[]::new))
                .param(
                        "cipher",
                        Stream.concat(Stream.of("none"), aeads().stream()).toArray(String[]::new))
                .mode(Mode.SingleShotTime)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        Collection<RunResult> results = new Runner(once).run();
        Set<String> ran = results.stream()
                .map(result -> result.getParams().getBenchmark())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(known(), ran);
        assertTrue(ran.size() > 20, () -> "only these are known: " + ran);
    }

    private static List<String> aeads() {
        try {
            Aead.IPSEC_MB.protection();
            return List.of("jca", "ipsec-mb");
        } catch (UnsupportedOperationException notHere) {
            return List.of("jca");
        }
    }

    private static Set<String> known() {
        return BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
                .stream()
                .map(entry -> entry.getUsername())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
