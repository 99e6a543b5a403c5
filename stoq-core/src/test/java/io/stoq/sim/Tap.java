package io.stoq.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Sees everything that passes: counts, shows it to observers, and can drop, change and inject datagrams. */
public final class Tap extends Element {

    /** Sees one datagram; throws an {@link AssertionError} where it must not be. */
    @FunctionalInterface
    public interface Observer {
        void onDatagram(long nowNs, SimDatagram datagram);
    }

    private final List<Observer> observers = new ArrayList<>();
    private Predicate<SimDatagram> dropped = datagram -> false;
    private UnaryOperator<SimDatagram> change = UnaryOperator.identity();
    private long seenDatagrams;
    private long seenBytes;
    private int largestBytes;
    private long injectedDatagrams;

    /** Shows every datagram that arrives, also one that is dropped here; not those injected. */
    public Tap observe(Observer observer) {
        observers.add(observer);
        return this;
    }

    /** Drops what matches, from now on; replaces the rule before. */
    public Tap dropIf(Predicate<SimDatagram> rule) {
        dropped = rule;
        return this;
    }

    /** Passes on what this makes of each datagram, from now on; replaces the rule before. */
    public Tap change(UnaryOperator<SimDatagram> rule) {
        change = rule;
        return this;
    }

    /** Sends a datagram of the test's own from here. */
    public void inject(long nowNs, SimDatagram datagram) {
        injectedDatagrams++;
        pass(datagram.copy(), nowNs);
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        seenDatagrams++;
        seenBytes += datagram.length();
        largestBytes = Math.max(largestBytes, datagram.length());
        observers.forEach(observer -> observer.onDatagram(nowNs, datagram));
        if (dropped.test(datagram)) {
            drop(datagram);
        } else {
            pass(change.apply(datagram), nowNs);
        }
    }

    /** Datagrams that arrived, whatever became of them. */
    public long seenDatagrams() {
        return seenDatagrams;
    }

    public long seenBytes() {
        return seenBytes;
    }

    /** Length of the longest UDP payload seen. */
    public int largestBytes() {
        return largestBytes;
    }

    public long injectedDatagrams() {
        return injectedDatagrams;
    }
}
