package io.stoq.bench.lab.relay;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.IoBackends;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A running UDP relay: what a client sends to {@link #address()} reaches the server behind it by way of the link, and
 * back. Several clients share the link's two directions, and each has a port of its own towards its server. IPv6 only.
 * Any thread.
 */
public final class Relay implements AutoCloseable {

    private static final long END_S = 5;

    private final MultiThreadIoEventLoopGroup group;
    private final IoEventLoop loop;
    private final Junction junction;
    private final List<InetSocketAddress> addresses;

    private Relay(RelaySpec spec) throws IOException {
        IoBackend backend = IoBackends.select("auto");
        group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("stoq-relay", true), backend.handlerFactory());
        loop = group.next();
        junction = new Junction(spec, backend, loop);
        try {
            addresses = onLoop(junction::open);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** @throws IOException where a route's address cannot be bound; the message says why */
    public static Relay start(RelaySpec spec) throws IOException {
        return new Relay(spec);
    }

    /** Where clients of the first route send to. */
    public InetSocketAddress address() {
        return addresses.getFirst();
    }

    /** Where clients send to, route by route. */
    public List<InetSocketAddress> addresses() {
        return addresses;
    }

    /** Whether ECN bits come through, and can be set, with the sockets that there are here. */
    public boolean carriesEcn() throws IOException {
        return onLoop(junction::carriesEcn);
    }

    /** @throws IOException where the relay has broken down */
    public RelayCounts counts() throws IOException {
        return onLoop(() -> {
            if (junction.failure() != null) {
                throw new IOException("the relay has broken down: " + junction.failure(), junction.failure());
            }
            return junction.counts();
        });
    }

    /** What is found in queues, and lateness, are counted anew from now on; sums go on. */
    public void restartGauges() throws IOException {
        onLoop(() -> {
            junction.restartGauges();
            return null;
        });
    }

    /** All clients get new ports towards their servers, in mid-flight. */
    public void rebind() throws IOException {
        onLoop(() -> {
            junction.rebindAll();
            return null;
        });
    }

    /** Ends the relay; what is inside is lost. */
    @Override
    public void close() {
        loop.execute(junction::close);
        group.shutdownGracefully(0, END_S, TimeUnit.SECONDS).awaitUninterruptibly(END_S, TimeUnit.SECONDS);
    }

    private <T> T onLoop(Callable<T> task) throws IOException {
        Future<T> done = loop.submit(task).awaitUninterruptibly();
        return switch (done.cause()) {
            case null -> done.getNow();
            case IOException known -> throw known;
            default ->
                throw new IOException(
                        "the relay cannot do that: " + done.cause().getMessage(), done.cause());
        };
    }
}
