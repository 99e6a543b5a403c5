package io.stoq.transport.telemetry;

import io.stoq.pool.PoolEvent;
import io.stoq.pool.PoolEvents;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** One pool's events for Java Flight Recorder. They are rare: an event that is not recorded is made and thrown away. */
final class PoolRecording implements PoolEvents {

    private final String pool;

    PoolRecording(String pool) {
        this.pool = pool;
    }

    @Override
    public void onEvent(PoolEvent told) {
        switch (told) {
            case PoolEvent.Resolved(List<InetSocketAddress> addresses) -> {
                AddressesEvent event = new AddressesEvent();
                event.addresses =
                        addresses.stream().map(InetSocketAddress::toString).collect(Collectors.joining(" "));
                commit(event);
            }
            case PoolEvent.ResolveFailed(String reason) -> {
                ResolveFailedEvent event = new ResolveFailedEvent();
                event.reason = reason;
                commit(event);
            }
            case PoolEvent.DialFailed(InetSocketAddress address, String reason) -> {
                DialFailedEvent event = new DialFailedEvent();
                event.remote = address.toString();
                event.reason = reason;
                commit(event);
            }
            case PoolEvent.Opened(long member, InetSocketAddress address) ->
                commit(memberEvent(member, address, "dialing", "healthy", ""));
            case PoolEvent.StateChanged changed ->
                commit(memberEvent(
                        changed.member(),
                        changed.address(),
                        lower(changed.from()),
                        lower(changed.to()),
                        changed.reason()));
            case PoolEvent.BreakerChanged changed -> {
                BreakerEvent event = new BreakerEvent();
                event.oldState = lower(changed.from());
                event.newState = lower(changed.to());
                commit(event);
            }
            case PoolEvent.BackedOff backedOff -> {
                BackOffEvent event = new BackOffEvent();
                event.failures = backedOff.failures();
                event.delay = backedOff.delay().toNanos();
                commit(event);
            }
            case PoolEvent.FailedOver(InetSocketAddress from, String reason) -> {
                FailoverEvent event = new FailoverEvent();
                event.remote = from.toString();
                event.reason = reason;
                commit(event);
            }
            case PoolEvent.Dialing _, PoolEvent.Closed _ -> {} // what came of it is recorded
        }
    }

    private static MemberEvent memberEvent(
            long member, InetSocketAddress address, String before, String now, String why) {
        MemberEvent event = new MemberEvent();
        event.member = member;
        event.remote = address.toString();
        event.oldState = before;
        event.newState = now;
        event.reason = why;
        return event;
    }

    private void commit(OfPool event) {
        event.pool = pool;
        event.commit();
    }

    private static String lower(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** What all of them have. */
    @Category({"STOQ", "Pool"})
    @StackTrace(false)
    abstract static class OfPool extends Event {

        @Label("Pool")
        @Description("The name that the application gave it, or the endpoint's")
        String pool;
    }

    @Name("io.stoq.PoolConnectionState")
    @Label("Pool Connection State")
    @Description("A pool has a connection more, or thinks otherwise of one")
    static final class MemberEvent extends OfPool {

        @Label("Connection")
        @Description("Its number in this pool")
        long member;

        @Label("Remote Address")
        String remote;

        @Label("Old State")
        String oldState;

        @Label("New State")
        String newState;

        @Label("Reason")
        String reason;
    }

    @Name("io.stoq.PoolDialFailed")
    @Label("Pool Dial Failed")
    @Description("No connection came about at an address")
    static final class DialFailedEvent extends OfPool {

        @Label("Remote Address")
        String remote;

        @Label("Reason")
        String reason;
    }

    @Name("io.stoq.PoolBackOff")
    @Label("Pool Back-Off")
    @Description("After failures the next connection is tried no sooner than this")
    static final class BackOffEvent extends OfPool {

        @Label("Failures in a Row")
        int failures;

        @Label("Delay")
        @Timespan(Timespan.NANOSECONDS)
        long delay;
    }

    @Name("io.stoq.PoolBreakerState")
    @Label("Pool Breaker State")
    static final class BreakerEvent extends OfPool {

        @Label("Old State")
        String oldState;

        @Label("New State")
        String newState;
    }

    @Name("io.stoq.PoolAddresses")
    @Label("Pool Addresses")
    @Description("The endpoint's name stands for other addresses than before")
    static final class AddressesEvent extends OfPool {

        @Label("Addresses")
        String addresses;
    }

    @Name("io.stoq.PoolResolveFailed")
    @Label("Pool Resolve Failed")
    static final class ResolveFailedEvent extends OfPool {

        @Label("Reason")
        String reason;
    }

    @Name("io.stoq.PoolFailover")
    @Label("Pool Failover")
    @Description("Work of which nothing was sent went to another connection")
    static final class FailoverEvent extends OfPool {

        @Label("Remote Address")
        @Description("Of the connection that it left")
        String remote;

        @Label("Reason")
        String reason;
    }
}
