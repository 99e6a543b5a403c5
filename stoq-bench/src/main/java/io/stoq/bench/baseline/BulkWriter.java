package io.stoq.bench.baseline;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.ReferenceCountUtil;
import io.stoq.bench.perf.Pattern;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes the pattern to a Netty channel for as long as the channel is writable. Slices of one native buffer are written,
 * so that the sender neither makes nor copies what it sends.
 */
final class BulkWriter extends BulkHandler {

    private final ByteBuf source;
    private final int writeBytes;
    private int position;
    private boolean writing;

    /** @param writeBytes the length of each write */
    BulkWriter(int writeBytes, AtomicReference<Throwable> failure) {
        super(failure);
        this.writeBytes = writeBytes;
        int periods = (writeBytes + 2 * Pattern.PERIOD_BYTES - 1) / Pattern.PERIOD_BYTES;
        source = Unpooled.unreleasableBuffer(Unpooled.directBuffer(periods * Pattern.PERIOD_BYTES));
        for (int i = 0; i < periods; i++) {
            source.writeBytes(Pattern.bytes());
        }
    }

    /** Lets a few writes wait in the channel, so that it never runs dry. */
    static WriteBufferWaterMark watermark(int writeBytes) {
        return new WriteBufferWaterMark(writeBytes, 4 * writeBytes);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        pump(context.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        // What asked for the bulk.
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        pump(context.channel());
    }

    private void pump(Channel channel) {
        // A write may change the channel's writability, which comes back here.
        if (writing) {
            return;
        }
        writing = true;
        while (channel.isWritable() && channel.isActive()) {
            channel.write(source.retainedSlice(position, writeBytes));
            position = (position + writeBytes) % Pattern.PERIOD_BYTES;
        }
        channel.flush();
        writing = false;
    }
}
