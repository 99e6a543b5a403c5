package io.stoq.bench.micro;

import io.stoq.buffer.BufferPool;
import io.stoq.buffer.ByteWriter;
import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.memory.ConnectionMemory;
import io.stoq.recovery.Recovery;
import io.stoq.recovery.RecoverySettings;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentFrameListener;
import io.stoq.recovery.SentPackets;
import io.stoq.stream.SendChunk;
import io.stoq.stream.Stream;
import io.stoq.stream.StreamHandler;
import io.stoq.stream.StreamLimits;
import io.stoq.stream.Streams;
import io.stoq.stream.StreamsListener;
import io.stoq.wire.TransportParameters;
import io.stoq.wire.frame.StreamFrame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** One STREAM frame of about 1,400 bytes, with flow control, for the sending half and for the receiving half. */
public class StreamBenchmark extends MicroBenchmark {

    private static final int FRAMES = 46;
    private static final int FRAME_BYTES = 1400;
    private static final int ROOM_BYTES = 1416;

    /** The server's first one-way stream. RFC 9000 §2.1. */
    private static final long PEER_STREAM = 3;

    @Param
    public Order order;

    private final byte[] data = new byte[FRAMES * FRAME_BYTES];
    private final ByteWriter out = new ByteWriter(2048);
    private final Receiver receiver = new Receiver();
    private Streams streams;
    private SentPackets log;
    private Stream sending;
    private long sentOffset;
    private long receivedOffset;
    private long nowNs = 1;

    /** How frames come in, or go out. */
    public enum Order {
        IN_ORDER,
        /** Each second frame comes before the one in front of it; each second frame sent is lost and sent again. */
        DISTURBED
    }

    private static final class Receiver implements StreamsListener, StreamHandler {

        private long bytes;

        @Override
        public StreamHandler onStreamOpened(Stream stream) {
            return this;
        }

        @Override
        public int onData(Stream stream, byte[] data, int at, int length) {
            bytes += length;
            return length;
        }

        @Override
        public void onHandlerFailure(Stream stream, Throwable failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onStreamsAvailable(boolean bidirectional) {}

        @Override
        public void onWantsTransmit() {}

        @Override
        public void onFinished(Stream stream) {}

        @Override
        public void onReset(Stream stream, long errorCode) {}

        @Override
        public void onStopSending(Stream stream, long errorCode) {}

        @Override
        public void onWritable(Stream stream) {}

        @Override
        public void onClosed(Stream stream) {}
    }

    @Setup
    public void prepare() {
        long window = 1L << 30;
        streams = new Streams(
                false,
                new StreamLimits(window, window, window, window, 100, 100),
                new BufferPool(),
                ConnectionMemory.unlimited(),
                receiver);
        streams.onPeerParameters(TransportParameters.builder()
                .initialMaxData(1L << 60)
                .initialMaxStreamDataUni(1L << 60)
                .initialMaxStreamsUni(100)
                .build());
        // Recovery is only here for the log of frames that it owns.
        log = new Recovery(
                        false,
                        RecoverySettings.of(1452),
                        CongestionAlgorithm.CUBIC.factory(),
                        new NoFrames(),
                        (target, at, length) -> {})
                .sent(EncryptionLevel.APPLICATION);
        sending = streams.open(false);
        sending.handler(receiver);
    }

    /** A benchmark whose frames went astray would measure something else. */
    @TearDown
    public void requireAllArrived() {
        if (sending.bufferedBytes() != 0 || receiver.bytes != receivedOffset) {
            throw new IllegalStateException(sending.bufferedBytes() + " bytes are not acknowledged, "
                    + (receivedOffset - receiver.bytes) + " did not come");
        }
    }

    private static final class NoFrames implements SentFrameListener {

        @Override
        public void onFrameAcked(int space, int kind, long a, long b, int c) {}

        @Override
        public void onFrameLost(int space, int kind, long a, long b, int c) {}
    }

    /** Written by reference in chunks of 64 KiB, gathered into packets, acknowledged. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long send() {
        sending.write(new SendChunk(data));
        for (int i = 0; i < FRAMES; i++) {
            int sent = writePacket();
            boolean lost = order == Order.DISTURBED && i % 2 == 0;
            if (lost) {
                streams.onFrameLost(SentFrame.STREAM, sending.id(), sentOffset, sent << 1);
                writePacket();
            }
            streams.onFrameAcked(SentFrame.STREAM, sending.id(), sentOffset, sent << 1);
            sentOffset += sent;
        }
        return sentOffset;
    }

    /** Writes one packet and returns how many bytes of data are in it. */
    private int writePacket() {
        int header = StreamFrame.overheadToEnd(sending.id(), sentOffset);
        out.reset(0, header + FRAME_BYTES);
        streams.writeFrames(out, log);
        log.rollback();
        return out.position - header;
    }

    /** Taken by the handler at once, or after reassembly; new credit is written where it is due. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long receive() {
        nowNs += 1_000_000;
        int swap = order == Order.DISTURBED ? 1 : 0;
        for (int i = 0; i < FRAMES; i++) {
            int at = (i ^ swap) * FRAME_BYTES;
            streams.onStream(nowNs, PEER_STREAM, receivedOffset + at, data, at, FRAME_BYTES, false);
        }
        receivedOffset += data.length;
        out.reset(0, ROOM_BYTES);
        streams.writeFrames(out, log);
        log.rollback();
        return receiver.bytes;
    }
}
