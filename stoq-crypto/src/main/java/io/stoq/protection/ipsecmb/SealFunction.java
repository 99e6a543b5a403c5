package io.stoq.protection.ipsecmb;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Encryption by one function of the library, bound for each kind of memory. Each call stands in a branch of its own: where
 * branches meet, the compiler could not do without the segments.
 *
 * @param nativeOnly text and packet are native
 * @param heapText text is of the heap, the packet native: the usual case
 * @param heapPacket the packet is of the heap
 */
record SealFunction(MethodHandle nativeOnly, MethodHandle heapText, MethodHandle heapPacket) {

    private static final long TAG_BYTES = GcmSlot.TAG_BYTES;

    static SealFunction bind(Binder binder, String name) throws UnusableException {
        return new SealFunction(
                binder.crypt(name, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                binder.crypt(name, JAVA_LONG, ADDRESS, JAVA_LONG),
                binder.crypt(name, ADDRESS, ADDRESS, ADDRESS));
    }

    /**
     * Encrypts {@code length} bytes of text to behind the header in the packet. The tag stays in the slot, where the nonce has
     * to be. Bounds are the caller's affair.
     */
    void call(
            GcmSlot slot,
            MemorySegment text,
            long textAt,
            long length,
            MemorySegment packet,
            long headerAt,
            long headerLength) {
        try {
            if (packet.isNative()) {
                long header = packet.address() + headerAt;
                long body = header + headerLength;
                if (text.isNative()) {
                    long in = text.address() + textAt;
                    nativeOnly.invokeExact(
                            slot.key,
                            slot.context,
                            body,
                            in,
                            length,
                            slot.nonce,
                            header,
                            headerLength,
                            slot.tag,
                            TAG_BYTES);
                } else {
                    MemorySegment in = HeapMemory.from(text, textAt);
                    heapText.invokeExact(
                            slot.key,
                            slot.context,
                            body,
                            in,
                            length,
                            slot.nonce,
                            header,
                            headerLength,
                            slot.tag,
                            TAG_BYTES);
                }
            } else {
                MemorySegment header = HeapMemory.from(packet, headerAt);
                MemorySegment body = HeapMemory.from(packet, headerAt + headerLength);
                if (text.isNative()) {
                    MemorySegment in = MemorySegment.ofAddress(text.address() + textAt);
                    heapPacket.invokeExact(
                            slot.key,
                            slot.context,
                            body,
                            in,
                            length,
                            slot.nonce,
                            header,
                            headerLength,
                            slot.tag,
                            TAG_BYTES);
                } else {
                    MemorySegment in = HeapMemory.from(text, textAt);
                    heapPacket.invokeExact(
                            slot.key,
                            slot.context,
                            body,
                            in,
                            length,
                            slot.nonce,
                            header,
                            headerLength,
                            slot.tag,
                            TAG_BYTES);
                }
            }
        } catch (Throwable e) {
            throw GcmFunctions.failed(e);
        }
    }
}
