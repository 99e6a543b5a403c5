package io.stoq.bench.cli;

import io.stoq.config.ConnectionConfig;
import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.transport.QlogOptions;
import io.stoq.transport.StoqTransport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** How packets are made and moved. */
final class TransportOptions {

    static final int MIN_PAYLOAD_BYTES = 1200; // RFC 9000 §14
    static final int MAX_PAYLOAD_BYTES = 65_487;

    /** What a stream may have written and not yet acknowledged: enough for 1 Gbit/s at 130 ms. */
    private static final int STREAM_SEND_BUFFER_BYTES = 16 << 20;

    /** People who watch a bar stand still should soon hear why. */
    private static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(15);

    private static final int KEEP_ALIVES_PER_TIMEOUT = 3;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--io",
            paramLabel = "WAY",
            defaultValue = "auto",
            converter = Io.class,
            description = "How datagrams reach the kernel: auto, epoll, io_uring or nio. Default: ${DEFAULT-VALUE}.")
    private String io;

    @Option(
            names = "--cc",
            paramLabel = "NAME",
            defaultValue = "cubic",
            converter = Congestion.class,
            description = "Congestion control: newreno, cubic, bbr2 or bbr3. Default: ${DEFAULT-VALUE}.")
    private CongestionAlgorithm congestion;

    @Option(
            names = "--qlog",
            paramLabel = "DIR",
            description = "Record connections as qlog files in this folder, packet by packet. Default: not.")
    private Path qlog;

    @Option(
            names = "--qlog-schema",
            paramLabel = "NAME",
            defaultValue = "ietf",
            converter = Schema.class,
            description = "How the files call things: ietf, or qvis for that tool. Default: ${DEFAULT-VALUE}.")
    private QlogOptions.Schema qlogSchema;

    private int qlogEvery;

    @Option(
            names = "--qlog-every",
            paramLabel = "N",
            defaultValue = "1",
            description = "Record one of so many connections. Default: ${DEFAULT-VALUE}.")
    private void qlogEvery(int connections) {
        qlogEvery = Range.check(spec, "--qlog-every", connections, 1, 1_000_000);
    }

    private Duration idleTimeout;

    @Option(
            names = "--idle-timeout",
            paramLabel = "SECONDS",
            description =
                    "Silence after which a connection ends; after a third of it a keep-alive breaks it. Default: 15, with"
                            + " --hold 90.")
    private void idleTimeout(int seconds) {
        idleTimeout = Duration.ofSeconds(Range.check(spec, "--idle-timeout", seconds, 1, 86_400));
    }

    private int payloadBytes;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            defaultValue = "1452",
            description =
                    "Largest UDP payload to send, however much more the path carries. 1232 fits every IPv6 path, 1452 an"
                            + " Ethernet, 65487 the loopback. Default: ${DEFAULT-VALUE}.")
    private void payload(int bytes) {
        payloadBytes = Range.check(spec, "--payload", bytes, MIN_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES);
    }

    String io() {
        return io;
    }

    String congestion() {
        return congestion.label();
    }

    int payloadBytes() {
        return payloadBytes;
    }

    /** Opens the transport; closing it is the caller's. */
    StoqTransport open() {
        return builder().build();
    }

    /** As {@link #open()}, with one event loop: all client connections share one socket. */
    StoqTransport openOneLoop() {
        return builder().eventLoops(1).build();
    }

    private StoqTransport.Builder builder() {
        StoqTransport.Builder builder = StoqTransport.builder().io(io).streamSendBufferBytes(STREAM_SEND_BUFFER_BYTES);
        return qlog == null
                ? builder
                : builder.qlog(QlogOptions.to(qlog).withSampleEvery(qlogEvery).withSchema(qlogSchema));
    }

    /** What all connections of the tools have in common. */
    ConnectionConfig.Builder connectionConfig() {
        return ConnectionConfig.builder()
                .maxUdpPayloadBytes(payloadBytes)
                .congestion(congestion)
                .idleTimeout(idleTimeout())
                .keepAlive(keepAlive());
    }

    Duration keepAlive() {
        return idleTimeout().dividedBy(KEEP_ALIVES_PER_TIMEOUT);
    }

    private Duration idleTimeout() {
        return idleTimeout == null ? DEFAULT_IDLE_TIMEOUT : idleTimeout;
    }

    /** Another default, for a command that needs one. */
    void idleTimeoutUnlessGiven(Duration value) {
        idleTimeout = idleTimeout == null ? value : idleTimeout;
    }

    /** The same choices, for another process. */
    List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(List.of("--io", io, "--cc", congestion(), "--payload", Integer.toString(payloadBytes)));
        arguments.addAll(List.of("--idle-timeout", Long.toString(idleTimeout().toSeconds())));
        if (qlog != null) {
            arguments.addAll(List.of("--qlog", qlog.toString(), "--qlog-every", Integer.toString(qlogEvery)));
            arguments.addAll(List.of("--qlog-schema", qlogSchema.name().toLowerCase(Locale.ROOT)));
        }
        return arguments;
    }

    static final class Io implements ITypeConverter<String> {

        @Override
        public String convert(String value) {
            String name = value.toLowerCase(Locale.ROOT);
            if (!List.of("auto", "epoll", "io_uring", "nio").contains(name)) {
                throw new TypeConversionException("unknown way '" + value + "'; choose auto, epoll, io_uring or nio");
            }
            return name;
        }
    }

    static final class Schema implements ITypeConverter<QlogOptions.Schema> {

        @Override
        public QlogOptions.Schema convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "ietf" -> QlogOptions.Schema.IETF;
                case "qvis" -> QlogOptions.Schema.QVIS;
                default -> throw new TypeConversionException("unknown schema '" + value + "'; choose ietf or qvis");
            };
        }
    }

    static final class Congestion implements ITypeConverter<CongestionAlgorithm> {

        @Override
        public CongestionAlgorithm convert(String value) {
            for (CongestionAlgorithm algorithm : CongestionAlgorithm.values()) {
                if (algorithm.label().equalsIgnoreCase(value)) {
                    return algorithm;
                }
            }
            throw new TypeConversionException("unknown congestion control '" + value + "'; choose "
                    + Arrays.stream(CongestionAlgorithm.values())
                            .map(CongestionAlgorithm::label)
                            .collect(Collectors.joining(", ")));
        }
    }
}
