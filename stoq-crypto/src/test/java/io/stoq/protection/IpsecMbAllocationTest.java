package io.stoq.protection;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.stoq.crypto.PacketKeys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packet path allocates nothing, whatever kinds of memory the process has seen before. */
class IpsecMbAllocationTest {

    private static final int HEADER_BYTES = 12;
    private static final int PAYLOAD_BYTES = 1200;
    private static final int PACKET_BYTES = HEADER_BYTES + PAYLOAD_BYTES + PacketKeys.TAG_BYTES;
    private static final int PACKETS = 20_000;

    /** The compiler has long replaced interpreted code by then. */
    private static final int MAX_ROUNDS = 100;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Compiled code is simplest while all segments are of one class; a real process has several. */
    @BeforeAll
    static void segmentsOfAllClassesHaveBeenSliced() {
        long sum = 0;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment[] kinds = {
                MemorySegment.ofArray(new byte[64]),
                MemorySegment.ofArray(new long[8]),
                MemorySegment.ofArray(new int[16]),
                MemorySegment.ofArray(new short[32]),
                arena.allocate(64)
            };
            for (int i = 0; i < 300_000; i++) {
                MemorySegment slice = kinds[i % kinds.length].asSlice(8);
                sum += slice.byteSize() + slice.get(ValueLayout.JAVA_BYTE, 0);
            }
        }
        assertTrue(sum > 0);
    }

    @ParameterizedTest
    @CsvSource({"heap, 0, native", "native, 0, native", "native, 8, native"})
    void nothingIsAllocatedPerPacket(String plaintextKind, int plaintextAt, String packetKind) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment plaintext = memory(arena, plaintextKind, plaintextAt + PAYLOAD_BYTES);
            MemorySegment train = memory(arena, packetKind, 40L * PACKET_BYTES);
            PacketKeys sender = Protections.IPSEC_MB.create().keys(0x1301, new byte[32]);
            PacketKeys receiver = Protections.IPSEC_MB.create().keys(0x1301, new byte[32]);
            long allocated = Long.MAX_VALUE;
            for (int round = 0; round < MAX_ROUNDS && allocated > 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                exchange(sender, receiver, (long) round * PACKETS, plaintext, plaintextAt, train);
                // What is left of one object per round is the measurement's own.
                allocated = (threads.getCurrentThreadAllocatedBytes() - before) / PACKETS;
            }
            sender.destroy();
            receiver.destroy();
            long last = allocated;
            assertTrue(last == 0, () -> last + " bytes per packet");
        }
    }

    private static void exchange(
            PacketKeys sender,
            PacketKeys receiver,
            long firstNumber,
            MemorySegment plaintext,
            long plaintextAt,
            MemorySegment train) {
        for (int i = 0; i < PACKETS; i++) {
            long number = firstNumber + i;
            long at = i % 40 * (long) PACKET_BYTES;
            int sealed = PAYLOAD_BYTES + PacketKeys.TAG_BYTES;
            sender.seal(number, plaintext, plaintextAt, PAYLOAD_BYTES, train, at, HEADER_BYTES);
            if (receiver.open(number, train, at, HEADER_BYTES, sealed, plaintext, plaintextAt) != PAYLOAD_BYTES) {
                throw new AssertionError("packet " + number + " did not open");
            }
        }
    }

    private static MemorySegment memory(Arena arena, String kind, long bytes) {
        return kind.equals("heap") ? MemorySegment.ofArray(new byte[(int) bytes]) : arena.allocate(bytes);
    }
}
