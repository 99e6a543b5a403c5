package io.stoq.protection.ipsecmb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * Native memory for keys: slots carved from slabs, so that a key costs no allocation of its own. Any thread; keys come and go
 * with handshakes and key updates, so a lock is cheap enough.
 *
 * <p>Slabs belong to the garbage collector, and the pool knows only those with room: what is not needed, or was lost with keys
 * that nobody destroyed, goes.
 */
final class KeyMemory {

    private static final int SLOTS = Long.SIZE;

    /** At most one of them is wholly free. */
    private final SequencedSet<Slab> withRoom = new LinkedHashSet<>();

    /** A slot, all zero. */
    synchronized Lease take() {
        if (withRoom.isEmpty()) {
            withRoom.add(new Slab());
        }
        Slab slab = withRoom.getFirst();
        int index = Long.numberOfTrailingZeros(~slab.taken);
        slab.taken |= 1L << index;
        if (slab.taken == -1) {
            withRoom.remove(slab);
        }
        return new Lease(slab, index);
    }

    private synchronized void giveBack(Slab slab, int index) {
        slab.taken &= ~(1L << index);
        withRoom.add(slab);
        if (slab.taken == 0 && withRoom.stream().anyMatch(other -> other != slab && other.taken == 0)) {
            withRoom.remove(slab);
        }
    }

    /** How many slabs have room. */
    synchronized int slabsWithRoom() {
        return withRoom.size();
    }

    /** The use of one slot, until it ends. */
    final class Lease {

        private final Slab slab;
        private final int index;
        private final GcmSlot slot;
        private boolean ended;

        private Lease(Slab slab, int index) {
            this.slab = slab;
            this.index = index;
            this.slot = new GcmSlot(slab.memory.asSlice((long) index * GcmSlot.BYTES, GcmSlot.BYTES));
        }

        GcmSlot slot() {
            return slot;
        }

        /** Wipes the slot and gives it back; from the second time on does nothing, as the slot may be another's by then. */
        void end() {
            if (!ended) {
                ended = true;
                slot.memory.fill((byte) 0);
                giveBack(slab, index);
            }
        }
    }

    private static final class Slab {

        private final MemorySegment memory =
                Arena.ofAuto().allocate((long) SLOTS * GcmSlot.BYTES, GcmSlot.ALIGNMENT_BYTES);
        private long taken;
    }
}
