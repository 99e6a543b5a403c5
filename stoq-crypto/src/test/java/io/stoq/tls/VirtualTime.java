package io.stoq.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Time that passes when the story says so, and what was told meanwhile. */
public final class VirtualTime {

    public final List<LiveEvent> told = new ArrayList<>();

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparing(Task::number));
    private final SplittableRandom random;
    private Instant now;
    private long number;

    public VirtualTime(Instant start, long seed) {
        this.now = start;
        this.random = new SplittableRandom(seed);
    }

    private record Task(Instant at, long number, Runnable work) {}

    public LiveIdentity keep(IdentitySource source) {
        return LiveIdentity.start(source, options(), clockwork());
    }

    LiveTrust keep(java.nio.file.Path authorities, java.nio.file.Path lists, UnknownRevocation unknown) {
        return LiveTrust.start(authorities, lists, unknown, options(), clockwork());
    }

    public LiveOptions options() {
        return LiveOptions.defaults().withListener(told::add);
    }

    public Instant now() {
        return now;
    }

    public void pass(Duration time) {
        Instant end = now.plus(time);
        while (!tasks.isEmpty() && !tasks.peek().at().isAfter(end)) {
            Task task = tasks.poll();
            now = task.at();
            task.work().run();
        }
        now = end;
    }

    /** How many things are yet to be done. */
    public int pending() {
        return tasks.size();
    }

    Clockwork clockwork() {
        return new Clockwork() {
            private boolean closed;

            @Override
            public Instant now() {
                return now;
            }

            @Override
            public double random() {
                return random.nextDouble();
            }

            @Override
            public void after(Duration delay, Runnable work) {
                if (!closed) {
                    tasks.add(new Task(now.plus(delay), number++, () -> {
                        if (!closed) {
                            work.run();
                        }
                    }));
                }
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }
}
