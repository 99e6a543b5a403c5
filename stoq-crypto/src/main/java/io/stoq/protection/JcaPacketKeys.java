package io.stoq.protection;

import io.stoq.crypto.PacketKeys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/**
 * Packet protection by a JCA cipher. Confined to a connection's loop. RFC 9001 §5.3, §6.
 *
 * <p>The JDK's ciphers are fast from array to array only. Packets and plaintext on the heap are therefore worked on in
 * place, native memory through one copy. Nothing is allocated per packet but the parameter object that JCA demands.
 */
final class JcaPacketKeys implements PacketKeys {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int PACKET_NUMBER_AT = AeadSuite.IV_BYTES - Long.BYTES;

    private final TrafficSecret secret;
    private final AeadSuite suite;
    private final CipherSource ciphers;
    private final KeyMaterial key;
    private final Cipher cipher;
    private final HeaderKey headerKey;

    /** The IV, with the packet number put into its last 8 bytes for each packet anew. */
    private final byte[] nonce;

    private long ivEnd;
    private boolean destroyed;

    // The keys of all phases share these: only one of them works at a time.
    private final Scratch packetScratch;
    private final Scratch plaintextScratch;

    JcaPacketKeys(TrafficSecret secret, CipherSource ciphers) {
        this(secret, ciphers, secret.headerKey(ciphers), new Scratch(), new Scratch());
    }

    private JcaPacketKeys(
            TrafficSecret secret,
            CipherSource ciphers,
            HeaderKey headerKey,
            Scratch packetScratch,
            Scratch plaintextScratch) {
        this.secret = secret;
        this.suite = secret.suite();
        this.ciphers = ciphers;
        this.key = new KeyMaterial(suite.keyAlgorithm, secret.key());
        this.nonce = secret.iv();
        this.ivEnd = (long) LONG.get(nonce, PACKET_NUMBER_AT);
        this.cipher = ciphers.cipher(suite.transformation);
        this.headerKey = headerKey;
        this.packetScratch = packetScratch;
        this.plaintextScratch = plaintextScratch;
    }

    @Override
    public void seal(
            long packetNumber,
            MemorySegment plaintext,
            long plaintextAt,
            int length,
            MemorySegment packet,
            long headerAt,
            int headerLength) {
        Objects.checkFromIndexSize(plaintextAt, length, plaintext.byteSize());
        Objects.checkFromIndexSize(headerAt, headerLength, packet.byteSize());
        Objects.checkFromIndexSize(headerAt + headerLength, (long) length + TAG_BYTES, packet.byteSize());
        byte[] target = arrayOf(packet);
        if (target != null) {
            int at = (int) (packet.address() + headerAt);
            sealInto(target, at, packetNumber, plaintext, plaintextAt, length, headerLength);
            return;
        }
        int sealedLength = length + TAG_BYTES;
        packetScratch.require(headerLength + sealedLength);
        MemorySegment.copy(packet, headerAt, packetScratch.segment, 0, headerLength);
        sealInto(packetScratch.array, 0, packetNumber, plaintext, plaintextAt, length, headerLength);
        MemorySegment.copy(packetScratch.segment, headerLength, packet, headerAt + headerLength, sealedLength);
    }

    @Override
    public int open(
            long packetNumber,
            MemorySegment packet,
            long headerAt,
            int headerLength,
            int length,
            MemorySegment plaintext,
            long plaintextAt) {
        if (length < TAG_BYTES || isOutside(packet, headerAt, headerLength, length)) {
            return -1;
        }
        int plaintextLength = length - TAG_BYTES;
        Objects.checkFromIndexSize(plaintextAt, plaintextLength, plaintext.byteSize());
        byte[] target = arrayOf(plaintext);
        byte[] source = arrayOf(packet);
        int at = 0;
        // Within one array the JDK decrypts in two passes instead of one.
        if (source != null && source != target) {
            at = (int) (packet.address() + headerAt);
        } else {
            packetScratch.require(headerLength + length);
            MemorySegment.copy(packet, headerAt, packetScratch.segment, 0, headerLength + length);
            source = packetScratch.array;
        }
        if (target != null) {
            int targetAt = (int) (plaintext.address() + plaintextAt);
            return decrypt(packetNumber, source, at, headerLength, length, target, targetAt);
        }
        plaintextScratch.require(plaintextLength);
        int opened = decrypt(packetNumber, source, at, headerLength, length, plaintextScratch.array, 0);
        if (opened > 0) {
            MemorySegment.copy(plaintextScratch.segment, 0, plaintext, plaintextAt, opened);
        }
        return opened;
    }

    @Override
    public void headerMasks(byte[] samples, int count, byte[] masks) {
        Objects.checkFromIndexSize(0, count * SAMPLE_BYTES, samples.length);
        Objects.checkFromIndexSize(0, count * SAMPLE_BYTES, masks.length);
        checkUsable();
        headerKey.masks(samples, count, masks);
    }

    @Override
    public PacketKeys next() {
        checkUsable();
        return new JcaPacketKeys(secret.next(), ciphers, headerKey.retain(), packetScratch, plaintextScratch);
    }

    @Override
    public long confidentialityLimitPackets() {
        return suite.confidentialityLimitPackets;
    }

    @Override
    public long integrityLimitPackets() {
        return suite.integrityLimitPackets;
    }

    @Override
    public void destroy() {
        if (destroyed) {
            return;
        }
        destroyed = true;
        secret.wipe();
        Arrays.fill(nonce, (byte) 0);
        ivEnd = 0;
        key.destroy();
        packetScratch.wipe();
        plaintextScratch.wipe();
        headerKey.release();
        forgetKeySchedule();
    }

    private void sealInto(
            byte[] target,
            int at,
            long packetNumber,
            MemorySegment plaintext,
            long plaintextAt,
            int length,
            int headerLength) {
        int bodyAt = at + headerLength;
        byte[] source = arrayOf(plaintext);
        int sourceAt;
        if (source != null && source != target) {
            sourceAt = (int) (plaintext.address() + plaintextAt);
        } else {
            // Sealing, unlike opening, is as fast within one array; but not all ciphers bear with a shift.
            MemorySegment.copy(plaintext, ValueLayout.JAVA_BYTE, plaintextAt, target, bodyAt, length);
            source = target;
            sourceAt = bodyAt;
        }
        try {
            start(Cipher.ENCRYPT_MODE, packetNumber, target, at, headerLength);
            cipher.doFinal(source, sourceAt, length, target, bodyAt);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("packet " + packetNumber + " could not be sealed", e);
        }
    }

    private int decrypt(
            long packetNumber, byte[] source, int at, int headerLength, int length, byte[] target, int targetAt) {
        try {
            start(Cipher.DECRYPT_MODE, packetNumber, source, at, headerLength);
            return cipher.doFinal(source, at + headerLength, length, target, targetAt);
        } catch (AEADBadTagException e) {
            // Not all providers take back what they wrote before they saw the tag.
            Arrays.fill(target, targetAt, targetAt + length - TAG_BYTES, (byte) 0);
            return -1;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("packet " + packetNumber + " could not be opened", e);
        }
    }

    private void start(int mode, long packetNumber, byte[] header, int at, int headerLength)
            throws GeneralSecurityException {
        checkUsable();
        // RFC 9001 §5.3: the nonce is the IV, its end combined with the packet number.
        LONG.set(nonce, PACKET_NUMBER_AT, ivEnd ^ packetNumber);
        cipher.init(mode, key, suite.parameters(nonce));
        cipher.updateAAD(header, at, headerLength);
    }

    private void checkUsable() {
        if (destroyed) {
            throw new IllegalStateException("packet keys are destroyed");
        }
    }

    /** A cipher cannot be wiped, but it replaces what it keeps of one key by what it keeps of the next. */
    private void forgetKeySchedule() {
        KeyMaterial zeros = new KeyMaterial(suite.keyAlgorithm, new byte[suite.keyBytes]);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, zeros, suite.parameters(nonce));
        } catch (GeneralSecurityException e) {
            // The cipher then keeps its key until it is collected.
        }
    }

    private static boolean isOutside(MemorySegment packet, long headerAt, int headerLength, int length) {
        return headerAt < 0 || headerLength < 0 || packet.byteSize() - headerAt < (long) headerLength + length;
    }

    /** The array behind writable heap memory, which starts at the segment's address; null for all other memory. */
    private static byte[] arrayOf(MemorySegment memory) {
        if (memory.isNative()) {
            return null;
        }
        return memory.heapBase().orElse(null) instanceof byte[] array ? array : null;
    }
}
