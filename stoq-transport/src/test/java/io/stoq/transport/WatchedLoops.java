package io.stoq.transport;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Ticker;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.IoBackends;
import io.stoq.transport.io.SocketHandler;
import io.stoq.transport.io.SocketOpenException;
import io.stoq.transport.io.SocketOptions;
import io.stoq.transport.io.UdpSocket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The best mechanism of this machine, and who counts how often its event loops wake up and for how long they mean to sleep. */
final class WatchedLoops implements IoBackend {

    private static final long AWAKE = 0;

    private final IoBackend watched = IoBackends.select("auto");
    private final List<Watch> loops = new CopyOnWriteArrayList<>();

    /** Times that a loop looked for something to do, all loops together. */
    long wakeUps() {
        return loops.stream().mapToLong(loop -> loop.wakeUps).sum();
    }

    /** Whether all loops wait, none with a timer sooner than this from when it began to wait. */
    boolean sleepFor(long ns) {
        return loops.stream().allMatch(loop -> loop.sleepsNs >= ns);
    }

    @Override
    public String name() {
        return watched.name();
    }

    @Override
    public String unavailableReason() {
        return watched.unavailableReason();
    }

    @Override
    public IoHandlerFactory handlerFactory() {
        IoHandlerFactory factory = watched.handlerFactory();
        return executor -> {
            Watch watch = new Watch(factory.newHandler(executor));
            loops.add(watch);
            return watch;
        };
    }

    @Override
    public UdpSocket open(IoEventLoop loop, InetSocketAddress local, SocketOptions options, SocketHandler handler)
            throws SocketOpenException {
        return watched.open(loop, local, options, handler);
    }

    private static final class Watch implements IoHandler {

        private final IoHandler handler;
        private volatile long wakeUps;
        private volatile long sleepsNs = AWAKE;

        Watch(IoHandler handler) {
            this.handler = handler;
        }

        @Override
        public int run(IoHandlerContext context) {
            long deadlineNs = context.deadlineNanos();
            sleepsNs = !context.canBlock()
                    ? AWAKE
                    : deadlineNs < 0
                            ? Long.MAX_VALUE
                            : deadlineNs - Ticker.systemTicker().nanoTime();
            int handled = handler.run(context);
            sleepsNs = AWAKE;
            wakeUps = wakeUps + 1; // one thread writes
            return handled;
        }

        @Override
        public void initialize() {
            handler.initialize();
        }

        @Override
        public void prepareToDestroy() {
            handler.prepareToDestroy();
        }

        @Override
        public void destroy() {
            handler.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return handler.register(handle);
        }

        @Override
        public void wakeup() {
            handler.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return handler.isCompatible(type);
        }
    }
}
