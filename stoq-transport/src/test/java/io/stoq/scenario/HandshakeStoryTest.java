package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.sim.Delay;
import io.stoq.sim.Loss;
import io.stoq.sim.Seeds;
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
}
