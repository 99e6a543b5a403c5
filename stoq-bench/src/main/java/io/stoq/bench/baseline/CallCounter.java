package io.stoq.bench.baseline;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.UncheckedBooleanSupplier;
import io.stoq.SocketStatistics;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts datagrams and system calls of Netty's datagram channels, once per train or call, so that what is measured hardly
 * feels it. A flush counts as one call, which it is where the channel sends by {@code sendmmsg}.
 */
final class CallCounter {

    private final LongAdder receiveCalls = new LongAdder();
    private final LongAdder datagramsReceived = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder sendCalls = new LongAdder();
    private final LongAdder datagramsSent = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();

    SocketStatistics statistics(String mechanism, long kernelDrops) {
        return new SocketStatistics(
                mechanism,
                receiveCalls.sum(),
                datagramsReceived.sum(),
                bytesReceived.sum(),
                sendCalls.sum(),
                datagramsSent.sum(),
                bytesSent.sum(),
                0,
                kernelDrops);
    }

    /** A handler for the head of one channel's pipeline. */
    ChannelOutboundHandlerAdapter sends() {
        return new Sends();
    }

    /** An allocator of receive buffers of one size; with offload each must hold a whole train. */
    RecvByteBufAllocator receives(int bufferBytes, int messagesPerRead) {
        FixedRecvByteBufAllocator fixed = new FixedRecvByteBufAllocator(bufferBytes);
        fixed.maxMessagesPerRead(messagesPerRead);
        return () -> new Receives((RecvByteBufAllocator.ExtendedHandle) fixed.newHandle());
    }

    private final class Sends extends ChannelOutboundHandlerAdapter {

        private boolean pending;

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof DatagramPacket packet) {
                int bytes = packet.content().readableBytes();
                int segment = packet instanceof SegmentedDatagramPacket train ? train.segmentSize() : bytes;
                datagramsSent.add(segment == 0 ? 1 : (bytes + segment - 1) / segment);
                bytesSent.add(bytes);
                pending = true;
            }
            context.write(message, promise);
        }

        @Override
        public void flush(ChannelHandlerContext context) {
            if (pending) {
                pending = false;
                sendCalls.increment();
            }
            context.flush();
        }
    }

    private final class Receives implements RecvByteBufAllocator.ExtendedHandle {

        private final RecvByteBufAllocator.ExtendedHandle handle;

        Receives(RecvByteBufAllocator.ExtendedHandle handle) {
            this.handle = handle;
        }

        @Override
        public void lastBytesRead(int bytes) {
            if (bytes > 0) {
                receiveCalls.increment();
                bytesReceived.add(bytes);
            }
            handle.lastBytesRead(bytes);
        }

        @Override
        public void incMessagesRead(int messages) {
            datagramsReceived.add(messages);
            handle.incMessagesRead(messages);
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return handle.allocate(allocator);
        }

        @Override
        public int guess() {
            return handle.guess();
        }

        @Override
        public void reset(ChannelConfig config) {
            handle.reset(config);
        }

        @Override
        public int lastBytesRead() {
            return handle.lastBytesRead();
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            handle.attemptedBytesRead(bytes);
        }

        @Override
        public int attemptedBytesRead() {
            return handle.attemptedBytesRead();
        }

        @Override
        public boolean continueReading() {
            return handle.continueReading();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return handle.continueReading(maybeMoreData);
        }

        @Override
        public void readComplete() {
            handle.readComplete();
        }
    }
}
