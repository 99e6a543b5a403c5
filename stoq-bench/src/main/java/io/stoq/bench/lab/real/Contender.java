package io.stoq.bench.lab.real;

import io.stoq.bench.compare.Stack;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.congestion.CongestionAlgorithm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A stack with a congestion control.
 *
 * @param name as on the command line: {@code stoq-cubic}, {@code netty-bbr2}
 * @param congestion as the stack's own command knows it
 */
public record Contender(String name, Stack stack, String congestion) {

    private static final String NETTY = "netty-quic";
    private static final List<String> NETTY_CONTROLS = List.of("newreno", "cubic", "bbr2");
    private static final int PAYLOAD_BYTES = 1452;

    /** STOQ's initial window, as in RFC 9002 §7.2. On loopback the codec is given more, which helps it there. */
    private static final int INITIAL_PACKETS = 10;

    /** All that there are, STOQ's first. */
    public static List<Contender> all() {
        List<Contender> all = new ArrayList<>();
        Arrays.stream(CongestionAlgorithm.values())
                .map(CongestionAlgorithm::label)
                .forEach(label -> all.add(new Contender("stoq-" + label, Stack.STOQ, label)));
        Stack netty = Stack.all().stream()
                .filter(stack -> stack.name().equals(NETTY))
                .findFirst()
                .orElseThrow();
        NETTY_CONTROLS.forEach(label -> all.add(new Contender("netty-" + label, netty, label)));
        return all;
    }

    /** @throws IllegalArgumentException that names all, where there is none of that name */
    public static Contender named(String name) {
        return all().stream()
                .filter(contender -> contender.name.equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown stack '" + name + "'; choose among "
                        + String.join(", ", all().stream().map(Contender::name).toList())));
    }

    public boolean isStoq() {
        return stack.isStoq();
    }

    boolean isBbr() {
        return congestion.startsWith("bbr");
    }

    /** The {@code stoq} command of a server that is controlled by its standard input. */
    List<String> serverArguments() {
        List<String> arguments = new ArrayList<>(
                isStoq()
                        ? List.of("perf", "server", "--controlled", "--listen", "::1", "--port", "0")
                        : List.of("baseline", stack.name(), "--controlled", "--direction", "down"));
        arguments.addAll(common());
        return arguments;
    }

    /** The {@code stoq} command of a client that receives bulk, and prints its report as JSON. */
    List<String> clientArguments(int port, ServerProcess.Greeting server, int warmupSeconds, int seconds) {
        List<String> arguments = new ArrayList<>(
                isStoq()
                        ? List.of("perf", "client", "[::1]:" + port)
                        : List.of("baseline", stack.name(), "--server", Integer.toString(port)));
        arguments.addAll(List.of("--fingerprint", server.fingerprint(), "--direction", "down", "--json", "--quiet"));
        arguments.addAll(List.of("--warmup", Integer.toString(warmupSeconds), "--seconds", Integer.toString(seconds)));
        arguments.addAll(common());
        return arguments;
    }

    private List<String> common() {
        List<String> payload = List.of("--payload", Integer.toString(PAYLOAD_BYTES));
        return Stream.concat(
                        payload.stream(),
                        isStoq()
                                ? Stream.of("--cc", congestion)
                                : Stream.of("--tune", "cc=" + congestion, "--tune", "iw=" + INITIAL_PACKETS))
                .toList();
    }
}
