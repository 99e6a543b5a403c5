package io.stoq.stream;

import io.stoq.StreamPriority;
import io.stoq.buffer.ByteWriter;
import io.stoq.recovery.SentPackets;

/**
 * Which stream sends next. Confined to the connection's loop.
 *
 * <p>Streams with control frames are in one ring and go first, whatever their priority: control frames are small and few.
 * Streams with data are in one of two {@link Turns} of their urgency, for lost data or a bare FIN, and for new data; a bit
 * for each that is not empty finds the most urgent without a search. Within an urgency, lost data goes before new data. Only
 * new data waits for the connection's credit, so what is lost is sent even where nothing new may be.
 */
final class Scheduler {

    private static final int URGENCIES = StreamPriority.MAX_URGENCY + 1;

    private final ConnectionFlow flow;
    private final Ring control = new Ring();

    /** By urgency; null until a stream of that urgency has data. */
    private final Turns[] repair = new Turns[URGENCIES];

    private final Turns[] fresh = new Turns[URGENCIES];

    /** A bit for each urgency whose turns are not empty. */
    private int repairUrgencies;

    private int freshUrgencies;

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
        return repairUrgencies != 0 || freshUrgencies != 0 && flow.credit() > 0;
    }

    /** Whether streams have data that needs the connection's credit. */
    boolean hasFresh() {
        return freshUrgencies != 0;
    }

    /** Puts a stream where its state wants it; called after every change of that state. */
    void update(Stream stream) {
        updateControl(stream);
        SendHalf send = stream.send;
        if (send != null) {
            place(stream, send.hasRepair() ? repair : send.hasFresh() ? fresh : null);
        }
    }

    /** Gives a stream another priority, and its place among those that have it. */
    void priority(Stream stream, StreamPriority priority) {
        place(stream, null);
        stream.setPriority(priority);
        update(stream);
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
        long credit = flow.credit();
        while (true) {
            int urgencies = credit > 0 ? repairUrgencies | freshUrgencies : repairUrgencies;
            if (urgencies == 0) {
                return;
            }
            int urgency = Integer.numberOfTrailingZeros(urgencies);
            if ((repairUrgencies & 1 << urgency) != 0) {
                if (!writeRepair(repair[urgency], out, log)) {
                    return;
                }
            } else {
                int length = writeFresh(fresh[urgency], out, log, credit);
                if (length < 0) {
                    return;
                }
                credit -= length;
            }
        }
    }

    /** Returns false when nothing fits. */
    private boolean writeRepair(Turns turns, ByteWriter out, SentPackets log) {
        Stream stream = turns.first();
        int length = stream.send.writeRepair(out, log);
        if (length < 0) {
            return false;
        }
        retransmitted += length;
        endTurn(stream, turns, stream.send.hasRepair());
        return true;
    }

    /** Returns how many bytes were sent; -1 when nothing fits. */
    private int writeFresh(Turns turns, ByteWriter out, SentPackets log, long credit) {
        Stream stream = turns.first();
        int length = stream.send.writeFresh(out, log, credit);
        if (length >= 0) {
            flow.onSent(length);
            endTurn(stream, turns, stream.send.hasFresh());
        }
        return length;
    }

    private void endTurn(Stream stream, Turns turns, boolean hasMore) {
        if (hasMore) {
            turns.rotate();
        } else {
            update(stream);
        }
    }

    private void updateControl(Stream stream) {
        boolean listed = stream.controlLink.ring() != null;
        if (listed != stream.wantsControl()) {
            if (listed) {
                control.remove(stream.controlLink);
            } else {
                control.addLast(stream.controlLink);
            }
        }
    }

    /** @param kind {@link #repair}, {@link #fresh}, or null for neither */
    private void place(Stream stream, Turns[] kind) {
        int urgency = stream.priority().urgency();
        Turns current = stream.turns;
        if (current != null) {
            if (kind != null && current == kind[urgency]) {
                return;
            }
            current.remove(stream);
            if (current.isEmpty()) {
                mark(current == repair[urgency], urgency, false);
            }
        }
        if (kind != null) {
            if (kind[urgency] == null) {
                kind[urgency] = new Turns();
            }
            kind[urgency].add(stream);
            mark(kind == repair, urgency, true);
        }
    }

    private void mark(boolean isRepair, int urgency, boolean filled) {
        int bit = 1 << urgency;
        if (isRepair) {
            repairUrgencies = filled ? repairUrgencies | bit : repairUrgencies & ~bit;
        } else {
            freshUrgencies = filled ? freshUrgencies | bit : freshUrgencies & ~bit;
        }
    }
}
