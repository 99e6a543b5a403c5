package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.endpoint.Endpoint;
import io.stoq.protection.Aead;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Rate;
import io.stoq.sim.Seeds;
import io.stoq.tls.Trust;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jol.info.GraphLayout;

/** What the engine keeps of a connection that is established and says nothing: the objects that an endpoint leads to. */
class FootprintStoryTest {

    private static final int CONNECTIONS = 21;
    private static final int MIB = 1 << 20;

    /** Heap of the engine alone. The bound of a whole idle connection, with its native memory, is 30 KB. */
    private static final long MAX_BYTES = 15_000;

    /** Silence after which an idle connection has given back what it had taken for its work. */
    private static final long IDLE_NS = 10 * Story.S;

    static {
        // Without that no offsets are known of fields in records and hidden classes.
        System.setProperty("jol.magicFieldOffset", "true");
    }

    private Story story;
    private int connections;

    private void begin(Aead aead) {
        long seed = Seeds.one(1);
        story = new Story(
                seed,
                link(),
                link(),
                ConnectionConfig.defaults(),
                EndpointConfig.server(ConnectionConfig.defaults()),
                Story.tls(2 * seed)
                        .aead(aead)
                        .trust(Trust.certificates(Story.IDENTITY.certificates().getFirst()))
                        .build(),
                Story.tls(2 * seed + 1).aead(aead).identity(Story.IDENTITY).build());
        connectOneMore();
        idle();
    }

    private static List<Element> link() {
        return List.of(new Rate(1_000_000_000L, 64 * MIB), new Delay(10 * Story.MS));
    }

    private void connectOneMore() {
        story.startConnecting();
        connections++;
        story.run(
                () -> handshakes(story.clientEndpoint) == connections
                        && handshakes(story.serverEndpoint) == connections,
                60 * Story.S);
    }

    private static long handshakes(Endpoint endpoint) {
        return endpoint.statistics().traffic().handshakes();
    }

    private void idle() {
        story.network.runFor(IDLE_NS);
        story.requireHealthy(story.client, "client");
        story.requireHealthy(story.server, "server");
    }

    /** But for the loop's pool of buffers, which is no connection's. */
    private long clientBytes() {
        return GraphLayout.parseInstance(story.clientEndpoint)
                .subtract(GraphLayout.parseInstance(story.clientEndpoint.buffers()))
                .totalSize();
    }

    /** Likewise; who accepts its connections leads to the client's, too. */
    private long serverBytes() {
        return GraphLayout.parseInstance(story.serverEndpoint)
                .subtract(GraphLayout.parseInstance(story.serverEndpoint.buffers()))
                .subtract(GraphLayout.parseInstance(story.clientEndpoint))
                .totalSize();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IPSEC_MB")
    void anIdleConnectionIsSmallOnBothSides(Aead aead) {
        begin(aead);
        long client = clientBytes();
        long server = serverBytes();
        while (connections < CONNECTIONS) {
            connectOneMore();
        }
        idle();
        long clientEach = (clientBytes() - client) / (CONNECTIONS - 1);
        long serverEach = (serverBytes() - server) / (CONNECTIONS - 1);
        String seen = clientEach + " bytes for each connection of the client, " + serverEach + " of the server";
        assertTrue(clientEach > 0 && clientEach <= MAX_BYTES, seen);
        assertTrue(serverEach > 0 && serverEach <= MAX_BYTES, seen);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IPSEC_MB")
    void nothingOfTheHandshakeIsLeft(Aead aead) {
        begin(aead);
        assertEquals(Set.of(), handshakeClasses(story.client.connection));
        assertEquals(Set.of(), handshakeClasses(story.server.connection));
        story.startConnecting();
        story.network.runFor(5 * Story.MS);
        assertNotEquals(Set.of(), handshakeClasses(story.client.connection), "in the middle of one it is there");
    }

    private static Set<String> handshakeClasses(Object root) {
        return GraphLayout.parseInstance(root).getClasses().stream()
                .map(Class::getName)
                .filter(name -> name.matches("org\\.bouncycastle\\.tls\\.Tls(Client|Server)(Protocol|Context).*"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IPSEC_MB")
    void aConnectionThatWasBusyIsSmallAgainWhenItIsIdle(Aead aead) {
        begin(aead);
        long client = clientBytes();
        long server = serverBytes();
        story.client.send(true, 20 * MIB);
        story.run(() -> story.server.receivedBytes() > 10 * MIB, 60 * Story.S);
        long busy = clientBytes() - client;
        story.run(() -> story.client.finishedStreams() == 1, 60 * Story.S);
        idle();
        long clientMore = clientBytes() - client;
        long serverMore = serverBytes() - server;
        assertTrue(busy > 20_000, "a busy client remembers what it sent: " + busy + " bytes more");
        assertTrue(clientMore < 3_000, "the client has " + clientMore + " bytes more than before its work");
        assertTrue(serverMore < 3_000, "the server has " + serverMore + " bytes more than before its work");
    }
}
