package io.stoq.transport.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.stoq.buffer.Transmit;
import io.stoq.transport.io.TestPeer.Received;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every backend does alike, over the loopback interface. */
public abstract class UdpSocketContract {

    protected final IoBackend backend;

    protected UdpSocketContract(IoBackend backend) {
        this.backend = backend;
    }

    @BeforeEach
    void skipWhereTheBackendIsUnavailable() {
        assumeTrue(backend.isAvailable(), () -> backend.name() + ": " + backend.unavailableReason());
    }

    @Test
    void aDatagramTravelsBothWays() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend)) {
            a.send(bytes(1200, 1), b.address());
            Received there = b.receive();
            b.awaitReadComplete();
            assertArrayEquals(bytes(1200, 1), there.bytes());
            assertEquals(1200, there.segmentSize());
            assertEquals(a.address(), there.remote());

            b.send(bytes(33, 2), there.remote());
            Received back = a.receive();
            assertArrayEquals(bytes(33, 2), back.bytes());
            assertEquals(b.address(), back.remote());
        }
    }

    @Test
    void countersTellWhatTravelled() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend)) {
            a.send(bytes(1000, 1), b.address());
            b.receive();
            b.send(bytes(10, 1), a.address()); // io_uring counts a send when it has completed
            a.receive();
            SocketCounters sent = a.onLoop(() -> a.socket().counters());
            SocketCounters got = b.onLoop(() -> b.socket().counters());
            assertEquals(1, sent.sendCalls);
            assertEquals(1, sent.datagramsSent);
            assertEquals(1000, sent.bytesSent);
            assertEquals(0, sent.sendErrors);
            assertEquals(1, got.receiveCalls);
            assertEquals(1, got.datagramsReceived);
            assertEquals(1000, got.bytesReceived);
        }
    }

    @Test
    void aTrainArrivesSegmentBySegmentOrWhole() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend)) {
            byte[] train = bytes(40 * 1200 + 700, 3);
            a.send(train, 1200, b.address(), null, 0);
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            while (joined.size() < train.length) {
                Received part = b.receive();
                boolean last = joined.size() + part.bytes().length == train.length;
                assertTrue(part.segmentSize() == 1200 || last && part.segmentSize() == 700, part.toString());
                assertTrue(last || part.bytes().length % 1200 == 0, part.toString());
                joined.writeBytes(part.bytes());
            }
            assertArrayEquals(train, joined.toByteArray());
            assertEquals(41, b.onLoop(() -> b.socket().counters().datagramsReceived));
        }
    }

    @Test
    void segmentationOffloadCanBeSwitchedOff() throws Exception {
        SocketOptions plain = new SocketOptions(1 << 20, 1 << 20, false, false, false, 1452);
        try (TestPeer a = TestPeer.open(backend, TestPeer.loopback(0), plain);
                TestPeer b = TestPeer.open(backend, TestPeer.loopback(0), plain)) {
            assertFalse(a.socket().capabilities().gso());
            assertFalse(a.socket().capabilities().gro());
            assertEquals(1, a.socket().capabilities().maxSegments());
            assertEquals(1452, a.socket().capabilities().maxDatagramBytes());
            assertEquals(1, a.onLoop(() -> a.socket().acquire().maxSegments));
            a.send(bytes(2 * 500 + 1, 3), 500, b.address(), null, 0);
            assertEquals(500, b.receive().bytes().length);
            assertEquals(500, b.receive().bytes().length);
            assertEquals(1, b.receive().bytes().length);
        }
    }

    @Test
    void theLongestDatagramArrivesUncut() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend)) {
            byte[] longest = bytes(SocketOptions.MAX_DATAGRAM_BYTES, 4);
            a.send(longest, b.address());
            assertArrayEquals(longest, b.receive().bytes());
        }
    }

    @Test
    void aDatagramBeyondTheInterfaceIsRefusedToldOfAndNotFragmented() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend)) {
            assertTrue(a.socket().capabilities().dontFragment());
            byte[] tooLong = bytes(65_500, 4); // with its headers above the 65,536 bytes of the loopback interface
            a.send(tooLong, b.address());
            assertEquals(65_500, a.tooLong());
            a.send(bytes(100, 8), b.address());
            assertArrayEquals(bytes(100, 8), b.receive().bytes());
            assertEquals(1, a.onLoop(() -> a.socket().counters().sendErrors));
            assertFalse(b.hasReceived());
        }
    }

    @Test
    void ecnBitsAreCarried() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend)) {
            assumeTrue(a.socket().capabilities().ecn(), "no ECN");
            for (int ecn = 0; ecn <= 3; ecn++) {
                a.send(bytes(100, ecn), 100, b.address(), null, ecn);
                assertEquals(ecn, b.receive().ecn());
            }
            a.send(bytes(3000, 5), 1200, b.address(), null, 2);
            assertEquals(2, b.receive().ecn());
        }
    }

    @Test
    void theLocalAddressIsReportedAndCanBeChosen() throws Exception {
        InetSocketAddress any = new InetSocketAddress("::", 0);
        try (TestPeer a = TestPeer.open(backend, any, SocketOptions.DEFAULT);
                TestPeer b = TestPeer.open(backend, any, SocketOptions.DEFAULT)) {
            assumeTrue(a.socket().capabilities().localAddress(), "no local addresses");
            InetAddress loopback = InetAddress.getByName("::1");
            InetSocketAddress target = TestPeer.loopback(b.address().getPort());
            a.send(bytes(3000, 6), 1200, target, loopback, 1);
            Received got = b.receive();
            assertEquals(loopback, got.local());
            assertEquals(loopback, got.remote().getAddress());
            assertEquals(1, got.ecn());
        }
    }

    @Test
    void aPeersAddressIsTheSameObjectEachTime() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend);
                TestPeer c = TestPeer.open(backend)) {
            a.send(bytes(10, 1), c.address());
            InetSocketAddress first = c.receive().remote();
            b.send(bytes(10, 1), c.address());
            InetSocketAddress other = c.receive().remote();
            a.send(bytes(10, 2), c.address());
            assertSame(first, c.receive().remote());
            assertNotSame(first, other);
            assertEquals(b.address(), other);
        }
    }

    @Test
    void aClosedPortDoesNotHurtTheSocket() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend)) {
            TestPeer gone = TestPeer.open(backend);
            gone.close();
            for (int i = 0; i < 20; i++) {
                a.send(bytes(100, i), gone.address());
            }
            a.send(bytes(100, 7), b.address());
            assertArrayEquals(bytes(100, 7), b.receive().bytes());
            b.send(bytes(50, 8), a.address());
            assertArrayEquals(bytes(50, 8), a.receive().bytes());
        }
    }

    @Test
    void aRefusedDatagramIsDroppedAndCounted() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend)) {
            // A source address that the machine does not have; where sources cannot be chosen, an unusable port.
            boolean canChoose = a.socket().capabilities().localAddress();
            InetAddress foreign = canChoose ? InetAddress.getByName("2001:db8::1") : null;
            int port = canChoose ? b.address().getPort() : 0;
            a.send(bytes(2400, 7), 1200, TestPeer.loopback(port), foreign, 0);
            a.send(bytes(100, 8), b.address());
            assertArrayEquals(bytes(100, 8), b.receive().bytes());
            b.send(bytes(100, 8), a.address());
            a.receive();
            assertEquals(2, a.onLoop(() -> a.socket().counters().sendErrors));
            assertEquals(
                    backend.name().equals("nio"), !a.socket().capabilities().gso());
        }
    }

    @Test
    void anEmptyDatagramIsCountedAndNotDelivered() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                DatagramSocket plain = new DatagramSocket(TestPeer.loopback(0))) {
            plain.send(new DatagramPacket(new byte[0], 0, a.address()));
            plain.send(new DatagramPacket(new byte[] {1}, 1, a.address()));
            assertEquals(1, a.receive().bytes().length);
            assertEquals(2, a.onLoop(() -> a.socket().counters().datagramsReceived));
        }
    }

    @Test
    void ipv4DatagramsAreNotDelivered() throws Exception {
        try (TestPeer a = TestPeer.open(backend, new InetSocketAddress("::", 0), SocketOptions.DEFAULT);
                DatagramSocket v4 = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
                DatagramSocket v6 = new DatagramSocket(TestPeer.loopback(0))) {
            int port = a.address().getPort();
            v4.send(new DatagramPacket(new byte[] {4}, 1, new InetSocketAddress("127.0.0.1", port)));
            v6.send(new DatagramPacket(new byte[] {6}, 1, TestPeer.loopback(port)));
            assertEquals(6, a.receive().bytes()[0]);
        }
    }

    @Test
    void ipv4AddressesAreRefused() {
        for (String host : new String[] {"127.0.0.1", "0.0.0.0", "::ffff:127.0.0.1"}) {
            String message = openFailure(new InetSocketAddress(host, 4433));
            assertTrue(message.contains("IPv6 only") && message.contains(":4433") && message.contains("::1"), message);
        }
    }

    @Test
    void anUnknownHostNameIsRefused() {
        String message = openFailure(InetSocketAddress.createUnresolved("host.invalid", 4433));
        assertTrue(message.contains("host.invalid"), message);
    }

    @Test
    void sendingToAnIpv4AddressIsRefused() throws Exception {
        try (TestPeer a = TestPeer.open(backend)) {
            ExecutionException e = assertThrows(
                    ExecutionException.class, () -> a.send(bytes(10, 1), new InetSocketAddress("127.0.0.1", 4433)));
            assertInstanceOf(IllegalArgumentException.class, e.getCause());
        }
    }

    @Test
    void sendingNothingOrTooMuchIsRefused() throws Exception {
        try (TestPeer a = TestPeer.open(backend)) {
            a.onLoop(() -> {
                Transmit slot = a.socket().acquire();
                slot.remote = TestPeer.loopback(9);
                for (int[] lengths : new int[][] {{0, 0}, {100, 0}, {65_537, 1200}}) {
                    slot.length = lengths[0];
                    slot.segmentSize = lengths[1];
                    assertThrows(
                            IllegalArgumentException.class, () -> a.socket().send(slot));
                }
                assertThrows(IllegalArgumentException.class, () -> a.socket().send(null));
                assertSame(slot, a.socket().acquire());
                return null;
            });
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (TestPeer a = TestPeer.open(backend)) {
            String message = openFailure(a.address());
            String port = Integer.toString(a.address().getPort());
            assertTrue(message.contains("[::1]:" + port) && message.contains("in use"), message);
        }
    }

    @Test
    void aPortCanBeSharedOnRequest() throws Exception {
        SocketOptions sharing = new SocketOptions(1 << 20, 1 << 20, true, true, true, 1452);
        try (TestPeer a = TestPeer.open(backend, TestPeer.loopback(0), sharing);
                TestPeer b = TestPeer.open(backend, a.address(), sharing)) {
            assertEquals(a.address(), b.address());
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNamed() {
        String message = openFailure(new InetSocketAddress("2001:db8::1", 0));
        assertTrue(message.contains("2001:db8::1") && message.contains("no interface"), message);
    }

    @Test
    void aLinkLocalAddressWithoutInterfaceIsExplained() {
        String message = openFailure(new InetSocketAddress("fe80::1", 0));
        assertTrue(message.contains("fe80::1%"), message);
    }

    @Test
    void closingWhileReceivingEndsQuietlyAndGivesThePortBack() throws Exception {
        try (TestPeer sender = TestPeer.open(backend)) {
            TestPeer receiver = TestPeer.open(backend);
            InetSocketAddress target = receiver.address();
            CountDownLatch closed = new CountDownLatch(1);
            receiver.onEachDatagram(datagram -> {
                receiver.socket().close();
                datagram.memory.get(ValueLayout.JAVA_BYTE, datagram.offset);
                closed.countDown();
            });
            for (int i = 0; i < 50; i++) {
                sender.send(bytes(12_000, i), 1200, target, null, 0);
            }
            assertTrue(closed.await(20, TimeUnit.SECONDS));
            receiver.awaitClosed();
            assertTrue(receiver.hasReceived());
            try (TestPeer next = TestPeer.open(backend, target, SocketOptions.DEFAULT)) {
                assertEquals(target, next.address());
            }
            receiver.close();
        }
    }

    @Test
    void closingTwiceAndUsingAClosedSocketDoNothing() throws Exception {
        TestPeer a = TestPeer.open(backend);
        a.onLoop(() -> {
            Transmit slot = a.socket().acquire();
            a.socket().close();
            a.socket().close();
            assertNull(a.socket().acquire());
            a.socket().send(slot);
            return null;
        });
        a.close();
    }

    @Test
    void aSocketCanBeClosedAfterItsLoopHasEnded() throws Exception {
        TestPeer a = TestPeer.open(backend);
        a.endLoop();
        a.socket().close();
        a.awaitClosed();
    }

    @Test
    void openingOnTheLoopItselfWorks() throws Exception {
        TestPeer.Opening onLoop = (loop, handler) -> loop.submit(
                        () -> backend.open(loop, TestPeer.loopback(0), SocketOptions.DEFAULT, handler))
                .get();
        try (TestPeer a = new TestPeer(backend, onLoop);
                TestPeer b = TestPeer.open(backend)) {
            b.send(bytes(10, 1), a.address());
            a.receive();
        }
    }

    @Test
    void aLoopThatHasEndedIsReported() {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, backend.handlerFactory());
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        assertThrows(
                SocketOpenException.class,
                () -> backend.open(group.next(), TestPeer.loopback(0), SocketOptions.DEFAULT, new IgnoringHandler()));
    }

    @Test
    void aHandlerThatFailsIsToldAndReceivingGoesOn() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend)) {
            b.onEachDatagram(datagram -> {
                if (datagram.length == 13) {
                    throw new IllegalStateException("thirteen");
                }
            });
            a.send(bytes(13, 1), b.address());
            assertEquals("thirteen", b.error().getMessage());
            a.send(bytes(14, 1), b.address());
            b.receive();
            assertEquals(14, b.receive().bytes().length);
        }
    }

    @Test
    void datagramsLostForWantOfBufferAreCounted() throws Exception {
        SocketOptions tight = new SocketOptions(4096, 1 << 20, true, true, false, 1452);
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend, TestPeer.loopback(0), tight)) {
            assumeTrue(!backend.name().equals("nio"), "the JDK does not tell");
            CountDownLatch release = new CountDownLatch(1);
            b.loop().execute(() -> awaitUninterruptibly(release));
            for (int i = 0; i < 100; i++) {
                a.send(bytes(1200, i), b.address());
            }
            a.onLoop(() -> null);
            release.countDown();
            b.receive();
            while (b.onLoop(() -> b.socket().counters().kernelDrops) == 0) {
                a.send(bytes(99, 1), b.address());
                b.receive();
            }
        }
    }

    @Test
    void thousandsOfTrainsArriveWhenTheReceiverPacesThem() throws Exception {
        try (TestPeer a = TestPeer.open(backend);
                TestPeer b = TestPeer.open(backend)) {
            for (int i = 0; i < 500; i++) {
                byte[] train = bytes(6000, i);
                a.send(train, 1200, b.address(), null, 0);
                int got = 0;
                while (got < train.length) {
                    got += b.receive().bytes().length;
                }
            }
            assertEquals(500 * 5, b.onLoop(() -> b.socket().counters().datagramsReceived));
        }
    }

    @Test
    void capabilitiesTellTheBuffersGranted() throws Exception {
        SocketOptions options = new SocketOptions(65_536, 65_536, true, true, false, 1452);
        try (TestPeer a = TestPeer.open(backend, TestPeer.loopback(0), options)) {
            assertEquals(backend.name(), a.socket().capabilities().name());
            assertEquals(65_536, a.socket().capabilities().receiveBufferBytes());
            assertEquals(65_536, a.socket().capabilities().sendBufferBytes());
        }
    }

    /** Bytes that tell a mix-up. */
    protected static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private String openFailure(InetSocketAddress local) {
        return assertThrows(
                        SocketOpenException.class,
                        () -> TestPeer.open(backend, local, SocketOptions.DEFAULT)
                                .close())
                .getMessage();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
