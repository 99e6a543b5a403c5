package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqStream;
import io.stoq.StreamPriority;
import io.stoq.config.ConnectionConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Priorities by the public interface. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StreamPriorityTest {

    private static final int MIB = 1 << 20;
    private static final int WINDOW = 131_072;
    private static final StreamPriority URGENT = new StreamPriority(0, false);

    /** Only the connection's credit, all of which the first stream holds, keeps the others from sending. */
    private static final ConnectionConfig ONE_WINDOW = ConnectionConfig.builder()
            .connectionWindowBytes(WINDOW, WINDOW)
            .streamWindowBytes(16 * MIB, 16 * MIB)
            .build();

    @Test
    void creditGoesToTheMostUrgentStream() throws Exception {
        try (Pair pair = new Pair("auto", ConnectionConfig.defaults(), ONE_WINDOW, builder -> builder)) {
            StoqStream first = written(pair, StreamPriority.DEFAULT, WINDOW);
            first.awaitDelivered(Duration.ofSeconds(20));
            StoqStream background = written(pair, StreamPriority.DEFAULT, MIB);
            background.priority(new StreamPriority(7, true));
            StoqStream urgent = written(pair, URGENT, 4 * MIB);
            assertEquals(URGENT, urgent.priority());
            assertEquals(StreamPriority.DEFAULT, first.priority());

            StoqStream accepted = pair.peer().acceptStream();
            assertEquals(WINDOW, accepted.inputStream().readAllBytes().length);
            StoqStream acceptedBackground = pair.peer().acceptStream();
            StoqStream acceptedUrgent = pair.peer().acceptStream();
            assertEquals(2 * MIB, acceptedUrgent.inputStream().readNBytes(2 * MIB).length);
            assertEquals(0, background.statistics().bytesSent());
            assertTrue(urgent.statistics().bytesSent() >= 2 * MIB);
            assertEquals(2 * MIB, acceptedUrgent.inputStream().readAllBytes().length);
            assertEquals(MIB, acceptedBackground.inputStream().readAllBytes().length);
        }
    }

    private static StoqStream written(Pair pair, StreamPriority priority, int bytes) throws Exception {
        StoqStream stream = pair.client.openUnidirectionalStream();
        stream.priority(priority);
        stream.write(ByteBuffer.allocate(bytes));
        stream.finish();
        return stream;
    }
}
