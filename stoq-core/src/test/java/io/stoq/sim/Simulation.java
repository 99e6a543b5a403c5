package io.stoq.sim;

import io.stoq.crypto.CryptoProvider.Entropy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Nodes, links between them, and virtual time that starts at 0. Everything follows from the seed: nodes act in the
 * order in which they were added, then links in theirs.
 *
 * <p>A link belongs to a client and a server. What a server sends finds its way by the client's address, or by the link
 * over which the destination was last seen as a source, so that a server can answer an address that a {@link Rebind} or
 * a {@link Tap} made up. What reaches the wrong client is dropped and counted.
 */
public final class Simulation {

    /** More datagrams than this at one moment of virtual time are taken for a livelock. */
    static final int MAX_DATAGRAMS_PER_INSTANT = 200_000;

    /** As many timeouts without progress of virtual time are taken for a livelock. */
    static final int MAX_TIMEOUTS_PER_INSTANT = 1_000;

    /** Most steps of virtual time in one run. */
    static final int MAX_STEPS = 20_000_000;

    private final long seed;
    private final SplittableRandom random;
    private final Map<InetSocketAddress, SimNode> nodes = new LinkedHashMap<>();
    private final List<Link> links = new ArrayList<>();
    private final Map<InetSocketAddress, Link> seenSources = new HashMap<>();

    private long nowNs;
    private long steps;
    private int datagramsNow;
    private int timeoutsNow;
    private long undeliverableDatagrams;

    public Simulation(long seed) {
        this.seed = seed;
        random = new SplittableRandom(seed);
    }

    public long seed() {
        return seed;
    }

    public long nowNs() {
        return nowNs;
    }

    /** Randomness for the scenario itself; elements have sources of their own. */
    public SplittableRandom random() {
        return random;
    }

    /** A new source of bytes, independent of all others. */
    public Entropy entropy() {
        return new SeededEntropy(random.split());
    }

    public void node(InetSocketAddress address, SimNode node) {
        if (nodes.putIfAbsent(address, node) != null) {
            throw new IllegalArgumentException("there is a node at " + address + " already");
        }
    }

    /**
     * @param up elements from client to server, in the order in which datagrams meet them
     * @param down elements from server to client
     */
    public void link(
            InetSocketAddress client,
            InetSocketAddress server,
            List<? extends Element> up,
            List<? extends Element> down) {
        Link link = new Link(client, server, up, down);
        link.up.forEach(element -> element.attach(random.split()));
        link.down.forEach(element -> element.attach(random.split()));
        links.add(link);
    }

    /**
     * Lets virtual time pass until the goal is reached.
     *
     * @param maxVirtualNs from now
     * @throws AssertionError naming the seed, where the time passes without, where nothing is left that could happen,
     *     or for a livelock
     */
    public void run(BooleanSupplier goal, long maxVirtualNs) {
        long endNs = nowNs + maxVirtualNs;
        steps = 0;
        settle();
        while (!goal.getAsBoolean()) {
            long next = nextDeadlineNs();
            if (next == Long.MAX_VALUE) {
                throw failure("the goal is not reached and nothing is left to happen");
            }
            if (next > endNs) {
                throw failure("the goal is not reached after " + maxVirtualNs + " ns");
            }
            step(next);
        }
    }

    /** Lets this much virtual time pass. */
    public void runFor(long virtualNs) {
        long endNs = nowNs + virtualNs;
        steps = 0;
        settle();
        for (long next = nextDeadlineNs(); next <= endNs; next = nextDeadlineNs()) {
            step(next);
        }
        nowNs = endNs;
    }

    /** Datagrams that no node could take: no link leads there, or the link leads to somebody else. */
    public long undeliverableDatagrams() {
        return undeliverableDatagrams;
    }

    /** Fails where an element dropped a datagram, or one could not be delivered: a clean network loses nothing. */
    public void requireNoDrops() {
        for (Link link : links) {
            link.up.forEach(this::requireNoDrops);
            link.down.forEach(this::requireNoDrops);
        }
        if (undeliverableDatagrams > 0) {
            throw failure(undeliverableDatagrams + " datagrams could not be delivered");
        }
    }

    /** An error that names the seed and the virtual time. */
    public AssertionError failure(String message) {
        return new AssertionError(message + " (at " + nowNs + " ns; " + Seeds.hint(seed) + ")");
    }

    private void requireNoDrops(Element element) {
        if (element.droppedDatagrams() > 0) {
            throw failure("loss in a clean network: " + element);
        }
    }

    private void step(long nextNs) {
        if (++steps > MAX_STEPS) {
            throw failure("more than " + MAX_STEPS + " steps");
        }
        if (nextNs > nowNs) {
            nowNs = nextNs;
            datagramsNow = 0;
            timeoutsNow = 0;
        } else if (++timeoutsNow > MAX_TIMEOUTS_PER_INSTANT) {
            throw failure("livelock: time does not pass; " + late());
        }
        for (SimNode node : nodes.values()) {
            if (node.nextDeadlineNs() <= nowNs) {
                node.onTimeout(nowNs);
            }
        }
        settle();
    }

    /** Lets everything happen that can happen without time passing. */
    private void settle() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (SimNode node : nodes.values()) {
                moved |= drain(node);
            }
            for (Link link : links) {
                moved |= Link.advance(nowNs, link.up, arrivalAtServer(link));
                moved |= Link.advance(nowNs, link.down, arrivalAtClient(link));
            }
        }
    }

    private boolean drain(SimNode node) {
        boolean moved = false;
        SimDatagram datagram;
        while ((datagram = node.pollTransmit(nowNs)) != null) {
            moved = true;
            if (++datagramsNow > MAX_DATAGRAMS_PER_INSTANT) {
                throw failure("livelock: endless transmission at one moment, last " + datagram);
            }
            route(node, datagram);
        }
        return moved;
    }

    private void route(SimNode sender, SimDatagram datagram) {
        Link up = linkUp(sender, datagram);
        if (up != null) {
            Link.enter(nowNs, up.up, 0, datagram, arrivalAtServer(up));
            return;
        }
        Link down = linkDown(sender, datagram);
        if (down != null) {
            Link.enter(nowNs, down.down, 0, datagram, arrivalAtClient(down));
            return;
        }
        undeliverableDatagrams++;
    }

    /** The link of the client's address, or else any from this client to that server. */
    private Link linkUp(SimNode sender, SimDatagram datagram) {
        Link found = null;
        for (Link link : links) {
            if (nodes.get(link.client) == sender && link.server.equals(datagram.to())) {
                if (link.client.equals(datagram.from())) {
                    return link;
                }
                found = found == null ? link : found;
            }
        }
        return found;
    }

    private Link linkDown(SimNode sender, SimDatagram datagram) {
        for (Link link : links) {
            if (nodes.get(link.server) == sender && link.client.equals(datagram.to())) {
                return link;
            }
        }
        Link seen = seenSources.get(datagram.to());
        return seen != null && nodes.get(seen.server) == sender ? seen : null;
    }

    private Consumer<SimDatagram> arrivalAtServer(Link link) {
        return datagram -> {
            seenSources.put(datagram.from(), link);
            deliver(link.server, datagram);
        };
    }

    private Consumer<SimDatagram> arrivalAtClient(Link link) {
        return datagram -> deliver(link.client, datagram);
    }

    private void deliver(InetSocketAddress address, SimDatagram datagram) {
        SimNode node = nodes.get(address);
        if (node == null || !address.equals(datagram.to())) {
            undeliverableDatagrams++;
            return;
        }
        node.onDatagram(nowNs, datagram.copy());
    }

    private long nextDeadlineNs() {
        long next = Long.MAX_VALUE;
        for (SimNode node : nodes.values()) {
            next = Math.min(next, node.nextDeadlineNs());
        }
        for (Link link : links) {
            next = Math.min(next, Math.min(nextDeadlineNs(link.up), nextDeadlineNs(link.down)));
        }
        return next;
    }

    private static long nextDeadlineNs(List<Element> elements) {
        long next = Long.MAX_VALUE;
        for (Element element : elements) {
            next = Math.min(next, element.nextDeadlineNs());
        }
        return next;
    }

    private String late() {
        StringBuilder text = new StringBuilder("due:");
        nodes.forEach((address, node) -> {
            if (node.nextDeadlineNs() <= nowNs) {
                text.append(' ').append(address).append(" since ").append(node.nextDeadlineNs());
            }
        });
        return text.toString();
    }
}
