package io.stoq.transport;

import io.stoq.BufferStatistics;
import io.stoq.EndpointStatistics;
import io.stoq.SocketStatistics;
import io.stoq.TransportStatistics;
import io.stoq.transport.driver.LoopDriver;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The drivers of a transport, and what those did that have ended: sums never run backwards. Thread-safe. */
final class Drivers {

    /** Held for moments only, and never while an event loop is waited for: loops take it too. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Set<LoopDriver> open = new LinkedHashSet<>();
    private SocketStatistics endedSockets = SocketStatistics.none("");
    private EndpointStatistics endedEndpoints = EndpointStatistics.none();

    void add(LoopDriver driver) {
        lock.lock();
        try {
            open.add(driver);
        } finally {
            lock.unlock();
        }
    }

    /** The driver has ended; on its loop. */
    void end(LoopDriver driver) {
        SocketStatistics sockets = driver.socketStatistics();
        EndpointStatistics endpoint = driver.statistics().ended();
        lock.lock();
        try {
            if (open.remove(driver)) {
                endedSockets = endedSockets.plus(sockets);
                endedEndpoints = endedEndpoints.plus(endpoint);
            }
        } finally {
            lock.unlock();
        }
    }

    List<LoopDriver> open() {
        lock.lock();
        try {
            return new ArrayList<>(open);
        } finally {
            lock.unlock();
        }
    }

    TransportStatistics statistics(String mechanism, BufferStatistics buffers) {
        List<LoopDriver> asked;
        SocketStatistics sockets;
        EndpointStatistics endpoints;
        lock.lock();
        try {
            asked = new ArrayList<>(open);
            sockets = SocketStatistics.none(mechanism).plus(endedSockets);
            endpoints = endedEndpoints;
        } finally {
            lock.unlock();
        }
        // A driver that ends from here on still knows what it did.
        for (LoopDriver driver : asked) {
            sockets = sockets.plus(driver.socketStatistics());
            endpoints = endpoints.plus(driver.statistics());
        }
        return new TransportStatistics(asked.size(), sockets, endpoints, buffers);
    }
}
