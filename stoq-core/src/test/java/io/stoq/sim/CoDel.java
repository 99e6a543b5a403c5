package io.stoq.sim;

import java.util.ArrayDeque;

/**
 * A link whose queue is kept short by CoDel: once datagrams have waited longer than the target for a whole interval, some
 * are dropped as they leave, more and more often until the wait is short again. RFC 8289. Where marking is on, datagrams
 * that are ECN-capable become CE instead (RFC 8289 §5.4, RFC 3168 §5).
 */
public final class CoDel extends Queue {

    /** RFC 8289 §4.2, §4.3. */
    public static final long TARGET_NS = 5_000_000;

    public static final long INTERVAL_NS = 100_000_000;

    /** A queue of no more than this is never too long. */
    private static final int MAX_DATAGRAM_BYTES = 1500;

    private final Transmitter transmitter;
    private final boolean marking;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private boolean sending;
    private Waiting head;
    private boolean tooLong;

    /** Since when plus one interval the wait has been above the target; 0 while it is not. */
    private long firstAboveNs;

    private long dropNextNs;
    private long drops;
    private long dropsBefore;
    private boolean dropping;

    private record Waiting(SimDatagram datagram, long sinceNs) {}

    /** @param queueBytes where the tail is dropped all the same */
    public CoDel(long bitsPerSecond, long queueBytes, boolean marking) {
        super(queueBytes);
        this.transmitter = new Transmitter(bitsPerSecond);
        this.marking = marking;
    }

    @Override
    public void onDatagram(long nowNs, SimDatagram datagram) {
        if (admit(datagram)) {
            waiting.add(new Waiting(datagram, nowNs));
            if (!sending) {
                sendNext(nowNs);
            }
        }
    }

    @Override
    public int heldDatagrams() {
        return super.heldDatagrams() + waiting.size();
    }

    @Override
    protected void onPassed(SimDatagram datagram) {
        super.onPassed(datagram);
        sendNext(transmitter.busyUntilNs());
    }

    private void sendNext(long nowNs) {
        SimDatagram datagram = next(nowNs);
        sending = datagram != null;
        if (sending) {
            pass(datagram, transmitter.departureNs(nowNs, datagram.length()));
        }
    }

    /** The datagram to send, or null. RFC 8289 §5.5 */
    private SimDatagram next(long nowNs) {
        take(nowNs);
        if (!dropping && tooLong) {
            begin(nowNs);
            if (canMark()) {
                return mark(head.datagram);
            }
            discard();
            take(nowNs);
            return head == null ? null : head.datagram;
        }
        dropping &= tooLong;
        while (dropping && nowNs >= dropNextNs) {
            drops++;
            dropNextNs = afterDrop(dropNextNs);
            if (canMark()) {
                return mark(head.datagram);
            }
            discard();
            take(nowNs);
            dropping = tooLong;
        }
        return head == null ? null : head.datagram;
    }

    /** Starts at the rate at which the last bout ended, where that was not long ago. RFC 8289 §5.5 */
    private void begin(long nowNs) {
        dropping = true;
        long last = drops - dropsBefore;
        drops = last > 1 && nowNs - dropNextNs < 16 * INTERVAL_NS ? last : 1;
        dropsBefore = drops;
        dropNextNs = afterDrop(nowNs);
    }

    private void discard() {
        release(head.datagram);
        drop(head.datagram);
    }

    private boolean canMark() {
        return marking && head.datagram.ecn() != 0;
    }

    /** Takes the first datagram, and finds out whether the wait was too long for too long. */
    private void take(long nowNs) {
        head = waiting.poll();
        tooLong = false;
        if (head == null || nowNs - head.sinceNs < TARGET_NS || queuedBytes() <= MAX_DATAGRAM_BYTES) {
            firstAboveNs = 0;
        } else if (firstAboveNs == 0) {
            firstAboveNs = nowNs + INTERVAL_NS;
        } else {
            tooLong = nowNs >= firstAboveNs;
        }
    }

    private long afterDrop(long fromNs) {
        return fromNs + (long) (INTERVAL_NS / Math.sqrt(drops));
    }
}
