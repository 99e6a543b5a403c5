package io.stoq.bench.cli;

import io.stoq.bench.compare.Comparison;
import io.stoq.bench.compare.Stack;
import io.stoq.bench.perf.LoadShape;
import io.stoq.congestion.CongestionAlgorithm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What is compared with what. */
final class CompareOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--stacks",
            paramLabel = "NAME",
            split = ",",
            converter = ByName.class,
            defaultValue = "stoq,netty-quic,tls-tcp,ceiling,ceiling-jca",
            description = "Which, separated by commas. Default: ${DEFAULT-VALUE}.")
    private List<Stack> stacks;

    private List<Integer> payloads;
    private int rounds;

    @Option(
            names = "--io",
            paramLabel = "WAY",
            defaultValue = "auto",
            converter = TransportOptions.Io.class,
            description = "How all of them reach the kernel: auto, epoll, io_uring or nio. Default: ${DEFAULT-VALUE}.")
    private String io;

    @Option(
            names = "--cc",
            paramLabel = "NAME",
            defaultValue = "cubic",
            converter = TransportOptions.Congestion.class,
            description = "Congestion control of those that have QUIC: newreno, cubic or bbr2, and bbr3 for STOQ alone."
                    + " Default: ${DEFAULT-VALUE}.")
    private CongestionAlgorithm congestion;

    @Option(
            names = "--tune",
            paramLabel = "STACK.NAME=VALUE",
            description = "A setting of one stack other than the best known, as in netty-quic.gso=10. May be given"
                    + " several times; a wrong name lists all.")
    private List<String> tuning = List.of();

    @Option(
            names = "--payloads",
            paramLabel = "BYTES",
            split = ",",
            defaultValue = "1452,8952,16383,65487",
            description = "Largest UDP payloads, separated by commas. Default: ${DEFAULT-VALUE}.")
    private void payloads(List<Integer> values) {
        for (int value : values) {
            Range.check(
                    spec, "--payloads", value, TransportOptions.MIN_PAYLOAD_BYTES, TransportOptions.MAX_PAYLOAD_BYTES);
        }
        payloads = distinct("--payloads", values);
    }

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often all are measured, in turn. Default: ${DEFAULT-VALUE}.")
    private void rounds(int value) {
        rounds = Range.check(spec, "--rounds", value, 1, 1000);
    }

    /** @throws ParameterException where the choices do not go together */
    Comparison comparison(LoadShape shape, int seconds, int warmupSeconds, List<String> aead) {
        if (shape.streams() != 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--streams is " + shape.streams() + "; stacks are compared with one stream a connection");
        }
        Comparison comparison = new Comparison(
                distinct("--stacks", stacks),
                payloads,
                rounds,
                shape,
                io,
                congestion.label(),
                aead,
                seconds,
                warmupSeconds,
                tuningByStack());
        try {
            comparison.requireValid();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--tune or --cc: " + e.getMessage(), e);
        }
        return comparison;
    }

    private Map<String, List<String>> tuningByStack() {
        Map<String, List<String>> byStack = new LinkedHashMap<>();
        for (String setting : tuning) {
            int dot = setting.indexOf('.');
            String stack = dot < 0 ? "" : setting.substring(0, dot);
            if (stacks.stream()
                    .noneMatch(known -> !known.isStoq() && known.name().equals(stack))) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--tune '" + setting + "' names no stack that can be tuned and is measured; write it as in"
                                + " netty-quic.gso=10");
            }
            byStack.computeIfAbsent(stack, name -> new ArrayList<>()).add(setting.substring(dot + 1));
        }
        return byStack;
    }

    private <T> List<T> distinct(String option, List<T> values) {
        if (new HashSet<>(values).size() != values.size()) {
            throw new ParameterException(spec.commandLine(), option + " names something twice; name each once");
        }
        return List.copyOf(values);
    }

    private static final class ByName implements ITypeConverter<Stack> {

        @Override
        public Stack convert(String value) {
            return Stack.all().stream()
                    .filter(stack -> stack.name().equalsIgnoreCase(value.strip()))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("unknown stack '" + value + "'; choose among "
                            + Stack.all().stream().map(Stack::name).collect(Collectors.joining(", "))));
        }
    }
}
