package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.sim.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Two sides and a pipe that loses, delays, reorders and duplicates packets, reports losses that were none, and brings
 * acknowledgements late or never; both applications do what they like. In the end every byte must have arrived, every chunk
 * must have been released once, and nothing must be left.
 */
class LossyPipeTest {

    @Test
    void everythingArrivesOverALossyPipe() {
        Seeds.each(100, seed -> new Scenario(seed, 0).run());
    }

    @Test
    void resetsAndStopsAtAnyMomentLeaveNothingBehind() {
        Seeds.each(100, seed -> new Scenario(seed, 3).run());
    }

    private static final class Scenario {

        private final SplittableRandom random;
        private final int rudeness;
        private final End client;
        private final End server;

        /** @param rudeness percent of application steps that reset or stop a stream */
        Scenario(long seed, int rudeness) {
            this.random = new SplittableRandom(seed);
            this.rudeness = rudeness;
            StreamLimits clientLimits = limits();
            StreamLimits serverLimits = limits();
            client = new End(new Side(false, clientLimits));
            server = new End(new Side(true, serverLimits));
            client.side.streams.onPeerParameters(Side.parameters(serverLimits));
            server.side.streams.onPeerParameters(Side.parameters(clientLimits));
            client.peer = server;
            server.peer = client;
        }

        void run() {
            for (int step = 0; step < 3000; step++) {
                End end = random.nextBoolean() ? client : server;
                if (random.nextInt(4) == 0) {
                    end.act();
                } else {
                    end.exchange(true);
                }
            }
            for (int round = 0; !isQuiet(); round++) {
                assertTrue(round < 20_000, () -> "no end: " + client + " " + server);
                client.settle();
                server.settle();
            }
            client.check();
            server.check();
        }

        private boolean isQuiet() {
            return client.isQuiet() && server.isQuiet();
        }

        private StreamLimits limits() {
            long connection = random.nextInt(50_000);
            long stream = random.nextInt(20_000);
            return new StreamLimits(
                    connection,
                    connection + 16_384 + random.nextInt(100_000),
                    stream,
                    stream + 16_384 + random.nextInt(50_000),
                    1 + random.nextInt(10),
                    1 + random.nextInt(10));
        }

        /** What one side means to send on a stream, and what became of it. */
        private static final class Plan {
            final Stream stream;
            final int size;
            int written;
            boolean abandoned;
            boolean stopped;

            Plan(Stream stream, int size) {
                this.stream = stream;
                this.size = size;
            }
        }

        private record Packet(long number, byte[] bytes) {}

        private final class End {

            final Side side;
            End peer;
            final Map<Long, Plan> plans = new TreeMap<>();
            private final List<Packet> inFlight = new ArrayList<>();
            private final List<Long> acks = new ArrayList<>();
            private int chunks;
            private int released;
            private int opened;

            End(Side side) {
                this.side = side;
                side.streams.minRtt(10);
                side.accepting = stream -> {
                    plans.put(stream.id(), new Plan(stream, size()));
                    return recorder(stream.id());
                };
            }

            private int size() {
                return random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(40_000);
            }

            private Recorder recorder(long id) {
                Recorder recorder = side.recorder(id);
                if (recorder.appetite == Long.MAX_VALUE) {
                    recorder.appetite = random.nextInt(5000);
                }
                return recorder;
            }

            // The application

            void act() {
                if (opened < 20 && random.nextInt(10) == 0) {
                    open();
                }
                for (Plan plan : plans.values()) {
                    if (!plan.stream.isClosed()) {
                        act(plan);
                    }
                }
            }

            private void open() {
                Stream stream = side.streams.open(random.nextBoolean());
                if (stream != null) {
                    opened++;
                    plans.put(stream.id(), new Plan(stream, size()));
                    stream.handler(recorder(stream.id()));
                }
            }

            private void act(Plan plan) {
                Stream stream = plan.stream;
                if (stream.hasSendHalf() && stream.isSendOpen() && random.nextInt(3) == 0) {
                    write(plan, random.nextInt(6000));
                }
                if (stream.hasReceiveHalf() && random.nextInt(2) == 0) {
                    side.recorder(stream.id()).feed(stream, random.nextInt(5000));
                }
                if (random.nextInt(1000) < rudeness) {
                    abandon(plan);
                }
            }

            private void abandon(Plan plan) {
                if (random.nextBoolean() && plan.stream.hasSendHalf()) {
                    plan.abandoned = true;
                    plan.stream.reset(1);
                } else if (plan.stream.hasReceiveHalf()) {
                    plan.stopped = true;
                    plan.stream.stopSending(2);
                }
            }

            private void write(Plan plan, int most) {
                int length = Math.min(most, plan.size - plan.written);
                byte[] bytes = Side.pattern(key(plan.stream.id()), plan.written, length);
                chunks++;
                plan.stream.write(new SendChunk(bytes, 0, length, () -> released++));
                plan.written += length;
                if (plan.written == plan.size && plan.stream.isSendOpen()) {
                    plan.stream.finish();
                }
            }

            /** The two directions of a stream carry different bytes. */
            private long key(long id) {
                return id * 2 + (this == server ? 1 : 0);
            }

            // The network

            void exchange(boolean lossy) {
                side.nowNs += random.nextInt(20);
                peer.side.nowNs = Math.max(side.nowNs, peer.side.nowNs);
                if (random.nextInt(3) > 0) {
                    send();
                }
                if (!inFlight.isEmpty() && random.nextInt(3) > 0) {
                    Packet packet = inFlight.get(random.nextInt(inFlight.size()));
                    int fate = random.nextInt(lossy ? 10 : 100);
                    if (fate == 0) {
                        side.lost(packet.number); // perhaps too early: it may arrive and be acknowledged later
                    } else if (fate == 1) {
                        deliver(packet); // a copy
                    } else if (fate == 2) {
                        side.lost(packet.number);
                        inFlight.remove(packet);
                    } else {
                        deliver(packet);
                        inFlight.remove(packet);
                    }
                }
                if (!acks.isEmpty() && random.nextInt(3) > 0) {
                    side.acked(acks.remove(random.nextInt(acks.size())));
                }
            }

            private void send() {
                byte[] bytes = side.packetBytes(40 + random.nextInt(1400));
                if (bytes.length > 0) {
                    inFlight.add(new Packet(side.log.packets.nextPacketNumber() - 1, bytes));
                }
            }

            private void deliver(Packet packet) {
                peer.side.receive(packet.bytes);
                acks.add(packet.number);
            }

            // The end

            void settle() {
                for (Plan plan : List.copyOf(plans.values())) {
                    Stream stream = plan.stream;
                    if (stream.hasSendHalf() && stream.isSendOpen()) {
                        write(plan, plan.size);
                    }
                    if (stream.hasReceiveHalf() && !stream.isClosed()) {
                        side.recorder(stream.id()).feed(stream, 1_000_000);
                    }
                }
                exchange(false);
            }

            boolean isQuiet() {
                return inFlight.isEmpty()
                        && acks.isEmpty()
                        && !side.streams.wantsToSend()
                        && side.streams.openStreams() == 0;
            }

            void check() {
                assertEquals(List.of(), side.failures);
                assertEquals(chunks, released, "chunks released");
                assertEquals(0, side.streams.bytesHeld());
                assertFalse(side.streams.wantsToSend());
                plans.forEach((id, plan) -> {
                    if (plan.stream.hasReceiveHalf()) {
                        check(id, plan, peer.plans.get(id));
                    }
                });
            }

            private void check(long id, Plan mine, Plan theirs) {
                Recorder recorder = side.recorder(id);
                List<String> events = recorder.events;
                byte[] bytes = recorder.bytes.toByteArray();
                assertArrayEquals(Side.pattern(peer.key(id), 0, bytes.length), bytes, "bytes of stream " + id);
                assertEquals("closed", events.getLast());
                assertEquals(events.size(), events.stream().distinct().count(), events::toString);
                boolean finished = events.contains("finished");
                if (finished) {
                    assertEquals(theirs.size, bytes.length);
                } else {
                    assertTrue(
                            events.contains("reset 1") || events.contains("reset 2") || mine.stopped, events::toString);
                }
                assertTrue(finished || mine.stopped || theirs.abandoned, () -> "stream " + id + " " + events);
            }

            @Override
            public String toString() {
                return side.streams.openStreams() + " open, " + inFlight.size() + " packets, wants to send "
                        + side.streams.wantsToSend();
            }
        }
    }
}
