package io.stoq.bench.cli;

import io.stoq.bench.lab.relay.LinkSpec;
import io.stoq.bench.lab.relay.Quantity;
import io.stoq.bench.lab.relay.QueueSize;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What a link does to datagrams, as on a command line. "Up" is from the client to the server. */
final class LinkOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            converter = Rate.class,
            description = "Bottleneck of each direction, in UDP payload, as in 100mbit. Default: none.")
    private Long rate;

    @Option(
            names = "--up-rate",
            paramLabel = "RATE",
            converter = Rate.class,
            description = "Another rate from the client to the server.")
    private Long upRate;

    @Option(
            names = "--down-rate",
            paramLabel = "RATE",
            converter = Rate.class,
            description = "Another rate from the server to the client.")
    private Long downRate;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            defaultValue = "0ms",
            converter = Time.class,
            description = "One way, as in 20ms for a round trip of 40 ms. Default: ${DEFAULT-VALUE}.")
    private Long delay;

    @Option(
            names = "--up-delay",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Another delay from the client to the server.")
    private Long upDelay;

    @Option(
            names = "--down-delay",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Another delay from the server to the client.")
    private Long downDelay;

    @Option(
            names = "--jitter",
            paramLabel = "TIME",
            defaultValue = "0ms",
            converter = Time.class,
            description = "Evenly spread on top of the delay; the order stays. Default: ${DEFAULT-VALUE}.")
    private Long jitter;

    @Option(
            names = "--queue",
            paramLabel = "SIZE",
            defaultValue = "1bdp",
            converter = Queue.class,
            description = "Room before the bottleneck: 64kb, 100packets, or 1bdp for the rate times the delay there and"
                    + " back. Default: ${DEFAULT-VALUE}.")
    private QueueSize queue;

    @Option(
            names = "--ecn-mark-above",
            paramLabel = "SIZE",
            converter = Queue.class,
            description = "ECN-capable datagrams that find more than this in the queue are marked CE.")
    private QueueSize markAbove;

    @Option(
            names = "--loss",
            paramLabel = "SHARE",
            defaultValue = "0%",
            converter = Share.class,
            description = "Datagrams that vanish, each by itself, as in 1%%. Default: 0%%.")
    private Double loss;

    @Option(
            names = "--up-loss",
            paramLabel = "SHARE",
            converter = Share.class,
            description = "Another share from the client to the server.")
    private Double upLoss;

    @Option(
            names = "--down-loss",
            paramLabel = "SHARE",
            converter = Share.class,
            description = "Another share from the server to the client.")
    private Double downLoss;

    @Option(
            names = "--reorder",
            paramLabel = "SHARE",
            defaultValue = "0%",
            converter = Share.class,
            description = "Datagrams that are held back. Default: 0%%.")
    private Double reorder;

    @Option(
            names = "--reorder-by",
            paramLabel = "TIME",
            defaultValue = "5ms",
            converter = Time.class,
            description = "For how long. Default: ${DEFAULT-VALUE}.")
    private Long reorderBy;

    @Option(
            names = "--duplicate",
            paramLabel = "SHARE",
            defaultValue = "0%",
            converter = Share.class,
            description = "Datagrams that arrive twice. Default: 0%%.")
    private Double duplicate;

    @Option(
            names = "--corrupt",
            paramLabel = "SHARE",
            defaultValue = "0%",
            converter = Share.class,
            description = "Datagrams that arrive with a bit flipped. Default: 0%%.")
    private Double corrupt;

    LinkSpec up() {
        return direction(either(upRate, rate), either(upDelay, delay), either(upLoss, loss));
    }

    LinkSpec down() {
        return direction(either(downRate, rate), either(downDelay, delay), either(downLoss, loss));
    }

    boolean marks() {
        return markAbove != null;
    }

    private LinkSpec direction(Long bitsPerSecond, long delayNs, double share) {
        LinkSpec link = LinkSpec.CLEAN
                .delay(delayNs, jitter)
                .loss(share)
                .reorder(reorder, reorderBy)
                .duplicate(duplicate)
                .corrupt(corrupt);
        if (bitsPerSecond == null) {
            if (markAbove != null) {
                throw new ParameterException(
                        spec.commandLine(), "--ecn-mark-above needs a queue, and that needs --rate");
            }
            return link;
        }
        long rttNs = either(upDelay, delay) + either(downDelay, delay);
        link = link.rate(bitsPerSecond, queue.bytes(bitsPerSecond, rttNs));
        return markAbove == null ? link : link.markAbove(markAbove.bytes(bitsPerSecond, rttNs));
    }

    private static <T> T either(T special, T general) {
        return special == null ? general : special;
    }

    private static final class Rate implements ITypeConverter<Long> {

        @Override
        public Long convert(String value) {
            return converted(() -> Quantity.bitsPerSecond(value));
        }
    }

    static final class Time implements ITypeConverter<Long> {

        @Override
        public Long convert(String value) {
            return converted(() -> Quantity.durationNs(value));
        }
    }

    private static final class Share implements ITypeConverter<Double> {

        @Override
        public Double convert(String value) {
            return converted(() -> Quantity.share(value));
        }
    }

    private static final class Queue implements ITypeConverter<QueueSize> {

        @Override
        public QueueSize convert(String value) {
            return converted(() -> QueueSize.parse(value));
        }
    }

    private static <T> T converted(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
