package io.stoq.bench.lab.real;

import io.stoq.bench.lab.real.Result.Sample;
import io.stoq.bench.lab.relay.LaneCounts;
import io.stoq.bench.lab.relay.Relay;
import io.stoq.bench.lab.relay.RelayCounts;
import io.stoq.bench.lab.relay.RelaySpec;
import io.stoq.bench.perf.PerfReport;
import io.stoq.bench.perf.ServerProcess;
import io.stoq.bench.perf.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;

/** One trial: servers and clients in JVMs of their own, the relay in this one. Confined to one thread. */
final class TrialRun {

    private static final long SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(250);

    /** For JVMs to start on a busy machine. */
    private static final long START_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

    private static final long END_LIMIT_S = 20;

    /** What the first of two flows outlasts the second by, at least; both are ended before. */
    private static final int MORE_S = 60;

    private final Plan plan;
    private final Trial trial;
    private final Class<?> mainClass;
    private final DoubleConsumer progress;
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<ClientProcess> clients = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private Relay relay;

    /**
     * @param mainClass the {@code stoq} command
     * @param progress hears now and then how much is done, 0 to 1
     */
    TrialRun(Plan plan, Trial trial, Class<?> mainClass, DoubleConsumer progress) {
        this.plan = plan;
        this.trial = trial;
        this.mainClass = mainClass;
        this.progress = progress;
    }

    Result run() throws InterruptedException {
        try {
            return measure();
        } catch (IOException e) {
            return new Result.Failed(trial, e.getMessage());
        } finally {
            close();
        }
    }

    private Result measure() throws IOException, InterruptedException {
        List<RelaySpec.Route> routes = new ArrayList<>();
        for (Contender flow : trial.flows()) {
            ServerProcess server =
                    ServerProcess.start(flow.stack().jvmFlags(), mainClass, flow.serverArguments(), complaint -> {});
            servers.add(server);
            routes.add(RelaySpec.Route.toLoopback(server.greeting().port()));
        }
        relay = Relay.start(new RelaySpec(
                routes,
                trial.scenario().up(),
                trial.scenario().down(),
                List.of(),
                RelaySpec.DEFAULT_CLIENTS,
                trial.round(),
                RelaySpec.DEFAULT_SPIN_NS));
        startClient(0);
        RelayCounts start = awaitFirstDatagram();
        return trial.flows().size() == 1 ? measureOne(start) : measureTwo(start);
    }

    private Result measureOne(RelayCounts start) throws IOException, InterruptedException {
        RelayCounts from = watchUntil(start, plan.warmupSeconds());
        relay.restartGauges();
        RelayCounts to = watchUntil(start, plan.warmupSeconds() + plan.seconds());
        Snapshot sender = servers.getFirst().snapshot();
        PerfReport report = clients.getFirst().report(END_LIMIT_S);
        return result(List.of(8 * report.bytes() / report.seconds() / 1e6), from, to, sender);
    }

    private Result measureTwo(RelayCounts start) throws IOException, InterruptedException {
        watchUntil(start, plan.warmupSeconds());
        startClient(1);
        double atS = plan.warmupSeconds();
        RelayCounts second = relay.counts();
        while (second.routes().get(1).downBytes() == 0) {
            atS += SAMPLE_NS / 1e9;
            requireNotLate(second.atNs() - start.atNs() - plan.warmupSeconds() * 1_000_000_000L);
            second = watchUntil(start, atS);
        }
        double beganS = (second.atNs() - start.atNs()) / 1e9;
        RelayCounts from = watchUntil(start, beganS + plan.seconds() / 2.0);
        relay.restartGauges();
        RelayCounts to = watchUntil(start, beganS + plan.seconds());
        return result(mbps(from, to), from, to, servers.getFirst().snapshot());
    }

    private void startClient(int flow) throws IOException {
        // Of two flows none ends before both have been watched.
        int seconds = trial.flows().size() == 1 ? plan.seconds() : plan.seconds() + MORE_S;
        Contender contender = trial.flows().get(flow);
        clients.add(new ClientProcess(
                contender.stack().jvmFlags(),
                mainClass,
                contender.clientArguments(
                        relay.addresses().get(flow).getPort(),
                        servers.get(flow).greeting(),
                        plan.warmupSeconds(),
                        seconds)));
    }

    private RelayCounts awaitFirstDatagram() throws IOException, InterruptedException {
        RelayCounts counts = relay.counts();
        while (counts.down().passed() == 0) {
            requireNotLate(counts.atNs());
            clients.getFirst().requireWell();
            TimeUnit.MILLISECONDS.sleep(5);
            counts = relay.counts();
        }
        return counts;
    }

    private static void requireNotLate(long waitedNs) throws IOException {
        if (waitedNs > START_LIMIT_NS) {
            throw new IOException("nothing came from the client; this machine may be too busy, try again");
        }
    }

    /** Takes samples until the time, in seconds from the start. */
    private RelayCounts watchUntil(RelayCounts start, double atS) throws IOException, InterruptedException {
        long endNs = start.atNs() + Math.round(atS * 1e9);
        RelayCounts last = relay.counts();
        while (last.atNs() < endNs) {
            TimeUnit.NANOSECONDS.sleep(Math.min(SAMPLE_NS, endNs - last.atNs()));
            RelayCounts now = relay.counts();
            double seconds = (now.atNs() - start.atNs()) / 1e9;
            if (now.atNs() - last.atNs() > SAMPLE_NS / 2) {
                samples.add(new Sample(
                        seconds,
                        mbps(last, now),
                        queueShare(now.down(), now.down().queuedBytes())));
            }
            progress.accept(Math.min(1, seconds / (plan.warmupSeconds() + plan.seconds())));
            for (ClientProcess client : clients) {
                client.requireWell();
            }
            last = now;
        }
        return last;
    }

    private Result result(List<Double> goodput, RelayCounts from, RelayCounts to, Snapshot sender) {
        LaneCounts down = to.down();
        double arrived = Math.max(1, down.arrived() - from.down().arrived());
        return new Result.Measured(
                trial,
                goodput,
                rttMs(down.meanQueueBytes()),
                rttMs(down.p99QueueBytes()),
                sender.smoothedRttNs() > 0 ? sender.smoothedRttNs() / 1e6 : null,
                queueShare(down, down.meanQueueBytes()),
                (down.queueDropped() - from.down().queueDropped()) / arrived,
                (down.lost() - from.down().lost()) / arrived,
                to.p99LateUs(),
                List.copyOf(samples));
    }

    private double rttMs(long queueBytes) {
        return trial.scenario().baseRttMs()
                + 8e3 * queueBytes / trial.scenario().down().bitsPerSecond();
    }

    private static double queueShare(LaneCounts lane, long bytes) {
        return (double) bytes / lane.queueBytes();
    }

    private static List<Double> mbps(RelayCounts from, RelayCounts to) {
        List<Double> flows = new ArrayList<>();
        for (int i = 0; i < to.routes().size(); i++) {
            long bytes = to.routes().get(i).downBytes() - from.routes().get(i).downBytes();
            flows.add(8e3 * bytes / (to.atNs() - from.atNs()));
        }
        return flows;
    }

    private void close() {
        for (ClientProcess client : clients) {
            try {
                client.close();
            } catch (IOException e) {
                // Only files of no use are left.
            }
        }
        if (relay != null) {
            relay.close();
        }
        servers.forEach(ServerProcess::close);
    }
}
