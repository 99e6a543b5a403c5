package io.stoq.transport.driver;

import io.stoq.CloseReason;
import io.stoq.StoqException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** Datagrams that wait for a thread, bounded. Thread-safe. */
final class DatagramInbox {

    /** Bytes of datagrams that are kept; when there would be more the oldest are dropped. */
    static final int MAX_WAITING_BYTES = 1 << 20;

    /** What one counts beside its bytes, as even an empty one takes memory. */
    static final int OVERHEAD_BYTES = UnreadMemory.PIECE_BYTES;

    private final Inbox<byte[]> inbox = new Inbox<>("datagram");
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final UnreadMemory memory;
    private final long maxWaitingBytes;

    /** @param memory is charged for what waits, an eighth of its budget at most */
    DatagramInbox(UnreadMemory memory, long budgetBytes) {
        this.memory = memory;
        this.maxWaitingBytes = Math.min(MAX_WAITING_BYTES, budgetBytes / 8);
    }

    /** On the loop. */
    void onDatagram(byte[] data, int at, int length) {
        long waiting = waitingBytes.addAndGet(length + OVERHEAD_BYTES);
        while (waiting > maxWaitingBytes) {
            byte[] oldest = inbox.poll();
            if (oldest == null) {
                break;
            }
            dropped.incrementAndGet();
            waiting = onTaken(oldest);
        }
        memory.charge(length + OVERHEAD_BYTES);
        inbox.add(Arrays.copyOfRange(data, at, at + length));
    }

    byte[] take(Deadline deadline) throws StoqException {
        byte[] datagram = inbox.take(deadline);
        onTaken(datagram);
        return datagram;
    }

    private long onTaken(byte[] datagram) {
        memory.freed(datagram.length + OVERHEAD_BYTES);
        return waitingBytes.addAndGet(-datagram.length - OVERHEAD_BYTES);
    }

    long dropped() {
        return dropped.get();
    }

    void end(CloseReason reason) {
        inbox.end(() -> new StoqException.ConnectionClosed(reason));
    }
}
