package io.stoq.transport.driver;

import io.stoq.CloseReason;
import io.stoq.StoqException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Datagrams that wait for a thread, and those on their way from threads to the loop; both bounded. Thread-safe. */
final class DatagramInbox {

    /** Datagrams that are kept; when one more comes the oldest is dropped. */
    static final int MAX_WAITING = 256;

    /** Datagrams between threads and the loop. */
    static final int MAX_QUEUED = 256;

    private final Inbox<byte[]> inbox = new Inbox<>("datagram");
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicInteger queued = new AtomicInteger();

    /** On the loop. */
    void onDatagram(byte[] data, int at, int length) {
        if (inbox.size() >= MAX_WAITING && inbox.poll() != null) {
            dropped.incrementAndGet();
        }
        inbox.add(Arrays.copyOfRange(data, at, at + length));
    }

    byte[] take(long timeoutNs) throws StoqException {
        return inbox.take(timeoutNs);
    }

    long dropped() {
        return dropped.get();
    }

    void end(CloseReason reason) {
        inbox.end(() -> new StoqException.ConnectionClosed(reason));
    }

    /** Whether one more may go to the loop; then {@link #onHandedOver()} must follow. */
    boolean mayQueue() {
        if (queued.incrementAndGet() <= MAX_QUEUED) {
            return true;
        }
        queued.decrementAndGet();
        return false;
    }

    /** On the loop. */
    void onHandedOver() {
        queued.decrementAndGet();
    }
}
