package io.stoq.transport.io.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.transport.io.TestPeer;
import io.stoq.transport.io.UdpSocketContract;
import io.stoq.transport.io.libc.NativeSockets;
import org.junit.jupiter.api.Test;

class IoUringUdpSocketTest extends UdpSocketContract {

    IoUringUdpSocketTest() {
        super(new IoUringBackend());
    }

    @Test
    void whenAllSlotsAreInFlightWritabilityIsTold() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend)) {
            int sent = a.onLoop(() -> {
                int slots = 0;
                while (a.sendNow(bytes(200, slots), 200, b.address(), null, 0)) {
                    slots++;
                }
                assertNull(a.socket().acquire());
                return slots;
            });
            a.awaitWritable();
            for (int i = 0; i < sent; i++) {
                assertArrayEquals(bytes(200, i), b.receive().bytes());
            }
            a.send(bytes(200, 99), b.address());
            assertArrayEquals(bytes(200, 99), b.receive().bytes());
        }
    }

    @Test
    void closingWithSendsInFlightWaitsForThem() throws Exception {
        try (TestPeer b = TestPeer.open(backend)) {
            for (int round = 0; round < 20; round++) {
                TestPeer a = TestPeer.open(backend);
                a.onLoop(() -> {
                    while (a.sendNow(bytes(60_000, 1), 1200, b.address(), null, 0)) {
                        // until the ring is full
                    }
                    a.socket().close();
                    return null;
                });
                a.close();
            }
        }
    }

    @Test
    void refusedSegmentationIsSwitchedOffAndNothingIsLost() throws Exception {
        try (TestPeer a = new TestPeer(
                        backend,
                        (loop, handler) -> start(
                                new IoUringUdpSocket(loop, NativeSockets.withoutWorkingGso(backend, true), handler)));
                TestPeer b = new TestPeer(
                        backend,
                        (loop, handler) ->
                                start(new IoUringUdpSocket(loop, NativeSockets.tolerant(backend, true), handler)))) {
            assertTrue(a.socket().capabilities().gso());
            a.onLoop(() -> a.sendNow(bytes(2500, 1), 1000, b.address(), null, 1)
                    && a.sendNow(bytes(2500, 2), 1000, b.address(), null, 1));
            int got = 0;
            while (got < 5000) {
                got += b.receive().bytes().length;
            }
            b.send(bytes(10, 1), a.address());
            a.receive();
            assertFalse(a.onLoop(() -> a.socket().capabilities().gso()));
            assertEquals(1, a.onLoop(() -> a.socket().acquire().maxSegments));
            assertEquals(6, a.onLoop(() -> a.socket().counters().datagramsSent));
            assertEquals(0, a.onLoop(() -> a.socket().counters().sendErrors));
        }
    }

    private static IoUringUdpSocket start(IoUringUdpSocket socket) throws Exception {
        socket.start();
        return socket;
    }
}
