package io.stoq.recovery;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.frame.Frame;
import io.stoq.wire.frame.FrameReader;
import io.stoq.wire.frame.RecordingSink;
import java.util.List;
import java.util.function.BiConsumer;

/** For tests of what writes frames: a packet to write into, and the frames that came to lie in it. */
public final class OpenPackets {

    private OpenPackets() {}

    /** A log of sent packets without packets. */
    public static SentPackets log() {
        return new SentPackets(null, 0);
    }

    /**
     * Lets {@code writer} write one 1-RTT packet's payload of at most {@code limitBytes}; empty where it writes
     * nothing.
     */
    public static List<Frame> framesOf(int limitBytes, BiConsumer<ByteWriter, SentPackets> writer) {
        ByteWriter out = new ByteWriter(limitBytes);
        writer.accept(out, log());
        RecordingSink sink = new RecordingSink();
        if (out.position > 0) {
            new FrameReader().read(out.array, 0, out.position, 2, sink);
        }
        return sink.frames();
    }
}
