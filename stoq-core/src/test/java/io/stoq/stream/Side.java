package io.stoq.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.BufferPool;
import io.stoq.buffer.ByteWriter;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.memory.ConnectionMemory;
import io.stoq.recovery.FrameLog;
import io.stoq.recovery.SentFrameListener;
import io.stoq.wire.TransportException;
import io.stoq.wire.TransportParameters;
import io.stoq.wire.frame.DataBlockedFrame;
import io.stoq.wire.frame.Frame;
import io.stoq.wire.frame.FrameReader;
import io.stoq.wire.frame.MaxDataFrame;
import io.stoq.wire.frame.MaxStreamDataFrame;
import io.stoq.wire.frame.MaxStreamsFrame;
import io.stoq.wire.frame.PaddingFrame;
import io.stoq.wire.frame.RecordingSink;
import io.stoq.wire.frame.ResetStreamFrame;
import io.stoq.wire.frame.StopSendingFrame;
import io.stoq.wire.frame.StreamDataBlockedFrame;
import io.stoq.wire.frame.StreamFrame;
import io.stoq.wire.frame.StreamsBlockedFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One side's streams with a listener that remembers, and packets instead of a connection. */
final class Side implements StreamsListener, SentFrameListener {

    static final StreamLimits LIMITS = new StreamLimits(1 << 20, 1 << 24, 1 << 18, 1 << 24, 1000, 1000);

    final Streams streams;
    final BufferPool buffers = new BufferPool();
    final FrameLog log = new FrameLog();
    final List<Stream> opened = new ArrayList<>();
    final List<String> available = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    final Map<Long, Recorder> recorders = new HashMap<>();

    /** Who handles the streams of the peer. */
    Function<Stream, StreamHandler> accepting = stream -> recorder(stream.id());

    int wantsTransmit;
    long nowNs = 1_000_000_000L;

    private final FrameReader reader = new FrameReader();

    Side(boolean server, StreamLimits limits) {
        streams = new Streams(server, limits, buffers, ConnectionMemory.unlimited(), this);
    }

    static Side client() {
        return client(LIMITS);
    }

    /** A client whose peer allows plenty. */
    static Side client(StreamLimits limits) {
        Side side = new Side(false, limits);
        side.streams.onPeerParameters(parameters(LIMITS));
        return side;
    }

    static Side server(StreamLimits limits) {
        Side side = new Side(true, limits);
        side.streams.onPeerParameters(parameters(LIMITS));
        return side;
    }

    static TransportParameters parameters(StreamLimits limits) {
        return TransportParameters.builder()
                .initialMaxData(limits.initialConnectionWindowBytes())
                .initialMaxStreamDataBidiLocal(limits.initialStreamWindowBytes())
                .initialMaxStreamDataBidiRemote(limits.initialStreamWindowBytes())
                .initialMaxStreamDataUni(limits.initialStreamWindowBytes())
                .initialMaxStreamsBidi(limits.maxBidirectional())
                .initialMaxStreamsUni(limits.maxUnidirectional())
                .build();
    }

    Recorder recorder(long id) {
        return recorders.computeIfAbsent(id, key -> new Recorder());
    }

    Stream open(boolean bidirectional) {
        Stream stream = streams.open(bidirectional);
        if (stream != null) {
            stream.handler(recorder(stream.id()));
        }
        return stream;
    }

    // Frames in, from a peer made of literals

    void data(long id, long offset, int length, boolean fin) {
        streams.onStream(nowNs, id, offset, pattern(id, offset, length), 0, length, fin);
    }

    void reset(long id, long code, long finalSize) {
        streams.onResetStream(nowNs, id, code, finalSize);
    }

    void stop(long id, long code) {
        streams.onStopSending(nowNs, id, code);
    }

    /** Takes a packet of another side. */
    void receive(byte[] packet) {
        for (Frame frame : decode(packet)) {
            switch (frame) {
                case StreamFrame f ->
                    streams.onStream(
                            nowNs,
                            f.id(),
                            f.offset(),
                            f.data().toArray(),
                            0,
                            f.data().length(),
                            f.fin());
                case ResetStreamFrame f -> streams.onResetStream(nowNs, f.id(), f.code(), f.finalSize());
                case StopSendingFrame f -> streams.onStopSending(nowNs, f.id(), f.code());
                case MaxDataFrame f -> streams.onMaxData(f.maximum());
                case MaxStreamDataFrame f -> streams.onMaxStreamData(f.id(), f.maximum());
                case MaxStreamsFrame f -> streams.onMaxStreams(f.bidirectional(), f.maximum());
                case DataBlockedFrame f -> streams.onDataBlocked(f.limit());
                case StreamDataBlockedFrame f -> streams.onStreamDataBlocked(f.id(), f.limit());
                case StreamsBlockedFrame f -> streams.onStreamsBlocked(f.bidirectional(), f.limit());
                case PaddingFrame f -> assertTrue(f.length() < 8, "padding makes up for a length field");
                default -> throw new AssertionError("unexpected " + frame);
            }
        }
    }

    /** Asserts that a frame closes the connection with {@code code}, naming the frame's type. */
    static void refused(long code, int frameType, Runnable frame) {
        TransportException failure = assertThrows(TransportException.class, frame::run);
        assertEquals(code, failure.code(), failure.reason());
        assertEquals(frameType, failure.frameType(), failure.reason());
    }

    // Frames out

    /** All frames of one packet with {@code room} bytes; nothing where none is sent. */
    List<Frame> packet(int room) {
        return decode(packetBytes(room));
    }

    /** One packet's plaintext, noted in the log as sent; empty where nothing is sent. */
    byte[] packetBytes(int room) {
        ByteWriter out = new ByteWriter(room);
        streams.writeFrames(out, log.packets);
        byte[] bytes = new byte[out.position];
        System.arraycopy(out.array, 0, bytes, 0, bytes.length);
        int frames = (int) decode(bytes).stream()
                .filter(frame -> !(frame instanceof PaddingFrame))
                .count();
        assertEquals(frames, log.packets.framesOfOpenPacket(), "frames in the log");
        if (frames > 0) {
            log.send();
        }
        return bytes;
    }

    /** All frames that can be sent now, in packets of {@code room} bytes. */
    List<Frame> packets(int room) {
        List<Frame> all = new ArrayList<>();
        while (streams.wantsToSend()) {
            List<Frame> packet = packet(room);
            if (packet.isEmpty()) {
                throw new AssertionError("wants to send, but writes nothing into " + room + " bytes");
            }
            all.addAll(packet);
        }
        assertEquals(List.of(), packet(room), "sends without wanting to");
        return all;
    }

    List<Frame> frames() {
        return packets(1200);
    }

    List<Frame> decode(byte[] packet) {
        RecordingSink sink = new RecordingSink();
        if (packet.length > 0) {
            reader.read(packet, 0, packet.length, EncryptionLevel.APPLICATION, sink);
        }
        return sink.frames();
    }

    /** Packets are numbered from 0. */
    void acked(long packetNumber) {
        log.acked(packetNumber, this);
    }

    void lost(long packetNumber) {
        log.lost(packetNumber, this);
    }

    @Override
    public void onFrameAcked(int space, int kind, long a, long b, int c) {
        streams.onFrameAcked(kind, a, b, c);
    }

    @Override
    public void onFrameLost(int space, int kind, long a, long b, int c) {
        streams.onFrameLost(kind, a, b, c);
    }

    // What the streams tell

    @Override
    public StreamHandler onStreamOpened(Stream stream) {
        opened.add(stream);
        return accepting.apply(stream);
    }

    @Override
    public void onStreamsAvailable(boolean bidirectional) {
        available.add(bidirectional ? "bidirectional" : "unidirectional");
    }

    @Override
    public void onWantsTransmit() {
        wantsTransmit++;
    }

    @Override
    public void onHandlerFailure(Stream stream, Throwable failure) {
        failures.add(failure);
    }

    // Bytes whose place can be told

    static byte[] pattern(long id, long offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = patternAt(id, offset + i);
        }
        return bytes;
    }

    static byte patternAt(long id, long offset) {
        return (byte) ((offset + 1) * 0x9e3779b97f4a7c15L + id * 0x5851f42d4c957f2dL >>> 40);
    }

    static SendChunk chunk(long id, long offset, int length) {
        return new SendChunk(pattern(id, offset, length));
    }
}
