package io.stoq.protection.ipsecmb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;

/**
 * One AES-GCM key and IV for the packets of one direction, expanded in native memory. One thread at a time. RFC 9001 §5.3.
 *
 * <p>Callers check bounds: nothing from here on does. Their memory must live until the call returns.
 *
 * <pre>
 *   slot:  expanded key (1280) | context (128) | spare (4) | nonce (12) | tag (16) | spare
 * </pre>
 */
public final class GcmKey {

    static final int TAG_BYTES = 16;
    static final int NONCE_BYTES = 12;

    /** The largest of all versions is 1264 bytes, in 2.0; {@link SelfTest} watches that the rest stays untouched. */
    static final int EXPANDED_BYTES = 1280;

    /** All versions have 88 bytes; watched as well. */
    static final int CONTEXT_BYTES = 128;

    private static final int CONTEXT_AT = EXPANDED_BYTES;

    /** So that the part of the nonce that changes is aligned. */
    private static final int NONCE_AT = CONTEXT_AT + CONTEXT_BYTES + 4;

    private static final int PACKET_NUMBER_AT = NONCE_AT + NONCE_BYTES - Long.BYTES;
    private static final int TAG_AT = NONCE_AT + NONCE_BYTES;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfLong NETWORK_LONG = LONG.withOrder(ByteOrder.BIG_ENDIAN);

    /** A constant to the compiler, which the calls need to be cheap. */
    private static final GcmFunctions GCM = IpsecMb.functions();

    private static final KeyMemory MEMORY = new KeyMemory();

    private final KeyMemory.Slot slot;
    private final MemorySegment memory;
    private final boolean aes256;
    private final long ivEnd;

    /**
     * @param key of 16 or 32 bytes; wiping it is the caller's
     * @param iv of 12 bytes; likewise
     * @throws IllegalStateException where {@link IpsecMb#unavailableReason()} has a reason
     */
    public GcmKey(byte[] key, byte[] iv) {
        this.aes256 = key.length == 32;
        this.slot = MEMORY.take();
        this.memory = slot.memory();
        MemorySegment.copy(iv, 0, memory, ValueLayout.JAVA_BYTE, NONCE_AT, NONCE_BYTES);
        this.ivEnd = memory.get(NETWORK_LONG, PACKET_NUMBER_AT);
        MemorySegment source = MemorySegment.ofArray(key);
        try {
            if (aes256) {
                GCM.expand256().invokeExact(source, memory.address());
            } else {
                GCM.expand128().invokeExact(source, memory.address());
            }
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /**
     * Reads {@code length} bytes of {@code plaintext} and writes ciphertext and tag behind the header, which is the
     * associated data.
     */
    public void seal(
            long packetNumber,
            MemorySegment plaintext,
            long plaintextAt,
            int length,
            MemorySegment packet,
            long headerAt,
            int headerLength) {
        long bodyAt = headerAt + headerLength;
        if (length > 0) {
            touch(plaintext, plaintextAt);
        }
        touch(packet, bodyAt + length);
        setNonce(packetNumber);
        encrypt(from(packet, bodyAt), from(plaintext, plaintextAt), length, from(packet, headerAt), headerLength);
        packet.set(LONG, bodyAt + length, memory.get(LONG, TAG_AT));
        packet.set(LONG, bodyAt + length + Long.BYTES, memory.get(LONG, TAG_AT + Long.BYTES));
        Reference.reachabilityFence(plaintext);
        Reference.reachabilityFence(packet);
    }

    /**
     * Opens {@code length} bytes of ciphertext behind the header, with a tag behind them. Where the packet is not
     * authentic, returns false and leaves zeros as plaintext.
     */
    public boolean open(
            long packetNumber,
            MemorySegment packet,
            long headerAt,
            int headerLength,
            int length,
            MemorySegment plaintext,
            long plaintextAt) {
        long bodyAt = headerAt + headerLength;
        long tagStart = packet.get(LONG, bodyAt + length);
        long tagEnd = packet.get(LONG, bodyAt + length + Long.BYTES);
        if (length > 0) {
            touch(plaintext, plaintextAt);
        }
        setNonce(packetNumber);
        decrypt(from(plaintext, plaintextAt), from(packet, bodyAt), length, from(packet, headerAt), headerLength);
        // All bits count before any decides, so that the time says nothing of where tags differ.
        long difference = tagStart ^ memory.get(LONG, TAG_AT) | tagEnd ^ memory.get(LONG, TAG_AT + Long.BYTES);
        Reference.reachabilityFence(packet);
        Reference.reachabilityFence(plaintext);
        if (difference == 0) {
            return true;
        }
        plaintext.asSlice(plaintextAt, length).fill((byte) 0);
        return false;
    }

    /** Wipes the key; it must not be used again. */
    public void destroy() {
        slot.release();
    }

    /** RFC 9001 §5.3: the nonce is the IV, its end combined with the packet number. */
    private void setNonce(long packetNumber) {
        memory.set(NETWORK_LONG, PACKET_NUMBER_AT, ivEnd ^ packetNumber);
    }

    private void encrypt(MemorySegment out, MemorySegment in, long length, MemorySegment header, long headerLength) {
        long key = memory.address();
        long context = key + CONTEXT_AT;
        long nonce = key + NONCE_AT;
        long tag = key + TAG_AT;
        try {
            if (aes256) {
                GCM.encrypt256().invokeExact(key, context, out, in, length, nonce, header, headerLength, tag, 16L);
            } else {
                GCM.encrypt128().invokeExact(key, context, out, in, length, nonce, header, headerLength, tag, 16L);
            }
        } catch (Throwable e) {
            throw failed(e);
        }
        Reference.reachabilityFence(memory);
    }

    private void decrypt(MemorySegment out, MemorySegment in, long length, MemorySegment header, long headerLength) {
        long key = memory.address();
        long context = key + CONTEXT_AT;
        long nonce = key + NONCE_AT;
        long tag = key + TAG_AT;
        try {
            if (aes256) {
                GCM.decrypt256().invokeExact(key, context, out, in, length, nonce, header, headerLength, tag, 16L);
            } else {
                GCM.decrypt128().invokeExact(key, context, out, in, length, nonce, header, headerLength, tag, 16L);
            }
        } catch (Throwable e) {
            throw failed(e);
        }
        Reference.reachabilityFence(memory);
    }

    /**
     * {@code memory} from {@code at}. Slices of native and heap memory are of several classes, which keeps the compiler
     * from doing without the object; an address is of one, and so is a whole segment that was there before.
     */
    private static MemorySegment from(MemorySegment memory, long at) {
        if (memory.isNative()) {
            return MemorySegment.ofAddress(memory.address() + at);
        }
        return at == 0 ? memory : memory.asSlice(at);
    }

    /** Fails where memory is closed or another thread's, which its mere address would not. */
    private static void touch(MemorySegment memory, long at) {
        memory.get(ValueLayout.JAVA_BYTE, at);
    }

    private static IllegalStateException failed(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a call into ipsec-mb failed", e);
    }
}
