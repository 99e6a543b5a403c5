package io.stoq.bench.hold;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** What went wrong, by kind. Thread-safe. */
final class Failures {

    final LongAdder handshakes = new LongAdder();
    final LongAdder lostConnections = new LongAdder();
    final LongAdder requests = new LongAdder();
    private final AtomicReference<String> first = new AtomicReference<>();

    void handshake(Throwable why) {
        handshakes.increment();
        note("handshake", why.getMessage());
    }

    void lostConnection(String why) {
        lostConnections.increment();
        note("lost connection", why);
    }

    void request(String why) {
        requests.increment();
        note("request", why);
    }

    private void note(String kind, String why) {
        first.compareAndSet(null, kind + ": " + why);
    }

    /** The first one in words, or null. */
    String first() {
        return first.get();
    }
}
