package io.stoq.bench.baseline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicReference;

/** The last handler of a Netty channel; what goes wrong on the channel is kept for the next snapshot. */
abstract class BulkHandler extends ChannelInboundHandlerAdapter {

    private final AtomicReference<Throwable> failure;

    /** @param failure takes the first one, of all channels that share it */
    BulkHandler(AtomicReference<Throwable> failure) {
        this.failure = failure;
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failure.compareAndSet(null, cause);
        context.close();
    }
}
