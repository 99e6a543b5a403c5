package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StreamPriority;
import io.stoq.wire.frame.Frame;
import io.stoq.wire.frame.StreamDataBlockedFrame;
import io.stoq.wire.frame.StreamFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which stream's bytes leave first. RFC 9218 §4, §10. */
class PriorityTest {

    private static final int PACKET = 1000;

    private final Side client = Side.client();

    @Test
    void streamsShareByDefault() {
        written(3, StreamPriority.DEFAULT);
        assertEquals(List.of(0L, 4L, 8L, 0L, 4L, 8L), turns(6));
    }

    @Test
    void aMoreUrgentStreamGoesFirstWheneverItHasSomething() {
        Stream background = written(new StreamPriority(7, true));
        assertEquals(List.of(0L), turns(1));
        Stream urgent = open(new StreamPriority(0, true));
        urgent.write(Side.chunk(4, 0, 2 * PACKET - 100));
        assertEquals(List.of(4L, 4L, 0L), turns(2));
        assertEquals(List.of(0L), turns(1));
        urgent.write(Side.chunk(4, 2 * PACKET - 100, 10));
        urgent.finish();
        assertEquals(List.of(4L, 0L), turns(1));
        assertFalse(background.isClosed());
    }

    @Test
    void streamsThatAreNotIncrementalGoOneAfterTheOtherInTheOrderOfTheirIds() {
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            streams.add(open(new StreamPriority(3, false)));
        }
        for (Stream stream : streams.reversed()) {
            stream.write(Side.chunk(stream.id(), 0, PACKET));
            stream.finish();
        }
        List<Long> order = turns(5);
        assertEquals(order.stream().sorted().toList(), order);
        assertEquals(List.of(0L, 4L, 8L, 12L), order.stream().distinct().toList());
    }

    @Test
    void theFirstOfThoseThatAreNotIncrementalTakesTurnsWithTheOthers() {
        written(new StreamPriority(3, false));
        written(new StreamPriority(3, true));
        written(new StreamPriority(3, false));
        written(new StreamPriority(3, true));
        assertEquals(List.of(0L, 4L, 12L, 0L, 4L, 12L), turns(6));
    }

    @Test
    void aPriorityCanChangeWhileBytesWait() {
        Stream first = written(StreamPriority.DEFAULT);
        Stream second = written(StreamPriority.DEFAULT);
        assertEquals(List.of(0L, 4L), turns(2));
        second.priority(new StreamPriority(2, false));
        assertEquals(List.of(4L, 4L), turns(2));
        first.priority(new StreamPriority(1, false));
        assertEquals(List.of(0L, 0L), turns(2));
        first.priority(new StreamPriority(2, true));
        assertEquals(2, turns(2).stream().distinct().count());
        first.priority(StreamPriority.DEFAULT);
        second.priority(StreamPriority.DEFAULT);
        assertEquals(2, turns(2).stream().distinct().count());
    }

    @Test
    void anUrgentStreamThatIsBlockedHoldsBackNoOther() {
        Stream urgent = open(new StreamPriority(0, false));
        urgent.write(Side.chunk(0, 0, (int) Side.LIMITS.initialStreamWindowBytes() + PACKET));
        Stream other = written(new StreamPriority(5, true));
        while (urgent.statistics().bytesSent() < Side.LIMITS.initialStreamWindowBytes()) {
            client.packet(PACKET);
        }
        List<Frame> next = client.packet(PACKET);
        assertTrue(
                next.contains(new StreamDataBlockedFrame(0, Side.LIMITS.initialStreamWindowBytes())), next::toString);
        assertEquals(List.of(4L), ids(client.packet(PACKET)));
        client.streams.onMaxStreamData(0, Side.LIMITS.initialStreamWindowBytes() + 2 * PACKET);
        assertEquals(0L, ids(client.packet(PACKET)).getFirst());
        assertTrue(other.bufferedBytes() > 0);
    }

    @Test
    void whatWasLostIsSentAgainByItsUrgencyAndBeforeWhatIsNew() {
        written(new StreamPriority(6, true));
        assertEquals(List.of(0L), turns(1));
        written(new StreamPriority(1, true));
        assertEquals(List.of(4L), turns(1));
        client.lost(0);
        client.lost(1);
        StreamFrame again = (StreamFrame) client.packet(PACKET).getFirst();
        assertEquals(4, again.id());
        assertEquals(0, again.offset());
        // What is new and urgent goes before what was lost and is not.
        assertEquals(List.of(4L, 4L), turns(2));
    }

    @Test
    void repairNeedsNoCreditOfTheConnection() {
        StreamLimits small = new StreamLimits(3000, 3000, 3000, 3000, 10, 10);
        Side side = new Side(false, Side.LIMITS);
        side.streams.onPeerParameters(Side.parameters(small), false);
        Stream background = side.open(true);
        background.priority(new StreamPriority(7, true));
        background.write(Side.chunk(0, 0, 2000));
        side.packets(PACKET);
        Stream urgent = side.open(true);
        urgent.priority(new StreamPriority(0, true));
        urgent.write(Side.chunk(4, 0, 2000));
        side.packets(PACKET);
        side.lost(0);
        List<Frame> repaired = side.packets(PACKET);
        assertEquals(List.of(0L), ids(repaired).stream().distinct().toList());
    }

    @Test
    void creditForThePeerGoesOutBesideTheMostUrgentStream() {
        written(new StreamPriority(0, false));
        client.data(1, 0, 1000, false);
        client.streams.find(1).stopSending(3);
        List<Frame> packet = client.packet(PACKET);
        assertFalse(packet.getFirst() instanceof StreamFrame, packet::toString);
        assertTrue(packet.getLast() instanceof StreamFrame, packet::toString);
        Stream background = open(new StreamPriority(7, true));
        background.reset(9);
        assertEquals(
                "ResetStreamFrame", client.packet(PACKET).getFirst().getClass().getSimpleName());
    }

    @Test
    void aLoneEndIsOrderedToo() {
        Stream background = open(new StreamPriority(7, true));
        Stream urgent = written(new StreamPriority(0, true));
        background.finish();
        assertEquals(List.of(4L), turns(1));
        urgent.priority(new StreamPriority(7, true));
        assertEquals(0L, ids(client.packet(PACKET)).getFirst());
    }

    /** Random streams, priorities and losses against a model that sorts. */
    @Test
    void noOrderOfEventsLosesAStreamOrServesALessUrgentOneFirst() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Side side = Side.client();
            TreeMap<Long, Stream> streams = new TreeMap<>();
            int packets = 0;
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(6)) {
                    case 0 -> {
                        Stream opened = side.open(true);
                        streams.put(opened.id(), opened);
                    }
                    case 1 ->
                        pick(
                                streams,
                                random,
                                stream -> stream.priority(new StreamPriority(random.nextInt(8), random.nextBoolean())));
                    case 2 ->
                        pick(streams, random, stream -> {
                            if (stream.isSendOpen()) {
                                stream.write(Side.chunk(stream.id(), stream.writtenBytes(), random.nextInt(1, 3000)));
                            }
                        });
                    case 3 ->
                        pick(streams, random, stream -> {
                            if (random.nextInt(4) == 0) {
                                stream.finish();
                            }
                        });
                    case 4 -> {
                        if (packets > 0 && random.nextBoolean()) {
                            side.lost(random.nextInt(packets));
                        }
                    }
                    default -> {
                        int most = mostUrgent(streams);
                        List<Long> sent = ids(side.packet(PACKET));
                        if (!sent.isEmpty()) {
                            packets++;
                            assertEquals(
                                    most,
                                    streams.get(sent.getFirst()).priority().urgency(),
                                    "seed " + seed + ", step " + step);
                        } else {
                            assertEquals(8, most, "seed " + seed + ", step " + step);
                        }
                    }
                }
            }
            side.packets(PACKET);
            assertEquals(8, mostUrgent(streams), "seed " + seed);
        }
    }

    @Test
    void urgenciesOutsideOfTheRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new StreamPriority(8, true));
        assertThrows(IllegalArgumentException.class, () -> new StreamPriority(-1, true));
    }

    private interface Step {
        void on(Stream stream);
    }

    private static void pick(TreeMap<Long, Stream> streams, SplittableRandom random, Step step) {
        if (!streams.isEmpty()) {
            step.on(streams.get(4L * random.nextInt(streams.size())));
        }
    }

    /** 8 where nobody has anything to send. */
    private static int mostUrgent(TreeMap<Long, Stream> streams) {
        return streams.values().stream()
                .filter(stream -> stream.send.hasRepair() || stream.send.hasFresh())
                .mapToInt(stream -> stream.priority().urgency())
                .min()
                .orElse(8);
    }

    private Stream open(StreamPriority priority) {
        Stream stream = client.open(true);
        stream.priority(priority);
        return stream;
    }

    private Stream written(StreamPriority priority) {
        Stream stream = open(priority);
        stream.write(Side.chunk(stream.id(), 0, 100 * PACKET));
        return stream;
    }

    private void written(int count, StreamPriority priority) {
        for (int i = 0; i < count; i++) {
            written(priority);
        }
    }

    /** Who sends, frame by frame, in so many packets. */
    private List<Long> turns(int packets) {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < packets; i++) {
            ids.addAll(ids(client.packet(PACKET)));
        }
        return ids;
    }

    private static List<Long> ids(List<Frame> frames) {
        return frames.stream()
                .filter(StreamFrame.class::isInstance)
                .map(frame -> ((StreamFrame) frame).id())
                .toList();
    }
}
