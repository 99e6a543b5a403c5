package io.stoq.transport.io.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.Datagram;
import io.stoq.transport.io.SocketCounters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceiveDecoderTest {

    private static final long FLAGS_AT = 48;

    private final Arena arena = Arena.ofConfined();
    private final SocketCounters counters = new SocketCounters();
    private final ReceiveDecoder decoder = new ReceiveDecoder(new SocketAddresses(), counters);
    private final ReceiveSlot slot = new ReceiveSlot(arena);

    @BeforeEach
    void nameASource() {
        SocketAddresses.write(new InetSocketAddress("2001:db8::7", 4433), slot.header.name);
        slot.header.controlLength(0);
    }

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void aSingleDatagramIsASegmentOfItsOwn() {
        Datagram datagram = decoder.decode(slot, 1200);
        assertEquals(1200, datagram.length);
        assertEquals(1200, datagram.segmentSize);
        assertEquals(new InetSocketAddress("2001:db8::7", 4433), datagram.remote);
        assertNull(datagram.local);
        assertEquals(0, datagram.ecn);
    }

    @Test
    void controlMessagesAreRead() {
        int end = put(0, Linux.IPPROTO_UDP, Linux.UDP_GRO, 1000);
        end = put(end, Linux.IPPROTO_IPV6, Linux.IPV6_TCLASS, 0xb8 | 3);
        end = put(end, 77, 78, 79);
        slot.header.controlLength(end);
        Datagram datagram = decoder.decode(slot, 2500);
        assertEquals(1000, datagram.segmentSize);
        assertEquals(3, datagram.ecn);
        assertEquals(3, counters.datagramsReceived);
    }

    @Test
    void nothingOfAnEarlierDatagramStays() {
        slot.header.controlLength(put(0, Linux.IPPROTO_IPV6, Linux.IPV6_TCLASS, 2));
        assertEquals(2, decoder.decode(slot, 10).ecn);
        slot.header.controlLength(0);
        assertEquals(0, decoder.decode(slot, 10).ecn);
    }

    @Test
    void impossibleSegmentSizesCountAsOneSegment() {
        for (int size : new int[] {0, -1, 5000}) {
            slot.header.controlLength(put(0, Linux.IPPROTO_UDP, Linux.UDP_GRO, size));
            assertEquals(2500, decoder.decode(slot, 2500).segmentSize);
        }
    }

    @Test
    void truncatedDatagramsAreDroppedAndCounted() {
        for (int flag : new int[] {Linux.MSG_TRUNC, Linux.MSG_CTRUNC}) {
            slot.header.struct.set(JAVA_INT, FLAGS_AT, flag);
            assertNull(decoder.decode(slot, 1200));
        }
        assertEquals(2, counters.truncated);
        assertEquals(0, counters.datagramsReceived);
    }

    @Test
    void sourcesThatAreNotIpv6AreDroppedAndCounted() {
        MemorySegment name = slot.header.name;
        name.asSlice(8, 16).fill((byte) 0);
        name.set(JAVA_BYTE, 18, (byte) 0xff);
        name.set(JAVA_BYTE, 19, (byte) 0xff);
        name.set(JAVA_BYTE, 20, (byte) 127);
        assertNull(decoder.decode(slot, 1200));
        name.set(JAVA_BYTE, 0, (byte) 2);
        assertNull(decoder.decode(slot, 1200));
        assertEquals(2, counters.foreignSources);
    }

    @Test
    void dropCountsAreAddedUpAcrossTheirWrap() {
        for (int told : new int[] {5, 5, 9, -1, 3}) {
            slot.header.controlLength(put(0, Linux.SOL_SOCKET, Linux.SO_RXQ_OVFL, told));
            decoder.decode(slot, 10);
        }
        assertEquals((1L << 32) + 3, counters.kernelDrops);
    }

    @Test
    void theSourceObjectStaysWhileItsBytesDo() {
        InetSocketAddress first = decoder.decode(slot, 10).remote;
        assertSame(first, decoder.decode(slot, 10).remote);
    }

    @Test
    void randomControlBytesDoNoHarm() {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            for (int at = 0; at < MessageHeader.CONTROL_BYTES; at++) {
                slot.header.control.set(JAVA_BYTE, at, (byte) random.nextInt());
            }
            if (random.nextBoolean()) {
                slot.header.control.set(JAVA_LONG, 0, random.nextInt(64));
            }
            slot.header.controlLength(random.nextInt(MessageHeader.CONTROL_BYTES + 1));
            Datagram datagram = decoder.decode(slot, 3000);
            assertNotNull(datagram);
            assertTrue(datagram.segmentSize > 0 && datagram.segmentSize <= 3000);
        }
    }

    private int put(int at, int level, int type, int value) {
        int data = slot.header.putControl(at, level, type, Integer.BYTES);
        slot.header.control.set(JAVA_INT, data, value);
        return MessageHeader.aligned(data + Integer.BYTES);
    }
}
