package io.stoq.bench.baseline;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.stoq.bench.perf.Pattern;
import io.stoq.bench.perf.Tally;

/** Counts what a Netty channel receives, compares it with the pattern where that is asked for, and drops it. */
final class BulkReader extends ChannelInboundHandlerAdapter {

    private final Tally tally;
    private final boolean verify;
    private long position;

    BulkReader(Tally tally, boolean verify) {
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
