package io.stoq.bench.lab.real;

import io.stoq.bench.lab.relay.LinkSpec;
import io.stoq.bench.lab.relay.QueueSize;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A link to run stacks over. Bulk goes down, from the server; loss is that way only. */
public enum Scenario {
    LOSSY("lossy", "1 % random loss", 100_000_000L, 20_000_000L, 1, 0.01, 1),
    DEEP_BUFFER("deep-buffer", "deep buffer", 20_000_000L, 15_000_000L, 10, 0, 1),
    SHALLOW_BUFFER("shallow-buffer", "shallow buffer", 100_000_000L, 20_000_000L, 0.5, 0, 1),
    TWO_FLOWS("two-flows", "two flows, the second late", 100_000_000L, 20_000_000L, 2, 0, 2);

    private final String label;
    private final String title;
    private final long bitsPerSecond;
    private final long delayNs;
    private final double queueBdp;
    private final double loss;
    private final int flows;

    Scenario(String label, String title, long bitsPerSecond, long delayNs, double queueBdp, double loss, int flows) {
        this.label = label;
        this.title = title;
        this.bitsPerSecond = bitsPerSecond;
        this.delayNs = delayNs;
        this.queueBdp = queueBdp;
        this.loss = loss;
        this.flows = flows;
    }

    /** @throws IllegalArgumentException that names all, where there is none of that name */
    public static Scenario named(String label) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.label.equalsIgnoreCase(label.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown scenario '" + label + "'; choose all, "
                        + Arrays.stream(values()).map(Scenario::label).collect(Collectors.joining(", "))));
    }

    /** As on the command line. */
    public String label() {
        return label;
    }

    public String title() {
        return title;
    }

    public double rateMbps() {
        return bitsPerSecond / 1e6;
    }

    /** Of the path without queues. */
    public double baseRttMs() {
        return 2 * delayNs / 1e6;
    }

    public double queueBdp() {
        return queueBdp;
    }

    /** Connections that share the link. */
    public int flows() {
        return flows;
    }

    /** Acknowledgements meet a queue that they cannot fill. */
    LinkSpec up() {
        return link(QueueSize.ONE_BDP);
    }

    LinkSpec down() {
        return link(new QueueSize(queueBdp, QueueSize.Unit.BDP)).loss(loss);
    }

    private LinkSpec link(QueueSize queue) {
        return LinkSpec.CLEAN
                .rate(bitsPerSecond, queue.bytes(bitsPerSecond, 2 * delayNs))
                .delay(delayNs, 0);
    }
}
