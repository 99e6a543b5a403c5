package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.sim.Delay;
import io.stoq.sim.Loss;
import io.stoq.sim.Seeds;
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
            Story story = new Story(
                    seed,
                    List.of(new Loss(0.3), new Delay(10 * Story.MS)),
                    List.of(new Loss(0.3), new Delay(10 * Story.MS)));
            story.connect();
            story.client.send(true, 1000);
            story.run(() -> story.server.receivedBytes() == 1000, 30 * Story.S);
            assertTrue(story.server.failures.isEmpty());
        });
    }
}
