package io.stoq.transport.io.libc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.Transmit;
import io.stoq.transport.io.SocketCounters;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SendSlotTest {

    private final Arena arena = Arena.ofConfined();
    private final SocketCounters counters = new SocketCounters();
    private final SendSlot slot = new SendSlot(arena, 64, new SocketAddresses(), counters);

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void aTrainGoesInOneSend() {
        begin(2500, 1000);
        assertEquals(SendSlot.DONE, slot.onResult(2500));
        assertFalse(slot.gsoRefused());
        assertEquals(1, counters.sendCalls);
        assertEquals(3, counters.datagramsSent);
        assertEquals(2500, counters.bytesSent);
    }

    @Test
    void aFullBufferKeepsTheTrain() {
        begin(2500, 1000);
        assertEquals(SendSlot.BLOCKED, slot.onResult(-Errno.EAGAIN));
        assertEquals(SendSlot.NEXT, slot.onResult(-Errno.EINTR));
        assertEquals(SendSlot.DONE, slot.onResult(2500));
        assertEquals(0, counters.sendErrors);
        assertEquals(1, counters.sendCalls);
    }

    @Test
    void aRefusedTrainGoesSegmentBySegment() {
        for (int errno : new int[] {Errno.EIO, Errno.EINVAL}) {
            begin(2500, 1000);
            assertEquals(SendSlot.NEXT, slot.onResult(-errno));
            assertEquals(SendSlot.NEXT, slot.onResult(1000));
            assertEquals(SendSlot.BLOCKED, slot.onResult(-Errno.EAGAIN));
            assertEquals(SendSlot.NEXT, slot.onResult(1000));
            assertEquals(SendSlot.DONE, slot.onResult(500));
            assertTrue(slot.gsoRefused());
        }
        assertEquals(6, counters.datagramsSent);
        assertEquals(5000, counters.bytesSent);
        assertEquals(0, counters.sendErrors);
    }

    @Test
    void segmentsThatFailAloneTooDoNotBlameSegmentation() {
        begin(2500, 1000);
        assertEquals(SendSlot.NEXT, slot.onResult(-Errno.EINVAL));
        assertEquals(SendSlot.NEXT, slot.onResult(-Errno.EMSGSIZE));
        assertEquals(SendSlot.NEXT, slot.onResult(-Errno.EMSGSIZE));
        assertEquals(SendSlot.DONE, slot.onResult(-Errno.EMSGSIZE));
        assertFalse(slot.gsoRefused());
        assertEquals(3, counters.sendErrors);
    }

    @Test
    void datagramsTooLongForTheInterfaceAreToldFromOtherErrors() {
        begin(2500, 1000);
        assertEquals(SendSlot.DONE, slot.onResult(-Errno.EMSGSIZE));
        assertTrue(slot.tooLong());
        begin(2500, 1000);
        assertFalse(slot.tooLong());
        assertEquals(SendSlot.NEXT, slot.onResult(-Errno.EINVAL), "as older kernels say it of a train");
        assertEquals(SendSlot.NEXT, slot.onResult(-Errno.EMSGSIZE));
        assertEquals(SendSlot.NEXT, slot.onResult(-Errno.EMSGSIZE));
        assertEquals(SendSlot.DONE, slot.onResult(500));
        assertTrue(slot.tooLong());
        begin(2500, 1000);
        assertEquals(SendSlot.DONE, slot.onResult(-Errno.ENETUNREACH));
        assertFalse(slot.tooLong());
    }

    @Test
    void errorsOfTheNetworkDropTheTrain() {
        int[] errors = {Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EPERM, Errno.ECONNREFUSED, Errno.EMSGSIZE};
        for (int errno : errors) {
            begin(2500, 1000);
            assertEquals(SendSlot.DONE, slot.onResult(-errno));
        }
        assertEquals(errors.length, counters.sendErrors);
        assertEquals(0, counters.sendCalls);
    }

    @Test
    void withoutGsoATrainGoesSegmentBySegmentFromTheStart() {
        slot.disableGso();
        begin(2000, 1000);
        assertEquals(SendSlot.NEXT, slot.onResult(1000));
        assertEquals(SendSlot.DONE, slot.onResult(1000));
        assertFalse(slot.gsoRefused());
    }

    @Test
    void aSourceThatIsNotIpv6IsRefused() throws Exception {
        slot.transmit().local = InetAddress.getByName("127.0.0.1");
        assertThrows(IllegalArgumentException.class, () -> begin(100, 100));
    }

    private void begin(int length, int segmentSize) {
        Transmit transmit = slot.transmit();
        transmit.length = length;
        transmit.segmentSize = segmentSize;
        transmit.remote = new InetSocketAddress("::1", 4433);
        transmit.ecn = 2;
        slot.begin();
    }
}
