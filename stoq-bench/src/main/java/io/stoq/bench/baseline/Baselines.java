package io.stoq.bench.baseline;

import java.util.List;

/** All stacks that STOQ can be compared with. */
public final class Baselines {

    private static final List<Baseline> ALL =
            List.of(new NettyQuic(), new TlsOverTcp(), UdpCeiling.best(), UdpCeiling.jca());

    private Baselines() {}

    /** In the order in which they are shown. */
    public static List<Baseline> all() {
        return ALL;
    }

    /** The one of that name, or null. */
    public static Baseline named(String name) {
        return ALL.stream()
                .filter(baseline -> baseline.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
