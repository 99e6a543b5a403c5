package io.stoq.transport.io.epoll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.transport.io.SocketOptions;
import io.stoq.transport.io.TestPeer;
import io.stoq.transport.io.UdpSocketContract;
import io.stoq.transport.io.libc.Errno;
import io.stoq.transport.io.libc.NativeSockets;
import io.stoq.transport.io.libc.UdpDescriptor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EpollUdpSocketTest extends UdpSocketContract {

    EpollUdpSocketTest() {
        super(new EpollBackend());
    }

    @Test
    void aTrainThatMeetsAFullBufferIsKeptAndSentWhenThereIsRoom() throws Exception {
        AtomicInteger refusals = new AtomicInteger(3);
        try (TestPeer b = TestPeer.open(backend);
                TestPeer a = refusing(refusals)) {
            a.onLoop(() -> {
                assertTrue(a.sendNow(bytes(2500, 1), 1200, b.address(), null, 0));
                assertFalse(a.sendNow(bytes(100, 2), 100, b.address(), null, 0));
                assertThrows(IllegalArgumentException.class, () -> a.socket().send(null));
                return null;
            });
            a.awaitWritable();
            assertArrayEquals(bytes(2500, 1), b.receive().bytes());
            a.send(bytes(100, 2), b.address());
            assertArrayEquals(bytes(100, 2), b.receive().bytes());
            assertEquals(0, a.onLoop(() -> a.socket().counters().sendErrors));
        }
    }

    @Test
    void aBlockedSocketReceives() throws Exception {
        AtomicInteger refusals = new AtomicInteger(Integer.MAX_VALUE);
        try (TestPeer b = TestPeer.open(backend);
                TestPeer a = refusing(refusals)) {
            a.send(bytes(100, 1), b.address());
            b.send(bytes(100, 2), a.address());
            a.receive();
            refusals.set(0);
            a.awaitWritable();
            b.receive();
        }
    }

    @Test
    void closingABlockedSocketDropsTheTrain() throws Exception {
        try (TestPeer b = TestPeer.open(backend)) {
            TestPeer a = refusing(new AtomicInteger(Integer.MAX_VALUE));
            a.send(bytes(100, 1), b.address());
            a.close();
        }
    }

    @Test
    void refusedSegmentationIsSwitchedOffAndNothingIsLost() throws Exception {
        TestPeer.Opening sending = (loop, handler) -> {
            UdpDescriptor descriptor = NativeSockets.withoutWorkingGso(backend, false);
            return start(new EpollUdpSocket(loop, descriptor, descriptor::send, handler));
        };
        TestPeer.Opening receiving = (loop, handler) -> {
            UdpDescriptor descriptor = NativeSockets.tolerant(backend, false);
            return start(new EpollUdpSocket(loop, descriptor, descriptor::send, handler));
        };
        try (TestPeer a = new TestPeer(backend, sending);
                TestPeer b = new TestPeer(backend, receiving)) {
            assertTrue(a.socket().capabilities().gso());
            a.send(bytes(2500, 1), 1000, b.address(), null, 1);
            int got = 0;
            while (got < 2500) {
                got += b.receive().bytes().length;
            }
            assertFalse(a.onLoop(() -> a.socket().capabilities().gso()));
            assertEquals(1, a.onLoop(() -> a.socket().acquire().maxSegments));
            assertEquals(3, a.onLoop(() -> a.socket().counters().datagramsSent));
            assertEquals(0, a.onLoop(() -> a.socket().counters().sendErrors));
        }
    }

    /** A peer whose first sends find the socket buffer full. */
    private TestPeer refusing(AtomicInteger refusals) throws Exception {
        return new TestPeer(backend, (loop, handler) -> {
            UdpDescriptor descriptor =
                    UdpDescriptor.open(backend.name(), TestPeer.loopback(0), SocketOptions.DEFAULT, false);
            EpollUdpSocket.SendCall call = message ->
                    refusals.getAndUpdate(n -> n > 0 ? n - 1 : 0) > 0 ? -Errno.EAGAIN : descriptor.send(message);
            return start(new EpollUdpSocket(loop, descriptor, call, handler));
        });
    }

    private static EpollUdpSocket start(EpollUdpSocket socket) throws Exception {
        socket.start();
        return socket;
    }
}
