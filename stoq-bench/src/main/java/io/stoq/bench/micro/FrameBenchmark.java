package io.stoq.bench.micro;

import io.stoq.buffer.ByteWriter;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.wire.frame.AckFrame;
import io.stoq.wire.frame.DatagramFrame;
import io.stoq.wire.frame.FrameReader;
import io.stoq.wire.frame.MaxDataFrame;
import io.stoq.wire.frame.MaxStreamDataFrame;
import io.stoq.wire.frame.StreamFrame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** One frame of a full batch of 512. RFC 9000 §19, RFC 9221 §4. */
public class FrameBenchmark extends MicroBenchmark {

    private static final int FRAMES = 512;
    private static final int MESSAGE_BYTES = 64;

    @Param
    public Kind kind;

    private final byte[] message = new byte[MESSAGE_BYTES];
    private final ByteWriter out = new ByteWriter(1 << 17);
    private final FrameReader reader = new FrameReader();
    private final SummingSink sink = new SummingSink();

    /** Frames with everything behind them; STREAM and DATAGRAM carry 64 bytes, ACK has 1 or 32 ranges. */
    public enum Kind {
        STREAM {
            @Override
            void write(ByteWriter out, int number, byte[] message) {
                StreamFrame.writeHeader(out, 4L * number, 1L << 20 | number, message.length, false);
                out.putBytes(message, 0, message.length);
            }
        },
        DATAGRAM {
            @Override
            void write(ByteWriter out, int number, byte[] message) {
                DatagramFrame.writeHeader(out, message.length);
                out.putBytes(message, 0, message.length);
            }
        },
        ACK_1 {
            @Override
            void write(ByteWriter out, int number, byte[] message) {
                AckFrame.writeHead(out, false, 1L << 20 | number, 100, 0, 44);
            }
        },
        ACK_32 {
            @Override
            void write(ByteWriter out, int number, byte[] message) {
                AckFrame.writeHead(out, false, 1L << 20 | number, 100, 31, 44);
                for (int i = 0; i < 31; i++) {
                    AckFrame.writeRange(out, 1, 100);
                }
            }
        },
        MAX_DATA {
            @Override
            void write(ByteWriter out, int number, byte[] message) {
                MaxDataFrame.write(out, 1L << 32 | number);
            }
        },
        MAX_STREAM_DATA {
            @Override
            void write(ByteWriter out, int number, byte[] message) {
                MaxStreamDataFrame.write(out, 4L * number, 1L << 32 | number);
            }
        };

        abstract void write(ByteWriter out, int number, byte[] message);
    }

    @Setup
    public void prepare() {
        write();
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public final int write() {
        out.position = 0;
        for (int i = 0; i < FRAMES; i++) {
            kind.write(out, i, message);
        }
        return out.position;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long read() {
        reader.read(out.array, 0, out.position, EncryptionLevel.APPLICATION, sink);
        return sink.sum;
    }
}
