package io.stoq.protection.ipsecmb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * Native memory for expanded keys, in slots of one size carved from slabs: a key costs no allocation of its own. Any
 * thread; keys come and go with handshakes, so a lock is cheap enough.
 *
 * <p>Slabs belong to the garbage collector. The pool knows only those with free slots, so keys that nobody destroyed leak
 * no memory.
 */
final class KeyMemory {

    static final int SLOT_BYTES = 1536;
    private static final int SLOTS_PER_SLAB = Long.SIZE;

    private static final int ALIGNMENT_BYTES = 64;

    /** Those with at least one free slot; only the last of them may have nothing but free ones. */
    private final SequencedSet<Slab> roomy = new LinkedHashSet<>();

    /** A slot, all zero. */
    synchronized Slot take() {
        if (roomy.isEmpty()) {
            roomy.add(new Slab());
        }
        Slab slab = roomy.getFirst();
        Slot slot = slab.take();
        if (slab.isFull()) {
            roomy.remove(slab);
        }
        return slot;
    }

    private synchronized void giveBack(Slot slot) {
        Slab slab = slot.slab;
        slab.taken &= ~(1L << slot.index);
        if (slab.taken == 0 && roomy.size() > 1) {
            roomy.remove(slab);
        } else {
            roomy.add(slab);
        }
    }

    /** How many slabs have free slots. */
    synchronized int roomySlabs() {
        return roomy.size();
    }

    /** The memory of one key. */
    final class Slot {

        private final MemorySegment memory;
        private final Slab slab;
        private final int index;

        private Slot(Slab slab, int index) {
            this.slab = slab;
            this.index = index;
            this.memory = slab.memory.asSlice((long) index * SLOT_BYTES, SLOT_BYTES);
        }

        MemorySegment memory() {
            return memory;
        }

        /** Wipes the memory and gives it back; it must not be used again. */
        void release() {
            memory.fill((byte) 0);
            giveBack(this);
        }
    }

    private final class Slab {

        private final MemorySegment memory =
                Arena.ofAuto().allocate((long) SLOTS_PER_SLAB * SLOT_BYTES, ALIGNMENT_BYTES);
        private long taken;

        private Slot take() {
            int index = Long.numberOfTrailingZeros(~taken);
            taken |= 1L << index;
            return new Slot(this, index);
        }

        private boolean isFull() {
            return taken == -1;
        }
    }
}
