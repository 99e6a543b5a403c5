package io.stoq.bench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stoq.bench.lab.relay.Relay;
import io.stoq.bench.lab.relay.RelayCounts;
import io.stoq.bench.lab.relay.RelaySpec;
import io.stoq.bench.lab.relay.RelayText;
import io.stoq.bench.net.Addresses;
import io.stoq.bench.net.HostPort;
import io.stoq.bench.terminal.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** A link between any two programs that speak UDP, until it is interrupted. */
@Command(
        name = "relay",
        description = {
            "Passes UDP datagrams between clients and a server by way of a link: slow, long, lossy, as the options say."
                    + " Needs no rights and no help of the kernel. Clients send to the relay instead of the server; all"
                    + " of them share the link.",
            ""
        })
final class LabRelayCommand implements Callable<Integer> {

    private static final long TICK_MS = 500;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            required = true,
            converter = Listen.class,
            description =
                    "Where clients send to, as in [::1]:4500; without a port any free one. May be given several times, each with a"
                            + " --to of its own.")
    private List<HostPort> listen;

    @Option(
            names = "--to",
            paramLabel = "ADDRESS",
            required = true,
            converter = To.class,
            description = "The server behind it, as in [::1]:4433.")
    private List<HostPort> targets;

    @Mixin
    private LinkOptions linkOptions;

    @Option(
            names = "--rebind-after",
            paramLabel = "TIME",
            split = ",",
            converter = LinkOptions.Time.class,
            description = "The server sees a client under another port from then on, counted from the client's first"
                    + " datagram; several times separated by commas.")
    private List<Long> rebindAfter = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of all chance. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--spin",
            paramLabel = "TIME",
            defaultValue = "60us",
            converter = LinkOptions.Time.class,
            description = "How long before a datagram is due the relay stops sleeping; 0us spares the processor."
                    + " Default: ${DEFAULT-VALUE}.")
    private long spinNs;

    @Option(names = "--json", description = "Print the counts as one JSON object at the end.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress.")
    private boolean quiet;

    private int seconds;
    private int maxClients;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "0",
            description = "End after this time; 0 for not before it is interrupted. Default: ${DEFAULT-VALUE}.")
    private void seconds(int value) {
        seconds = Range.check(spec, "--seconds", value, 0, 86_400);
    }

    @Option(
            names = "--max-clients",
            paramLabel = "N",
            defaultValue = "64",
            description = "Clients at once. Default: ${DEFAULT-VALUE}.")
    private void maxClients(int value) {
        maxClients = Range.check(spec, "--max-clients", value, 1, RelaySpec.MAX_CLIENTS);
    }

    @Override
    public Integer call() throws Exception {
        RelaySpec relaySpec = relaySpec();
        Screen screen = Stoq.screen(spec, quiet);
        try (Relay relay = Relay.start(relaySpec)) {
            show(relay, relaySpec, screen);
            RelayCounts counts = watch(relay, screen);
            screen.clearStatus();
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(new ObjectMapper().writeValueAsString(counts));
            } else {
                RelayText.lines(counts).forEach(out::println);
            }
            out.flush();
        }
        return 0;
    }

    private RelaySpec relaySpec() throws UserError {
        if (listen.size() != targets.size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--listen is given " + listen.size() + " times and --to " + targets.size()
                            + " times; each --listen needs a --to");
        }
        List<RelaySpec.Route> routes = new ArrayList<>();
        for (int i = 0; i < listen.size(); i++) {
            routes.add(new RelaySpec.Route(resolve(listen.get(i)), resolve(targets.get(i))));
        }
        try {
            return new RelaySpec(routes, linkOptions.up(), linkOptions.down(), rebindAfter, maxClients, seed, spinNs);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static InetSocketAddress resolve(HostPort address) throws UserError {
        try {
            for (InetAddress found : InetAddress.getAllByName(address.host())) {
                if (found instanceof Inet6Address) {
                    return new InetSocketAddress(found, address.port());
                }
            }
        } catch (UnknownHostException e) {
            throw new UserError(address.host() + " is not known; check the name", e);
        }
        throw new UserError(address.host() + " has no IPv6 address, and STOQ is IPv6 only");
    }

    private void show(Relay relay, RelaySpec relaySpec, Screen screen) throws IOException {
        for (int i = 0; i < relaySpec.routes().size(); i++) {
            screen.line("relay on " + Addresses.format(relay.addresses().get(i)) + " to "
                    + Addresses.format(relaySpec.routes().get(i).target())
                    + (seconds == 0 ? ", Ctrl-C ends it" : ""));
        }
        screen.line("  up    " + RelayText.describe(relaySpec.up()));
        screen.line("  down  " + RelayText.describe(relaySpec.down()));
        if (linkOptions.marks() && !relay.carriesEcn()) {
            screen.line("  the sockets of this platform do not tell ECN bits, so nothing will be marked");
        }
    }

    /** Until the time is over, or somebody interrupts; the counts as of then. */
    private RelayCounts watch(Relay relay, Screen screen) throws IOException {
        Thread here = Thread.currentThread();
        Thread onExit = new Thread(() -> {
            here.interrupt();
            try {
                here.join(TimeUnit.SECONDS.toMillis(2)); // it prints the counts
            } catch (InterruptedException e) {
                // The process ends in any case.
            }
        });
        Runtime.getRuntime().addShutdownHook(onExit);
        try {
            return tick(relay, screen);
        } finally {
            removeHook(onExit);
        }
    }

    private RelayCounts tick(Relay relay, Screen screen) throws IOException {
        RelayCounts last = relay.counts();
        long endNs = seconds == 0 ? Long.MAX_VALUE : last.atNs() + TimeUnit.SECONDS.toNanos(seconds);
        try {
            while (last.atNs() < endNs) {
                TimeUnit.MILLISECONDS.sleep(Math.min(TICK_MS, TimeUnit.NANOSECONDS.toMillis(endNs - last.atNs()) + 1));
                RelayCounts now = relay.counts();
                screen.status(RelayText.status(last, now));
                last = now;
            }
            return last;
        } catch (InterruptedException e) {
            return relay.counts();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook is what ended the watch.
        }
    }

    private static HostPort parse(String value, int defaultPort) {
        try {
            return HostPort.parse(value, defaultPort);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static final class Listen implements ITypeConverter<HostPort> {

        @Override
        public HostPort convert(String value) {
            return parse(value, 0);
        }
    }

    private static final class To implements ITypeConverter<HostPort> {

        @Override
        public HostPort convert(String value) {
            return parse(value, -1);
        }
    }
}
