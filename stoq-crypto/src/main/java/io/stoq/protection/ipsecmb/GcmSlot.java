package io.stoq.protection.ipsecmb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What the functions need of native memory for one key. One thread at a time.
 *
 * <pre>
 *   expanded key (1280) | gap (64) | context (128) | gap (4) | nonce (12) | tag (16) | gap (32)
 * </pre>
 *
 * <p>The expanded key has 1264 bytes at most, in version 2.0, and the context 88 in all. {@link SelfTest} watches the gaps, for
 * versions that need more.
 */
final class GcmSlot {

    static final int BYTES = 1536;
    static final int ALIGNMENT_BYTES = 64;
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;

    private static final int EXPANDED_BYTES = 1280;
    private static final int CONTEXT_AT = 1344;
    private static final int CONTEXT_END = 1472;

    /** So that the part of the nonce that changes is aligned. */
    private static final int NONCE_AT = 1476;

    private static final int PACKET_NUMBER_AT = NONCE_AT + NONCE_BYTES - Long.BYTES;
    private static final int TAG_AT = NONCE_AT + NONCE_BYTES;
    private static final int TAG_END = TAG_AT + TAG_BYTES;

    private static final ValueLayout.OfLong NETWORK_LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

    final MemorySegment memory;
    final long key;
    final long context;
    final long nonce;
    final long tag;

    /** @param memory of {@link #BYTES} at {@link #ALIGNMENT_BYTES} */
    GcmSlot(MemorySegment memory) {
        this.memory = memory;
        this.key = memory.address();
        this.context = key + CONTEXT_AT;
        this.nonce = key + NONCE_AT;
        this.tag = key + TAG_AT;
    }

    void setNonce(byte[] nonce) {
        MemorySegment.copy(nonce, 0, memory, ValueLayout.JAVA_BYTE, NONCE_AT, NONCE_BYTES);
    }

    /** The last 8 bytes of the nonce, first byte first. */
    long nonceEnd() {
        return memory.get(NETWORK_LONG, PACKET_NUMBER_AT);
    }

    void setNonceEnd(long end) {
        memory.set(NETWORK_LONG, PACKET_NUMBER_AT, end);
    }

    /** The first half of the tag that the last call computed, as it lies in memory. */
    long tagStart() {
        return memory.get(ValueLayout.JAVA_LONG, TAG_AT);
    }

    /** The second half. */
    long tagEnd() {
        return memory.get(ValueLayout.JAVA_LONG, TAG_AT + Long.BYTES);
    }

    /** What no function may touch. */
    MemorySegment[] gaps() {
        return new MemorySegment[] {
            memory.asSlice(EXPANDED_BYTES, CONTEXT_AT - EXPANDED_BYTES),
            memory.asSlice(CONTEXT_END, NONCE_AT - CONTEXT_END),
            memory.asSlice(TAG_END, BYTES - TAG_END)
        };
    }
}
