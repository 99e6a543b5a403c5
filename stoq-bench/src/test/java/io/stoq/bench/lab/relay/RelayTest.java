package io.stoq.bench.lab.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stoq.bench.perf.Pattern;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The relay between plain sockets. */
@Timeout(60)
class RelayTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("::1");
    private static final int TIMEOUT_MS = 20_000;

    private DatagramSocket server;

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, LOOPBACK);
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    @BeforeEach
    void open() throws IOException {
        server = socket();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private RelaySpec clean() {
        return RelaySpec.toLoopback(server.getLocalPort(), LinkSpec.CLEAN, LinkSpec.CLEAN);
    }

    private static void send(DatagramSocket from, InetSocketAddress to, String text) throws IOException {
        from.send(new DatagramPacket(text.getBytes(), text.length(), to));
    }

    private static DatagramPacket receive(DatagramSocket at) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        at.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    private static InetSocketAddress source(DatagramPacket packet) {
        return (InetSocketAddress) packet.getSocketAddress();
    }

    @Test
    void eachClientHasAPortOfItsOwnAndGetsItsOwnAnswers() throws IOException {
        try (Relay relay = Relay.start(clean());
                DatagramSocket first = socket();
                DatagramSocket second = socket()) {
            send(first, relay.address(), "one");
            DatagramPacket one = receive(server);
            send(second, relay.address(), "two");
            DatagramPacket two = receive(server);
            assertEquals("one", text(one));
            assertEquals("two", text(two));
            assertNotEquals(source(one), source(two));
            send(server, source(two), "to two");
            send(server, source(one), "to one");
            DatagramPacket answer = receive(first);
            assertEquals("to one", text(answer));
            assertEquals(relay.address(), source(answer));
            assertEquals("to two", text(receive(second)));
            RelayCounts counts = relay.counts();
            assertEquals(2, counts.clients());
            assertEquals(2, counts.up().passed());
            assertEquals(2, counts.down().passed());
            assertEquals(List.of(new RelayCounts.RouteCounts(6, 12)), counts.routes());
        }
    }

    @Test
    void routesShareTheLinkAndKeepTheirServers() throws IOException {
        try (DatagramSocket other = socket()) {
            RelaySpec one = clean();
            RelaySpec both = new RelaySpec(
                    List.of(
                            RelaySpec.Route.toLoopback(server.getLocalPort()),
                            RelaySpec.Route.toLoopback(other.getLocalPort())),
                    one.up(),
                    one.down(),
                    List.of(),
                    2,
                    1,
                    0);
            try (Relay relay = Relay.start(both);
                    DatagramSocket client = socket()) {
                send(client, relay.addresses().get(0), "to the first");
                send(client, relay.addresses().get(1), "to the other");
                assertEquals("to the first", text(receive(server)));
                DatagramPacket packet = receive(other);
                assertEquals("to the other", text(packet));
                send(other, source(packet), "back");
                assertEquals(relay.addresses().get(1), source(receive(client)));
                assertEquals(2, relay.counts().up().passed());
                assertEquals(
                        new RelayCounts.RouteCounts(12, 4),
                        relay.counts().routes().get(1));
            }
        }
    }

    @Test
    void aReboundClientHasANewPortAndTheOldOneIsDeadButNotRefused() throws IOException {
        try (Relay relay = Relay.start(clean());
                DatagramSocket client = socket()) {
            send(client, relay.address(), "before");
            InetSocketAddress old = source(receive(server));
            relay.rebind();
            send(client, relay.address(), "after");
            InetSocketAddress fresh = source(receive(server));
            assertNotEquals(old, fresh);
            send(server, old, "to the old port");
            send(server, fresh, "to the new port");
            assertEquals("to the new port", text(receive(client)));
            RelayCounts counts = relay.counts();
            assertEquals(1, counts.rebinds());
            assertEquals(1, counts.clients());
            assertEquals(1, counts.down().passed());
        }
    }

    @Test
    void aPortIsReboundByTime() throws IOException {
        try (Relay relay = Relay.start(clean().rebindAfter(List.of(1L)));
                DatagramSocket client = socket()) {
            send(client, relay.address(), "first");
            InetSocketAddress old = source(receive(server));
            InetSocketAddress fresh = old;
            while (fresh.equals(old)) {
                send(client, relay.address(), "again");
                fresh = source(receive(server));
            }
            assertEquals(1, relay.counts().rebinds());
        }
    }

    @Test
    void thereIsRoomForSoManyClientsAndNotForMore() throws IOException {
        try (Relay relay = Relay.start(clean().maxClients(1));
                DatagramSocket first = socket();
                DatagramSocket second = socket()) {
            send(first, relay.address(), "one");
            assertEquals("one", text(receive(server)));
            send(second, relay.address(), "two");
            send(first, relay.address(), "three");
            assertEquals("three", text(receive(server)));
            assertEquals(1, relay.counts().refused());
        }
    }

    @Test
    void theDelayIsKeptBothWays() throws IOException {
        LinkSpec slow = LinkSpec.CLEAN.delay(50_000_000, 0);
        try (Relay relay = Relay.start(RelaySpec.toLoopback(server.getLocalPort(), slow, slow));
                DatagramSocket client = socket()) {
            long startNs = System.nanoTime();
            send(client, relay.address(), "ping");
            send(server, source(receive(server)), "pong");
            assertEquals("pong", text(receive(client)));
            // Never too early; how much too late depends on the machine.
            assertTrue(System.nanoTime() - startNs >= 100_000_000);
        }
    }

    @Test
    void ofALossyLinkAsMuchArrivesAsIsCounted() throws IOException {
        LinkSpec lossy = LinkSpec.CLEAN.loss(0.5);
        try (Relay relay = Relay.start(RelaySpec.toLoopback(server.getLocalPort(), lossy, LinkSpec.CLEAN)
                        .seed(7));
                DatagramSocket client = socket()) {
            for (int i = 0; i < 200; i++) {
                send(client, relay.address(), Integer.toString(i));
            }
            LaneCounts up = relay.counts().up();
            while (up.arrived() < 200) {
                up = relay.counts().up();
            }
            assertEquals(200, up.lost() + up.passed());
            assertEquals(100, up.lost(), 40);
            for (int i = 0; i < up.passed(); i++) {
                receive(server);
            }
            server.setSoTimeout(50);
            assertThrows(SocketTimeoutException.class, () -> receive(server));
        }
    }

    @Test
    void ecnBitsComeThroughAndALongQueueMarks() throws IOException {
        LinkSpec marking = LinkSpec.CLEAN.rate(100, 100_000).markAbove(10);
        try (Relay second = Relay.start(RelaySpec.toLoopback(server.getLocalPort(), marking, LinkSpec.CLEAN));
                Relay first =
                        Relay.start(RelaySpec.toLoopback(second.address().getPort(), LinkSpec.CLEAN, LinkSpec.CLEAN));
                DatagramSocket capable = socket();
                DatagramSocket incapable = socket()) {
            assumeTrue(first.carriesEcn() && second.carriesEcn());
            capable.setTrafficClass(2); // ECT(0)
            for (int i = 0; i < 10; i++) {
                send(incapable, first.address(), "not to be marked");
                send(capable, first.address(), "to be marked, behind others");
            }
            while (second.counts().up().arrived() < 20) {
                Thread.onSpinWait();
            }
            assertEquals(10, second.counts().up().marked());
        }
    }

    @Test
    void largeDatagramsComeThroughAsTheyAre() throws IOException {
        byte[] large = Arrays.copyOf(Pattern.bytes(), 1900);
        try (Relay relay = Relay.start(clean());
                DatagramSocket client = socket()) {
            client.send(new DatagramPacket(large, large.length, relay.address()));
            DatagramPacket packet = receive(server);
            assertArrayEquals(large, Arrays.copyOf(packet.getData(), packet.getLength()));
        }
    }

    @Test
    void aPortThatIsTakenIsSaidToBe() throws IOException {
        RelaySpec taken = new RelaySpec(
                List.of(new RelaySpec.Route(
                        new InetSocketAddress(LOOPBACK, server.getLocalPort()), new InetSocketAddress(LOOPBACK, 9))),
                LinkSpec.CLEAN,
                LinkSpec.CLEAN,
                List.of(),
                1,
                1,
                0);
        String message =
                assertThrows(IOException.class, () -> Relay.start(taken)).getMessage();
        assertTrue(message.contains(Integer.toString(server.getLocalPort())), message);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        InetSocketAddress four = new InetSocketAddress("127.0.0.1", 1);
        InetSocketAddress six = new InetSocketAddress(LOOPBACK, 1);
        assertThrows(IllegalArgumentException.class, () -> new RelaySpec.Route(four, six));
        assertThrows(IllegalArgumentException.class, () -> new RelaySpec.Route(six, four));
        assertThrows(IllegalArgumentException.class, () -> clean().maxClients(0));
        assertThrows(IllegalArgumentException.class, () -> clean().maxClients(RelaySpec.MAX_CLIENTS + 1));
        assertThrows(IllegalArgumentException.class, () -> LinkSpec.CLEAN.loss(1.1));
        assertThrows(IllegalArgumentException.class, () -> LinkSpec.CLEAN.delay(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> LinkSpec.CLEAN.rate(1000, 0));
    }
}
