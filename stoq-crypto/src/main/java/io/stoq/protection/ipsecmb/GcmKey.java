package io.stoq.protection.ipsecmb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/**
 * One AES-GCM key and IV for the packets of one direction, expanded in native memory. One thread at a time. RFC 9001 §5.3.
 *
 * <p>Bounds are the caller's affair: nothing from here on checks them. Memory must live until the call returns.
 */
public final class GcmKey {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** A constant to the compiler, which is what makes the calls cheap. */
    private static final GcmFunctions GCM = IpsecMb.functions();

    private static final KeyMemory MEMORY = new KeyMemory();

    private final KeyMemory.Lease lease;
    private final GcmSlot slot;
    private final boolean aes256;
    private final long ivEnd;

    /**
     * @param key of 16 or 32 bytes; wiping it is the caller's
     * @param iv of 12 bytes; likewise
     */
    public GcmKey(byte[] key, byte[] iv) {
        this.lease = MEMORY.take();
        this.slot = lease.slot();
        this.aes256 = key.length == 32;
        slot.setNonce(iv);
        this.ivEnd = slot.nonceEnd();
        GCM.expand(key, slot);
    }

    /**
     * Encrypts {@code length} bytes of {@code text} to behind the header, which is the associated data, and puts the tag behind
     * them.
     */
    public void seal(
            long packetNumber,
            MemorySegment text,
            long textAt,
            int length,
            MemorySegment packet,
            long headerAt,
            int headerLength) {
        long tagAt = headerAt + headerLength + length;
        requireAccess(text, textAt, length);
        requireAccess(packet, tagAt, 1);
        setNonce(packetNumber);
        if (aes256) {
            GCM.seal256().call(slot, text, textAt, length, packet, headerAt, headerLength);
        } else {
            GCM.seal128().call(slot, text, textAt, length, packet, headerAt, headerLength);
        }
        packet.set(LONG, tagAt, slot.tagStart());
        packet.set(LONG, tagAt + Long.BYTES, slot.tagEnd());
        keepAlive(text, packet);
    }

    /** Begins to encrypt a packet whose text comes in pieces; the header is in place and is the associated data. */
    public void beginSeal(long packetNumber, MemorySegment packet, long headerAt, int headerLength) {
        requireAccess(packet, headerAt, headerLength);
        setNonce(packetNumber);
        // Each function is a constant to the compiler only where it is called in a branch of its own.
        if (aes256) {
            GCM.pieces256().begin(slot, packet, headerAt, headerLength);
        } else {
            GCM.pieces128().begin(slot, packet, headerAt, headerLength);
        }
        keepAlive(packet, packet);
    }

    /** Encrypts the next {@code length} bytes of that packet to {@code bodyAt}. */
    public void sealPiece(MemorySegment text, long textAt, int length, MemorySegment packet, long bodyAt) {
        requireAccess(packet, bodyAt, length);
        if (aes256) {
            GCM.pieces256().update(slot, text, textAt, length, packet, bodyAt);
        } else {
            GCM.pieces128().update(slot, text, textAt, length, packet, bodyAt);
        }
        keepAlive(text, packet);
    }

    /** Puts the tag at {@code tagAt}: the packet is encrypted. */
    public void endSeal(MemorySegment packet, long tagAt) {
        if (aes256) {
            GCM.pieces256().end(slot);
        } else {
            GCM.pieces128().end(slot);
        }
        packet.set(LONG, tagAt, slot.tagStart());
        packet.set(LONG, tagAt + Long.BYTES, slot.tagEnd());
        keepAlive(packet, packet);
    }

    /**
     * Decrypts {@code length} bytes from behind the header. Where they, the header or the tag behind them are not authentic,
     * returns false and leaves zeros as text.
     */
    public boolean open(
            long packetNumber,
            MemorySegment packet,
            long headerAt,
            int headerLength,
            int length,
            MemorySegment text,
            long textAt) {
        long tagAt = headerAt + headerLength + length;
        requireAccess(text, textAt, length);
        long tagStart = packet.get(LONG, tagAt);
        long tagEnd = packet.get(LONG, tagAt + Long.BYTES);
        setNonce(packetNumber);
        if (aes256) {
            GCM.open256().call(slot, text, textAt, length, packet, headerAt, headerLength);
        } else {
            GCM.open128().call(slot, text, textAt, length, packet, headerAt, headerLength);
        }
        keepAlive(text, packet);
        // All bits count before any decides, so that the time does not tell where tags differ.
        boolean authentic = (tagStart ^ slot.tagStart() | tagEnd ^ slot.tagEnd()) == 0;
        if (!authentic) {
            text.asSlice(textAt, length).fill((byte) 0);
        }
        return authentic;
    }

    /** Wipes the key; it must not be used again. */
    public void destroy() {
        lease.end();
    }

    /** RFC 9001 §5.3: the nonce is the IV, its end combined with the packet number. */
    private void setNonce(long packetNumber) {
        slot.setNonceEnd(ivEnd ^ packetNumber);
    }

    /** Fails where memory is closed or another thread's, which its address would not. */
    private static void requireAccess(MemorySegment memory, long at, int length) {
        if (length > 0) {
            memory.get(ValueLayout.JAVA_BYTE, at);
        }
    }

    /** The functions know addresses only, which keep nothing from the collector. */
    private void keepAlive(MemorySegment text, MemorySegment packet) {
        Reference.reachabilityFence(text);
        Reference.reachabilityFence(packet);
        Reference.reachabilityFence(this);
    }
}
