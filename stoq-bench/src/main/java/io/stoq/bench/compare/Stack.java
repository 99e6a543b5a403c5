package io.stoq.bench.compare;

import io.stoq.bench.baseline.Baseline;
import io.stoq.bench.baseline.Baselines;
import io.stoq.bench.perf.PerfClient;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that can be measured: STOQ, or what it is compared with.
 *
 * @param name as on the command line
 * @param baseline null for STOQ itself
 */
public record Stack(String name, Baseline baseline) {

    public static final Stack STOQ = new Stack(PerfClient.STACK, null);

    /** STOQ first. */
    public static List<Stack> all() {
        List<Stack> all = new ArrayList<>(List.of(STOQ));
        Baselines.all().forEach(baseline -> all.add(new Stack(baseline.name(), baseline)));
        return all;
    }

    public boolean isStoq() {
        return baseline == null;
    }

    /** Whether it is a limit of the machine and no way to move an application's data. */
    public boolean isCeiling() {
        return !isStoq() && name.startsWith("ceiling");
    }

    /** Why it cannot move datagrams of that size, as a clause; null where it can. */
    String obstacle(int payloadBytes) {
        return isStoq() ? null : baseline.obstacle(payloadBytes);
    }

    /** The {@code stoq} command that measures it. */
    List<String> command() {
        return isStoq() ? List.of("perf") : List.of("baseline", name);
    }

    public List<String> jvmFlags() {
        return isStoq() ? List.of() : baseline.jvmArguments();
    }
}
