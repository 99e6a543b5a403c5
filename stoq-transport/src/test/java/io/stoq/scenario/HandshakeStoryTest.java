package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.endpoint.Endpoint;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Loss;
import io.stoq.sim.Reorder;
import io.stoq.sim.Seeds;
import io.stoq.tls.Trust;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandshakeStoryTest {

    @Test
    void clientAndServerShakeHandsOverACleanLink() {
        Story story = new Story(Seeds.one(1), List.of(new Delay(10 * Story.MS)), List.of(new Delay(10 * Story.MS)));
        story.connect();
        assertEquals("story", story.client.connection.handshakeResult().applicationProtocol());
        assertEquals("server.test", story.server.connection.handshakeResult().serverName());
        story.network.requireNoDrops();
    }

    @Test
    void theHandshakeSurvivesThirtyPercentLoss() {
        Seeds.each(20, seed -> {
            // Probes double their distance from one second on: ten seconds allow four tries, too few for this loss.
            ConnectionConfig patient = ConnectionConfig.builder()
                    .handshakeTimeout(Duration.ofSeconds(60))
                    .idleTimeout(Duration.ofSeconds(60))
                    .build();
            Story story = new Story(
                    seed,
                    List.of(new Loss(0.3), new Delay(10 * Story.MS)),
                    List.of(new Loss(0.3), new Delay(10 * Story.MS)),
                    patient,
                    EndpointConfig.server(patient));
            story.connect();
            story.client.send(true, 1000);
            story.run(() -> story.server.receivedBytes() == 1000, 60 * Story.S);
            assertTrue(story.server.failures.isEmpty());
        });
    }

    @Test
    void aClientHelloOfSeveralDatagramsIsPutTogether() {
        Seeds.each(5, seed -> {
            Story story = hybrid(seed, "X25519MLKEM768");
            story.connect();
            assertEquals(
                    "X25519MLKEM768", story.client.connection.handshakeResult().keyExchangeGroup());
        });
    }

    @Test
    void aServerAsksForAnotherGroupByHelloRetryRequest() {
        Story story = hybrid(1, "secp384r1");
        story.connect();
        assertEquals("secp384r1", story.server.connection.handshakeResult().keyExchangeGroup());
    }

    @Test
    void connectionsThatCameAndWentLeaveNothingBehind() {
        Seeds.each(3, seed -> {
            List<Element> up = List.of(new Loss(0.1), new Delay(10 * Story.MS));
            List<Element> down = List.of(new Loss(0.1), new Delay(10 * Story.MS));
            Story story = new Story(seed, up, down);
            for (int i = 0; i < 30; i++) {
                story.renewSides();
                story.connect();
                story.client.send(true, 20_000);
                story.run(() -> story.server.receivedBytes() == 20_000, 60 * Story.S);
                Side closing = i % 2 == 0 ? story.client : story.server;
                closing.connection.close(story.network.nowNs(), 0, "");
                // The closing side answers for a while; one whose close was lost ends by its idle timeout.
                story.network.runFor(60 * Story.S);
                requireEmpty(story.clientEndpoint);
                requireEmpty(story.serverEndpoint);
            }
        });
    }

    private static void requireEmpty(Endpoint endpoint) {
        assertTrue(endpoint.isIdle());
        assertEquals(0, endpoint.connections());
        assertEquals(0, endpoint.connectionIds());
        assertEquals(Long.MAX_VALUE, endpoint.nextDeadlineNs());
        endpoint.buffers().requireNoneInUse();
    }

    /** A client that begins with X25519MLKEM768, and a server that knows only {@code group}. */
    private static Story hybrid(long seed, String group) {
        return new Story(
                seed,
                List.of(new Loss(0.1), new Reorder(0.3, 5 * Story.MS), new Delay(10 * Story.MS)),
                List.of(new Loss(0.1), new Reorder(0.3, 5 * Story.MS), new Delay(10 * Story.MS)),
                ConnectionConfig.defaults(),
                EndpointConfig.server(ConnectionConfig.defaults()),
                Story.tls(2 * seed)
                        .trust(Trust.certificates(Story.IDENTITY.certificates().getFirst()))
                        .keyExchangeGroups("X25519MLKEM768", "x25519", "secp384r1")
                        .build(),
                Story.tls(2 * seed + 1)
                        .identity(Story.IDENTITY)
                        .keyExchangeGroups(group)
                        .build());
    }
}
