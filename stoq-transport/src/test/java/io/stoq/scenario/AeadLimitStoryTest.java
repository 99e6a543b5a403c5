package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.protection.Aead;
import io.stoq.sim.Corrupt;
import io.stoq.sim.Delay;
import io.stoq.sim.Seeds;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.wire.TransportErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** B-25: what a peer, or somebody on the path, can do to packet protection ends at its limits. RFC 9001 §6.6. */
class AeadLimitStoryTest {

    private static final long INTEGRITY_LIMIT_PACKETS = 100;

    @Test
    void forgedPacketsEndTheConnectionAtTheIntegrityLimit() {
        Seeds.each(3, seed -> {
            StoqTls.Builder server = Story.tls(2 * seed + 1)
                    .protection(new ShortLivedKeys(Aead.JCA.protection(), 1 << 23, INTEGRITY_LIMIT_PACKETS))
                    .identity(Story.IDENTITY);
            Story story = new Story(
                    seed,
                    List.of(new Corrupt(0.2), new Delay(10 * Story.MS)),
                    List.of(new Delay(10 * Story.MS)),
                    ConnectionConfig.defaults(),
                    EndpointConfig.server(ConnectionConfig.defaults()),
                    Story.tls(2 * seed)
                            .trust(Trust.certificates(
                                    Story.IDENTITY.certificates().getFirst()))
                            .build(),
                    server.build());
            story.connect();
            story.client.send(true, 4 << 20);
            story.network.run(() -> story.client.closeReason != null, 60 * Story.S);
            CloseReason.Transport reason = assertInstanceOf(CloseReason.Transport.class, story.client.closeReason);
            assertEquals(TransportErrorCode.AEAD_LIMIT_REACHED, reason.code());
            assertTrue(story.server.connection.statistics().packetsUndecryptable() >= INTEGRITY_LIMIT_PACKETS);
        });
    }
}
