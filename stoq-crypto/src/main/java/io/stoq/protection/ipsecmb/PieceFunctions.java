package io.stoq.protection.ipsecmb;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Encryption of a packet whose text lies in several places: begin with the header, go on piece by piece, end with the tag. The
 * state in between is in the slot's context. Bounds are the caller's affair.
 *
 * @param beginNative the packet is native
 * @param beginHeap the packet is of the heap
 * @param updateNative the packet is native
 * @param updateHeap the packet is of the heap
 */
record PieceFunctions(
        MethodHandle beginNative,
        MethodHandle beginHeap,
        MethodHandle updateNative,
        MethodHandle updateHeap,
        MethodHandle end) {

    private static final long TAG_BYTES = GcmSlot.TAG_BYTES;

    /** @param keyBits as it stands in the functions' names */
    static PieceFunctions bind(Binder binder, int keyBits) throws UnusableException {
        String begin = "aes_gcm_init_" + keyBits + "_";
        String update = "aes_gcm_enc_" + keyBits + "_update_";
        return new PieceFunctions(
                binder.begin(begin, JAVA_LONG),
                binder.begin(begin, ADDRESS),
                binder.update(update, JAVA_LONG),
                binder.update(update, ADDRESS),
                binder.end("aes_gcm_enc_" + keyBits + "_finalize_"));
    }

    /** The nonce has to be in the slot. */
    void begin(GcmSlot slot, MemorySegment packet, long headerAt, long headerLength) {
        try {
            if (packet.isNative()) {
                beginNative.invokeExact(slot.key, slot.context, slot.nonce, packet.address() + headerAt, headerLength);
            } else {
                MemorySegment header = HeapMemory.from(packet, headerAt);
                beginHeap.invokeExact(slot.key, slot.context, slot.nonce, header, headerLength);
            }
        } catch (Throwable e) {
            throw GcmFunctions.failed(e);
        }
    }

    /** Encrypts the next {@code length} bytes of text, which is of the heap, to {@code bodyAt} in the packet. */
    void update(GcmSlot slot, MemorySegment text, long textAt, long length, MemorySegment packet, long bodyAt) {
        try {
            MemorySegment in = HeapMemory.from(text, textAt);
            if (packet.isNative()) {
                updateNative.invokeExact(slot.key, slot.context, packet.address() + bodyAt, in, length);
            } else {
                MemorySegment body = HeapMemory.from(packet, bodyAt);
                updateHeap.invokeExact(slot.key, slot.context, body, in, length);
            }
        } catch (Throwable e) {
            throw GcmFunctions.failed(e);
        }
    }

    /** Leaves the tag in the slot. */
    void end(GcmSlot slot) {
        try {
            end.invokeExact(slot.key, slot.context, slot.tag, TAG_BYTES);
        } catch (Throwable e) {
            throw GcmFunctions.failed(e);
        }
    }
}
