package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.CloseReason;
import io.stoq.buffer.ByteWriter;
import io.stoq.config.ConnectionConfig;
import io.stoq.config.EndpointConfig;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Seeds;
import io.stoq.sim.SimDatagram;
import io.stoq.sim.Tap;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.frame.MaxStreamDataFrame;
import io.stoq.wire.frame.NewConnectionIdFrame;
import io.stoq.wire.frame.ResetStreamFrame;
import io.stoq.wire.frame.RetireConnectionIdFrame;
import io.stoq.wire.frame.StopSendingFrame;
import io.stoq.wire.frame.StreamFrame;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Peers that break the rules, on the wire and inside authentic packets: the right error code, and the endpoint lives on. */
class HostileStoryTest {

    private static List<Element> delay() {
        return List.of(new Delay(5 * Story.MS));
    }

    record Violation(String what, int level, long code, Consumer<ByteWriter> frames) {

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Violation> violations() {
        ConnectionConfig.Limits limits = ConnectionConfig.defaults().limits();
        long window = limits.initialStreamWindowBytes();
        return Stream.of(
                v(
                        "stream data beyond the limit",
                        TransportErrorCode.FLOW_CONTROL_ERROR,
                        out -> StreamFrame.writeHeader(out, 0, window, 1, false)),
                v(
                        "a reset's final size beyond the limit",
                        TransportErrorCode.FLOW_CONTROL_ERROR,
                        out -> ResetStreamFrame.write(out, 0, 1, window + 1)),
                v(
                        "a stream beyond the count",
                        TransportErrorCode.STREAM_LIMIT_ERROR,
                        out -> StreamFrame.writeHeader(out, 4000, 0, 1, false)),
                v(
                        "a stop for a stream beyond the count",
                        TransportErrorCode.STREAM_LIMIT_ERROR,
                        out -> StopSendingFrame.write(out, 4000, 1)),
                v(
                        "data on a stream that only the server may open",
                        TransportErrorCode.STREAM_STATE_ERROR,
                        out -> StreamFrame.writeHeader(out, 1, 0, 1, false)),
                v(
                        "data on the server's one-way stream",
                        TransportErrorCode.STREAM_STATE_ERROR,
                        out -> StreamFrame.writeHeader(out, 3, 0, 1, false)),
                v(
                        "a stop for the client's one-way stream",
                        TransportErrorCode.STREAM_STATE_ERROR,
                        out -> StopSendingFrame.write(out, 2, 1)),
                v(
                        "credit for a stream that does not exist",
                        TransportErrorCode.STREAM_STATE_ERROR,
                        out -> MaxStreamDataFrame.write(out, 1, 1)),
                v(
                        "credit for a stream the server only reads",
                        TransportErrorCode.STREAM_STATE_ERROR,
                        out -> MaxStreamDataFrame.write(out, 2, 1)),
                v("a final size that shrinks", TransportErrorCode.FINAL_SIZE_ERROR, out -> {
                    ResetStreamFrame.write(out, 0, 1, 50);
                    ResetStreamFrame.write(out, 0, 1, 49);
                }),
                v("an unknown frame", TransportErrorCode.FRAME_ENCODING_ERROR, out -> out.putVarInt(0x2f)),
                v("a frame only servers send", TransportErrorCode.PROTOCOL_VIOLATION, out -> out.putByte(0x1e)),
                v("a token from a client", TransportErrorCode.PROTOCOL_VIOLATION, out -> {
                    out.putByte(0x07);
                    out.putByte(1);
                    out.putByte(1);
                }),
                v("an acknowledgement of a packet never sent", TransportErrorCode.PROTOCOL_VIOLATION, out -> {
                    out.putByte(0x02);
                    out.putVarInt(100_000);
                    out.putVarInt(0);
                    out.putVarInt(0);
                    out.putVarInt(0);
                }),
                v(
                        "an id that retires more than it brings",
                        TransportErrorCode.FRAME_ENCODING_ERROR,
                        out -> NewConnectionIdFrame.write(out, 1, 2, new byte[8], new byte[16])),
                v("more ids than allowed", TransportErrorCode.CONNECTION_ID_LIMIT_ERROR, out -> {
                    for (int i = 10; i < 16; i++) {
                        NewConnectionIdFrame.write(out, i, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) i}, new byte[16]);
                    }
                }),
                v(
                        "retiring an id never issued",
                        TransportErrorCode.PROTOCOL_VIOLATION,
                        out -> RetireConnectionIdFrame.write(out, 99)),
                v("crypto data beyond the buffer", TransportErrorCode.CRYPTO_BUFFER_EXCEEDED, out -> {
                    out.putByte(0x06);
                    out.putVarInt(1 << 20);
                    out.putVarInt(1);
                    out.putByte(0);
                }),
                v("a TLS message after the handshake", TransportErrorCode.CRYPTO_ERROR + 10, out -> {
                    out.putByte(0x06);
                    out.putVarInt(0);
                    out.putVarInt(5);
                    out.putBytes(new byte[] {24, 0, 0, 1, 0}, 0, 5);
                }),
                new Violation(
                        "a stream frame in an Initial packet",
                        0,
                        TransportErrorCode.PROTOCOL_VIOLATION,
                        out -> StreamFrame.writeHeader(out, 0, 0, 1, false)),
                new Violation(
                        "a path challenge in a Handshake packet", 1, TransportErrorCode.PROTOCOL_VIOLATION, out -> {
                            out.putByte(0x1a);
                            out.putLong(1);
                        }));
    }

    private static Violation v(String what, long code, Consumer<ByteWriter> frames) {
        return new Violation(what, 2, code, frames);
    }

    @ParameterizedTest
    @MethodSource("violations")
    void aViolationClosesTheConnectionWithItsCode(Violation violation) {
        long seed = Seeds.one(31);
        Tampering tampering = new Tampering(Story.clientTls(seed));
        Story story = new Story(
                seed,
                delay(),
                delay(),
                ConnectionConfig.defaults(),
                EndpointConfig.server(ConnectionConfig.defaults()),
                tampering,
                Story.serverTls(seed));
        ByteWriter frames = new ByteWriter(600);
        violation.frames.accept(frames);
        byte[] bytes = java.util.Arrays.copyOf(frames.array, frames.position);
        if (violation.level == 2) {
            story.connect();
            tampering.replaceNext(2, bytes);
            story.client.send(true, 900);
        } else {
            tampering.replaceNext(violation.level, bytes);
            story.startConnecting();
        }
        story.network.run(() -> story.client.closeReason != null, 12 * Story.S);
        assertTrue(tampering.done);
        assertEquals(violation.code, codeOf(story.client.closeReason));
        story.network.run(() -> story.serverEndpoint.isIdle(), 30 * Story.S);
    }

    private static long codeOf(CloseReason reason) {
        if (reason instanceof CloseReason.Tls tls) {
            return TransportErrorCode.CRYPTO_ERROR + tls.alert();
        }
        CloseReason.Transport transport = assertInstanceOf(CloseReason.Transport.class, reason);
        assertTrue(transport.byPeer());
        return transport.code();
    }

    @Test
    void garbageChangesNothing() {
        Seeds.each(3, seed -> {
            Tap tap = new Tap();
            Story story = new Story(seed, List.of(tap, new Delay(5 * Story.MS)), delay());
            story.connect();
            story.client.send(true, 1 << 20);
            SplittableRandom random = new SplittableRandom(seed);
            byte[][] seen = new byte[1][];
            tap.observe((nowNs, datagram) -> seen[0] = datagram.payload());
            for (int i = 0; i < 3000; i++) {
                story.network.runFor(Story.MS / 10);
                byte[] payload = mangle(random, seen[0] == null ? new byte[100] : seen[0]);
                tap.inject(story.network.nowNs(), new SimDatagram(Story.CLIENT, Story.SERVER, payload));
            }
            story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
            assertTrue(story.server.connection.isOpen());
        });
    }

    /** Noise, truncations, flipped bits, other versions. */
    private static byte[] mangle(SplittableRandom random, byte[] real) {
        byte[] noise = new byte[random.nextInt(0, 1400)];
        random.nextBytes(noise);
        return switch (random.nextInt(5)) {
            case 0 -> noise;
            case 1 -> java.util.Arrays.copyOf(real, random.nextInt(real.length));
            case 2 -> {
                byte[] flipped = real.clone();
                flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                yield flipped;
            }
            case 3 -> {
                byte[] other = java.util.Arrays.copyOf(noise, 1200);
                other[0] |= (byte) 0xc0;
                yield other;
            }
            default -> new byte[0];
        };
    }

    @Test
    void strangersInitialsLeaveNoStateBehind() {
        Tap tap = new Tap();
        Story story = new Story(Seeds.one(33), List.of(tap, new Delay(Story.MS)), delay());
        story.connect();
        SplittableRandom random = new SplittableRandom(33);
        for (int i = 0; i < 10_000; i++) {
            byte[] initial = new byte[1200];
            random.nextBytes(initial);
            initial[0] = (byte) 0xc3;
            initial[1] = initial[2] = initial[3] = 0;
            initial[4] = 1;
            initial[5] = 8;
            initial[14] = 8;
            initial[23] = 0;
            initial[24] = 0x44;
            initial[25] = (byte) 0x96;
            tap.inject(story.network.nowNs(), new SimDatagram(Story.CLIENT, Story.SERVER, initial));
        }
        story.network.runFor(Story.S);
        assertEquals(1, story.serverEndpoint.connections());
    }

    @Test
    void anUnknownVersionIsAnsweredWithOurs() {
        Tap up = new Tap();
        Tap down = new Tap();
        Story story = new Story(Seeds.one(34), List.of(up), List.of(down));
        byte[] packet = new byte[1200];
        packet[0] = (byte) 0xc0;
        packet[1] = 0x1a;
        packet[2] = 0x2a;
        packet[3] = 0x3a;
        packet[4] = 0x4a;
        packet[5] = 8;
        packet[14] = 4;
        byte[][] answer = new byte[1][];
        down.observe((nowNs, datagram) -> answer[0] = datagram.payload());
        up.inject(0, new SimDatagram(Story.CLIENT, Story.SERVER, packet));
        up.inject(0, new SimDatagram(Story.CLIENT, Story.SERVER, java.util.Arrays.copyOf(packet, 1199)));
        story.network.runFor(Story.S);
        assertEquals(1, story.serverEndpoint.statistics().versionNegotiationsSent());
        assertEquals(0, answer[0][1] | answer[0][2] | answer[0][3] | answer[0][4]);
    }
}
