package io.stoq.pool.policy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqException;
import io.stoq.pool.MemberState;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.PoolEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/** A pool, its clock and its endpoint's servers, in virtual time. */
final class World implements PoolHost {

    static final long MS = 1_000_000;
    static final long SECOND = 1000 * MS;

    private static final long HANDSHAKE_TIMEOUT_NS = 3 * SECOND;
    private static final int MOST_TURNS_AT_ONCE = 1000;

    /** What is to happen, in order; equal times in the order in which they were scheduled. */
    private record Due(long atNs, long number, Runnable action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(number, other.number);
        }
    }

    /** A server, or a place where there is none. */
    static final class Server {
        final InetSocketAddress address;
        final long rttNs;
        boolean up = true;
        boolean refusing;
        final List<FakeConnection> connections = new ArrayList<>();

        private Server(InetSocketAddress address, long rttNs) {
            this.address = address;
            this.rttNs = rttNs;
        }

        /** Its machine loses power: nobody is told. */
        void vanish() {
            up = false;
            connections.forEach(connection -> connection.silent = true);
        }
    }

    final Pool pool;
    final SplittableRandom random;
    final List<PoolEvent> events = new ArrayList<>();
    final List<Long> dialsNs = new ArrayList<>();
    final Map<InetSocketAddress, Server> servers = new HashMap<>();
    final List<FakeConnection> connections = new ArrayList<>();
    List<InetSocketAddress> names = new ArrayList<>();
    List<Member> usable = List.of();
    StoqException refusal;
    StoqException unresolvable;
    boolean asleep;
    boolean mayGrow;
    boolean ended;
    long nowNs;
    long timerTurns;
    int resolutions;
    private final PriorityQueue<Due> agenda = new PriorityQueue<>();
    private final Set<Long> givenUp = new HashSet<>();
    private long number;

    World(long seed, PoolConfig config) {
        random = new SplittableRandom(seed);
        pool = new Pool(config, random::nextLong, this);
    }

    Server server(int port, long rttNs) {
        Server server = new Server(address(port), rttNs);
        servers.put(server.address, server);
        names.add(server.address);
        return server;
    }

    static InetSocketAddress address(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName("2001:db8::1"), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    void after(long delayNs, Runnable action) {
        agenda.add(new Due(nowNs + delayNs, number++, action));
    }

    void start() {
        pool.start(nowNs);
    }

    void run(Duration duration) {
        long untilNs = nowNs + duration.toNanos();
        int turnsAtOnce = 0;
        while (true) {
            long deadlineNs = Math.max(nowNs, pool.nextDeadlineNs());
            long eventNs = agenda.isEmpty() ? Long.MAX_VALUE : agenda.peek().atNs;
            long nextNs = Math.min(deadlineNs, eventNs);
            if (nextNs > untilNs) {
                nowNs = untilNs;
                return;
            }
            turnsAtOnce = nextNs == nowNs ? turnsAtOnce + 1 : 0;
            assertTrue(turnsAtOnce < MOST_TURNS_AT_ONCE, "the pool spins");
            nowNs = nextNs;
            if (eventNs <= deadlineNs) {
                agenda.poll().action.run();
            } else {
                timerTurns++;
                pool.onTimeout(nowNs);
            }
        }
    }

    /** As a thread does that acquires; null where there is nothing now, and then the pool hears of it. */
    FakeConnection acquire() {
        if (usable.isEmpty()) {
            pool.onDemand(nowNs);
            return null;
        }
        FakeConnection chosen =
                (FakeConnection) usable.get(random.nextInt(usable.size())).connection();
        chosen.acquire();
        if (asleep) {
            asleep = false;
            pool.onActivity(nowNs);
        }
        return chosen;
    }

    /** Requests that take {@code holdNs}, one each {@code everyNs}, for so long. */
    void use(Duration duration, long everyNs, long holdNs) {
        for (long atNs = 0; atNs < duration.toNanos(); atNs += everyNs) {
            after(atNs, () -> {
                FakeConnection chosen = acquire();
                if (chosen != null) {
                    after(holdNs, chosen::release);
                }
            });
        }
        run(duration);
    }

    <T extends PoolEvent> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<PoolEvent.StateChanged> changesTo(MemberState state) {
        return events(PoolEvent.StateChanged.class).stream()
                .filter(event -> event.to() == state)
                .toList();
    }

    // ---- what the pool asks for

    @Override
    public void resolve() {
        resolutions++;
        after(MS, () -> {
            if (unresolvable != null) {
                pool.onResolveFailed(nowNs, unresolvable);
            } else {
                pool.onResolved(nowNs, names);
            }
        });
    }

    @Override
    public void dial(long attempt, InetSocketAddress address) {
        dialsNs.add(nowNs);
        Server server = servers.get(address);
        long takesNs = server.up ? 2 * server.rttNs : HANDSHAKE_TIMEOUT_NS;
        boolean succeeds = server.up && !server.refusing;
        after(takesNs, () -> {
            if (givenUp.contains(attempt)) {
                return;
            }
            if (succeeds && server.up) {
                FakeConnection connection = new FakeConnection(this, server);
                connections.add(connection);
                server.connections.add(connection);
                connection.member = pool.onConnected(nowNs, attempt, address, connection);
            } else {
                pool.onDialFailed(nowNs, attempt, server.up ? "refused" : "the handshake did not complete");
            }
        });
    }

    @Override
    public void giveUp(long attempt) {
        assertTrue(givenUp.add(attempt), "given up twice");
    }

    @Override
    public void publish(List<Member> members, StoqException reason, boolean growth) {
        for (Member member : members) {
            assertTrue(member.state().isLive());
            assertFalse(((FakeConnection) member.connection()).closed);
        }
        usable = members;
        refusal = reason;
        mayGrow = growth;
    }

    @Override
    public void sleep() {
        asleep = true;
    }

    @Override
    public void tell(PoolEvent event) {
        events.add(event);
    }

    @Override
    public void ended() {
        assertFalse(ended);
        ended = true;
    }
}
