package io.stoq.stream;

/**
 * Streams by id: open addressing over one array. Confined to the connection's loop.
 *
 * <p>Ids are mixed before they are masked. A peer cannot aim at one slot: ids come in sequence, and all below an open one
 * were open themselves.
 */
final class StreamTable {

    private static final long MIX = 0x9e3779b97f4a7c15L;
    private static final int INITIAL_SLOTS = 16;

    private Stream[] slots = new Stream[INITIAL_SLOTS];
    private int shift = Long.SIZE - Integer.numberOfTrailingZeros(INITIAL_SLOTS);
    private int size;

    int size() {
        return size;
    }

    /** Null when there is none. */
    Stream find(long id) {
        int mask = slots.length - 1;
        for (int at = slotOf(id); slots[at] != null; at = at + 1 & mask) {
            if (slots[at].id() == id) {
                return slots[at];
            }
        }
        return null;
    }

    /** Adds a stream whose id is not there yet. */
    void add(Stream stream) {
        if (++size > slots.length >> 1) {
            resize(slots.length << 1);
        }
        place(stream);
    }

    void remove(Stream stream) {
        int mask = slots.length - 1;
        int hole = slotOf(stream.id());
        while (slots[hole] != stream) {
            hole = hole + 1 & mask;
        }
        slots[hole] = null;
        size--;
        // Streams behind the hole move into it where a search would otherwise stop short of them.
        for (int at = hole + 1 & mask; slots[at] != null; at = at + 1 & mask) {
            int home = slotOf(slots[at].id());
            if ((at - home & mask) >= (at - hole & mask)) {
                slots[hole] = slots[at];
                slots[at] = null;
                hole = at;
            }
        }
        if (slots.length > INITIAL_SLOTS && size < slots.length >> 3) {
            resize(slots.length >> 1);
        }
    }

    /** All streams, in no order. */
    Stream[] all() {
        Stream[] all = new Stream[size];
        int count = 0;
        for (Stream stream : slots) {
            if (stream != null) {
                all[count++] = stream;
            }
        }
        return all;
    }

    private void place(Stream stream) {
        int mask = slots.length - 1;
        int at = slotOf(stream.id());
        while (slots[at] != null) {
            at = at + 1 & mask;
        }
        slots[at] = stream;
    }

    private void resize(int length) {
        Stream[] old = slots;
        slots = new Stream[length];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(length);
        for (Stream stream : old) {
            if (stream != null) {
                place(stream);
            }
        }
    }

    private int slotOf(long id) {
        return (int) (id * MIX >>> shift);
    }
}
