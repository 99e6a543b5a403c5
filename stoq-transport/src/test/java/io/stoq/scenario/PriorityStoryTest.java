package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StreamPriority;
import io.stoq.sim.Delay;
import io.stoq.sim.Loss;
import io.stoq.sim.Rate;
import io.stoq.sim.Seeds;
import io.stoq.stream.Stream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What priorities do to streams that share a slow link, in virtual time. RFC 9218 §10. */
class PriorityStoryTest {

    private static final int BYTES = 500_000;

    @Test
    void anUrgentStreamOvertakesWhatIsOnItsWayAndSurvivesLosses() {
        Seeds.each(10, seed -> {
            Story story = story(seed, 0.02);
            Stream background = story.client.send(false, BYTES);
            story.run(() -> story.server.receivedBytes() > BYTES / 10, 60 * Story.S);
            Stream urgent = story.client.open(false);
            urgent.priority(new StreamPriority(1, false));
            story.client.write(urgent, BYTES / 5);
            urgent.finish();
            story.run(() -> finished(story, urgent), 60 * Story.S);
            long behind = BYTES - story.server.incoming.get(background.id()).bytes;
            assertTrue(behind > BYTES / 5, () -> "seed " + seed + ": " + behind + " bytes of the other are missing");
            story.run(() -> finished(story, background), 60 * Story.S);
        });
    }

    @Test
    void streamsThatAreNotIncrementalArriveOneAfterTheOther() {
        Story story = story(Seeds.one(1), 0);
        Stream[] streams = new Stream[4];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = story.client.open(false);
            streams[i].priority(new StreamPriority(3, false));
            story.client.write(streams[i], BYTES / 10);
            streams[i].finish();
        }
        for (int i = 0; i < streams.length; i++) {
            int at = i;
            story.run(() -> finished(story, streams[at]), 60 * Story.S);
            long later = 0;
            for (int j = i + 2; j < streams.length; j++) {
                Side.Incoming incoming = story.server.incoming.get(streams[j].id());
                later += incoming == null ? 0 : incoming.bytes;
            }
            assertEquals(0, later, "bytes of those behind the next");
        }
    }

    private static boolean finished(Story story, Stream stream) {
        Side.Incoming incoming = story.server.incoming.get(stream.id());
        return incoming != null && incoming.finished;
    }

    private static Story story(long seed, double loss) {
        return new Story(
                        seed,
                        List.of(new Rate(10_000_000, 64_000), new Delay(20 * Story.MS), new Loss(loss)),
                        List.of(new Delay(20 * Story.MS)))
                .connect();
    }
}
