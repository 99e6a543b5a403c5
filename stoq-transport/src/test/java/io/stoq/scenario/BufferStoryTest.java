package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stoq.buffer.BufferPool;
import io.stoq.sim.Blackout;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Loss;
import io.stoq.sim.Reorder;
import io.stoq.sim.Seeds;
import io.stoq.stream.Stream;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the engine keeps, out of order or for a handler that is slow, it gives back however it ends. */
class BufferStoryTest {

    private static final int KEPT_BYTES = 100_000;

    @Test
    void lossAndReorderingKeepBytesForAWhile() {
        Seeds.each(4, seed -> {
            Story story = new Story(seed, rough(), rough());
            story.connect();
            story.client.send(false, 1 << 20);
            story.server.send(false, 1 << 20);
            BufferPool pool = story.serverEndpoint.buffers();
            story.run(() -> pool.inUse() > 0, 60 * Story.S);
            story.run(() -> story.server.finishedStreams() == 1 && story.client.finishedStreams() == 1, 600 * Story.S);
            pool.requireNoneInUse();
            story.clientEndpoint.buffers().requireNoneInUse();
            assertEquals(0, pool.statistics().misses());
        });
    }

    @Test
    void aHandlerThatComesRoundGetsItAll() {
        Story story = kept(stream -> {});
        story.server.paused = false;
        story.server.incoming.values().forEach(in -> in.stream.resume());
        assertEquals(KEPT_BYTES, story.server.receivedBytes());
        story.serverEndpoint.buffers().requireNoneInUse();
    }

    @Test
    void aResetMakesItPointless() {
        Story story = kept(stream -> {});
        story.client.incoming.values().iterator().next().stream.reset(1);
        givenBack(story);
    }

    @Test
    void soDoesTheReceiversStop() {
        Story story = kept(stream -> {});
        story.server.incoming.values().iterator().next().stream.stopSending(1);
        story.serverEndpoint.buffers().requireNoneInUse();
    }

    @Test
    void soDoesTheEndOfTheConnectionOnThisSide() {
        Story story = kept(Stream::finish);
        story.server.connection.close(story.network.nowNs(), 0, "");
        story.serverEndpoint.buffers().requireNoneInUse();
    }

    @Test
    void soDoesTheEndOfTheConnectionOnTheOther() {
        Story story = kept(Stream::finish);
        story.client.connection.close(story.network.nowNs(), 0, "");
        givenBack(story);
    }

    @Test
    void soDoesSilence() {
        Story story = kept(stream -> {}, 2 * Story.S);
        givenBack(story);
    }

    /** A story in which the server keeps bytes that its handler does not take. */
    private static Story kept(Consumer<Stream> then) {
        return kept(then, Long.MAX_VALUE);
    }

    private static Story kept(Consumer<Stream> then, long untilNs) {
        Story story = new Story(Seeds.one(5), until(untilNs), until(untilNs));
        story.server.paused = true;
        story.connect();
        Stream stream = story.client.open(true);
        story.client.write(stream, KEPT_BYTES);
        then.accept(stream);
        BufferPool pool = story.serverEndpoint.buffers();
        story.run(() -> pool.inUse() == (KEPT_BYTES + BufferPool.MEDIUM_BYTES - 1) / BufferPool.MEDIUM_BYTES, Story.S);
        return story;
    }

    private static void givenBack(Story story) {
        story.network.run(() -> story.serverEndpoint.buffers().inUse() == 0, 600 * Story.S);
        story.serverEndpoint.buffers().requireNoneInUse();
    }

    private static List<Element> until(long ns) {
        return List.of(new Blackout(ns, Long.MAX_VALUE), new Delay(10 * Story.MS));
    }

    private static List<Element> rough() {
        return List.of(new Loss(0.05), new Reorder(0.05, 5 * Story.MS), new Delay(10 * Story.MS));
    }
}
