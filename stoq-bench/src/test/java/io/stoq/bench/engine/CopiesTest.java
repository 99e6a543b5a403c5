package io.stoq.bench.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stoq.protection.Aead;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/**
 * The gate on copies per byte: how often each byte of an application is moved until it is at the other one, and by whom.
 *
 * <p>STOQ is loaded with every instruction that moves bytes counted ({@link CountingLoader}), and transfers what
 * {@link CountedTransfers} says. Each method that moved a notable part of the payload has to be one that is named here, and
 * to have moved every byte once. The path of a stream's byte:
 *
 * <pre>
 *   application's array --ByteWriter.putBytes--> scratch in the first cache level --cipher--> train, which the kernel reads
 *   memory that the kernel filled --cipher--> plaintext, which the handler sees
 * </pre>
 */
class CopiesTest {

    /** What moves less than this part of the payload deals with headers, samples and masks. */
    private static final double NOTABLE = 0.05;

    /** All headers, samples and masks of both sides together, at the smallest payload used here. */
    private static final double MAX_REST = 0.15;

    private static final String GATHER = "ByteWriter.putBytes";
    private static final String SEAL = "NoCipher$Keys.seal";
    private static final String SEAL_PIECE = "NoCipher$Keys.sealPiece";
    private static final String OPEN = "NoCipher$Keys.open";

    @Test
    void aStreamByteIsCopiedOnceBeforeTheCipherAndNeverBehindIt() throws ReflectiveOperationException {
        requireMovers(CountedTransfers.Upload.class, GATHER, SEAL, OPEN);
    }

    @Test
    void aByteOfTheLargestDatagramsIsMovedByTheCipherAlone() throws ReflectiveOperationException {
        requireMovers(CountedTransfers.LargeUpload.class, SEAL_PIECE, OPEN);
    }

    @Test
    void aDatagramIsCopiedIntoTheQueueAndIntoThePacket() throws ReflectiveOperationException {
        requireMovers(CountedTransfers.Datagrams.class, GATHER, GATHER, SEAL, OPEN);
    }

    @Test
    void socketsLoopsAndHandlersAddNoCopy() throws ReflectiveOperationException {
        requireMovers(CountedTransfers.Referenced.class, GATHER, SEAL, OPEN);
    }

    @Test
    void theFaceThatWaitsCopiesOnceToWriteAndTwiceToRead() throws ReflectiveOperationException {
        requireMovers(
                CountedTransfers.Waiting.class,
                "OutputChunk.append",
                GATHER,
                SEAL,
                OPEN,
                "StreamInput.copy",
                "StreamInput.copyTo");
    }

    @Test
    void aNativeCipherReadsAndWritesWhereTheBytesLie() throws ReflectiveOperationException {
        assumeTrue(isAvailable(Aead.IPSEC_MB), "ipsec-mb cannot be used here");
        // What the cipher itself writes is outside of Java and not seen.
        requireMovers(CountedTransfers.IpsecMb.class, GATHER);
        requireMovers(CountedTransfers.LargeIpsecMb.class);
    }

    @Test
    void aJcaCipherCostsOneMoreCopyOnEachSide() throws ReflectiveOperationException {
        // What the cipher itself writes is inside the JDK and not seen.
        requireMovers(CountedTransfers.Jca.class, GATHER, "JcaPacketKeys.seal", "JcaPacketKeys.open");
    }

    private static boolean isAvailable(Aead aead) {
        try {
            aead.protection();
            return true;
        } catch (UnsupportedOperationException notHere) {
            return false;
        }
    }

    /** @param expected what moves each byte, as often as it does */
    private static void requireMovers(Class<? extends LongSupplier> transfer, String... expected)
            throws ReflectiveOperationException {
        LongSupplier counted = (LongSupplier) new CountingLoader()
                .loadClass(transfer.getName())
                .getConstructor()
                .newInstance();
        long payloadBytes = counted.getAsLong();
        Map<String, Double> movers = new TreeMap<>();
        double rest = 0;
        for (Map.Entry<String, Long> moved : CopyCounter.moved().entrySet()) {
            double part = (double) moved.getValue() / payloadBytes;
            if (part >= NOTABLE) {
                movers.put(moved.getKey(), part);
            } else {
                rest += part;
            }
        }
        assertEquals(new TreeSet<>(List.of(expected)), movers.keySet(), () -> "copies per byte: " + movers);
        movers.forEach((by, part) -> assertEquals(
                Collections.frequency(List.of(expected), by), part, NOTABLE, () -> by + " moves each byte"));
        assertTrue(rest < MAX_REST, "all others together move " + rest + " bytes for each byte of payload");
    }
}
