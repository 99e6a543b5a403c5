package io.stoq.stream;

import io.stoq.buffer.ByteWriter;
import io.stoq.recovery.SentPackets;

/**
 * Which stream sends next. Confined to the connection's loop.
 *
 * <p>Three rings, each served in turns of one frame: streams with control frames, streams with lost data or a bare FIN, and
 * streams with new data. A stream is in at most one of the last two. Only the ring of new data waits for the connection's
 * credit.
 */
final class Scheduler {

    private final ConnectionFlow flow;
    private final Ring control = new Ring();
    private final Ring repair = new Ring();
    private final Ring fresh = new Ring();

    private long retransmitted;

    Scheduler(ConnectionFlow flow) {
        this.flow = flow;
    }

    /** Data bytes that were sent once more. */
    long retransmittedBytes() {
        return retransmitted;
    }

    boolean hasControl() {
        return !control.isEmpty();
    }

    boolean hasData() {
        return !repair.isEmpty() || !fresh.isEmpty() && flow.credit() > 0;
    }

    /** Whether streams have data that needs the connection's credit. */
    boolean hasFresh() {
        return !fresh.isEmpty();
    }

    /** Puts a stream where its state wants it; called after every change of that state. */
    void update(Stream stream) {
        place(stream.controlLink, stream.wantsControl() ? control : null);
        SendHalf send = stream.send;
        if (send != null) {
            place(stream.dataLink, send.hasRepair() ? repair : send.hasFresh() ? fresh : null);
        }
    }

    /** Returns false when something does not fit. */
    boolean writeControl(ByteWriter out, SentPackets log, long nowNs, long minRttNs) {
        for (Stream stream = control.first(); stream != null; stream = control.first()) {
            if (!stream.writeControl(out, log, nowNs, minRttNs)) {
                return false;
            }
            control.remove(stream.controlLink);
        }
        return true;
    }

    void writeData(ByteWriter out, SentPackets log) {
        for (Stream stream = repair.first(); stream != null; stream = repair.first()) {
            int length = stream.send.writeRepair(out, log);
            if (length < 0) {
                return;
            }
            retransmitted += length;
            endTurn(stream, repair, stream.send.hasRepair());
        }
        long credit = flow.credit();
        while (credit > 0 && !fresh.isEmpty()) {
            Stream stream = fresh.first();
            int length = stream.send.writeFresh(out, log, credit);
            if (length < 0) {
                return;
            }
            flow.onSent(length);
            credit -= length;
            endTurn(stream, fresh, stream.send.hasFresh());
        }
    }

    private void endTurn(Stream stream, Ring ring, boolean hasMore) {
        if (hasMore) {
            ring.rotate();
        } else {
            update(stream);
        }
    }

    private static void place(Ring.Link link, Ring wanted) {
        Ring ring = link.ring();
        if (ring == wanted) {
            return;
        }
        if (ring != null) {
            ring.remove(link);
        }
        if (wanted != null) {
            wanted.addLast(link);
        }
    }
}
