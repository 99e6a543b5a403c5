package io.stoq.bench.baseline;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.stoq.bench.perf.Pattern;
import io.stoq.bench.perf.Tally;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;

/** Counts what a Netty channel receives, compares it with the pattern where that is asked for, and drops it. */
final class BulkReader extends BulkHandler {

    private final Tally tally;
    private final boolean verify;
    private long position;
    private byte[] copy = {};

    BulkReader(Tally tally, boolean verify, AtomicReference<Throwable> failure) {
        super(failure);
        this.tally = tally;
        this.verify = verify;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        int length = data.readableBytes();
        if (verify && !Pattern.matches(copyOf(data, length), position)) {
            tally.mismatches.increment();
        }
        position += length;
        tally.receivedBytes.add(length);
        data.release();
    }

    /** The buffer's own view was once seen to be null, in a run of Netty's QUIC codec; why is not known. */
    private ByteBuffer copyOf(ByteBuf data, int length) {
        if (copy.length < length) {
            copy = new byte[length];
        }
        data.getBytes(data.readerIndex(), copy, 0, length);
        return ByteBuffer.wrap(copy, 0, length);
    }
}
