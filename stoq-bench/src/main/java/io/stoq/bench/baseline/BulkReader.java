package io.stoq.bench.baseline;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.stoq.bench.perf.Pattern;
import io.stoq.bench.perf.Tally;
import java.util.concurrent.atomic.AtomicReference;

/** Counts what a Netty channel receives, compares it with the pattern where that is asked for, and drops it. */
final class BulkReader extends BulkHandler {

    private final Tally tally;
    private final boolean verify;
    private long position;

    BulkReader(Tally tally, boolean verify, AtomicReference<Throwable> failure) {
        super(failure);
        this.tally = tally;
        this.verify = verify;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        int length = data.readableBytes();
        if (verify && !Pattern.matches(data.nioBuffer(), position)) {
            tally.mismatches.increment();
        }
        position += length;
        tally.receivedBytes.add(length);
        data.release();
    }
}
