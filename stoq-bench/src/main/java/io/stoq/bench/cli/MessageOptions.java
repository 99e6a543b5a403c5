package io.stoq.bench.cli;

import io.stoq.bench.net.HostPort;
import io.stoq.bench.perf.MessageKind;
import io.stoq.bench.perf.MessageShape;
import io.stoq.bench.perf.PerfProtocol;
import io.stoq.bench.terminal.Units;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Small messages in place of bulk data. */
final class MessageOptions {

    /** What belongs to bulk data alone. */
    private static final List<String> BULK = List.of("--direction", "--verify", "--connections", "--streams");

    private static final int DEFAULT_SENDERS = 2;
    private static final int DEFAULT_PER_SECOND = 1000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--message-kind",
            paramLabel = "KIND",
            converter = Kind.class,
            description =
                    "With --message: 'stream' writes each message to a stream, 'datagram' sends it as a datagram, as"
                            + " fast as the transport takes them; 'echo' sends at a fixed rate on a stream and measures the time"
                            + " until each message is back. Default: stream.")
    private MessageKind kind;

    private int bytes;
    private int threads;
    private int perSecond;

    @Option(
            names = "--message",
            paramLabel = "BYTES",
            description = "Measure small messages of so many bytes over one connection, instead of bulk data.")
    private void message(int value) {
        bytes = Range.check(spec, "--message", value, 1, 65_536);
    }

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "With --message: threads that send at once, each on a stream of its own. Default: "
                    + DEFAULT_SENDERS + ", 1 for echoes.")
    private void threads(int value) {
        threads = Range.check(spec, "--threads", value, 1, 256);
    }

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "With --message-kind echo: messages per second, over all threads. Default: "
                    + DEFAULT_PER_SECOND + ".")
    private void rate(int value) {
        perSecond = Range.check(spec, "--rate", value, 1, 10_000_000);
    }

    /** The protocol to speak to the server. */
    String protocol() {
        return kind == MessageKind.ECHO ? PerfProtocol.ECHO_ALPN : PerfProtocol.ALPN;
    }

    /** What to do with small messages, or null where bulk data is wanted. */
    MessageShape shape() {
        if (bytes == 0) {
            require(kind == null, "--message-kind needs --message BYTES");
            require(threads == 0, "--threads needs --message BYTES");
            require(perSecond == 0, "--rate needs --message BYTES and --message-kind echo");
            return null;
        }
        for (String option : BULK) {
            require(
                    !spec.commandLine().getParseResult().hasMatchedOption(option),
                    option + " is for bulk data and does not go with --message");
        }
        boolean echo = kind == MessageKind.ECHO;
        require(echo || perSecond == 0, "--rate is for echoes: give --message-kind echo too, or leave it out");
        require(
                !echo || bytes >= MessageShape.STAMP_BYTES,
                "--message is " + bytes + "; an echo carries the time at which it was due and needs "
                        + MessageShape.STAMP_BYTES + " bytes or more");
        return new MessageShape(
                kind == null ? MessageKind.STREAM : kind,
                bytes,
                threads > 0 ? threads : echo ? 1 : DEFAULT_SENDERS,
                perSecond > 0 ? perSecond : DEFAULT_PER_SECOND);
    }

    String describe(HostPort address) {
        MessageShape shape = shape();
        String way = switch (shape.kind()) {
            case STREAM -> " written to streams of ";
            case DATAGRAM -> " as datagrams to ";
            case ECHO -> ", " + Units.count(shape.perSecond()) + " a second, to and fro on streams of ";
        };
        return "messages of " + shape.bytes() + " bytes" + way + address + ", "
                + Units.plural(shape.threads(), "sending thread");
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private static final class Kind implements ITypeConverter<MessageKind> {

        @Override
        public MessageKind convert(String value) {
            for (MessageKind kind : MessageKind.values()) {
                if (kind.toString().equalsIgnoreCase(value)) {
                    return kind;
                }
            }
            throw new TypeConversionException("unknown kind '" + value + "'; choose "
                    + Arrays.stream(MessageKind.values())
                            .map(MessageKind::toString)
                            .collect(Collectors.joining(", ")));
        }
    }
}
