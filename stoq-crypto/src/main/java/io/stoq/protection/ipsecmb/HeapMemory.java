package io.stoq.protection.ipsecmb;

import java.lang.foreign.MemorySegment;

/** Heap memory as the functions take it. */
final class HeapMemory {

    private HeapMemory() {}

    /** What lies from {@code at}. A whole segment, which is what loops hand in, costs no object; a slice may. */
    static MemorySegment from(MemorySegment memory, long at) {
        return at == 0 ? memory : memory.asSlice(at);
    }
}
