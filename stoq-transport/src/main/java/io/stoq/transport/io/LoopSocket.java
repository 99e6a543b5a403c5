package io.stoq.transport.io;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import io.stoq.buffer.Transmit;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * What the sockets of all backends share: how they come to their loop and how they leave it. Confined to the loop but
 * for {@link #start()} and {@link #close()}.
 *
 * <p>Memory and descriptor are freed by a task of their own after the loop has let go of the socket: whoever closes
 * it from inside a handler may be reading a datagram still.
 *
 * <p>Sockets should be closed before their loops are shut down; a loop that ends closes what it still has.
 */
public abstract class LoopSocket implements UdpSocket, IoHandle {

    /** Most reads between two calls of {@link SocketHandler#onReadComplete()}: fairness to other work of the loop. */
    protected static final int MAX_RECEIVES_PER_TURN = 16;

    protected final IoEventLoop loop;
    protected final SocketHandler handler;
    protected final SocketCounters counters = new SocketCounters();
    protected SocketCapabilities capabilities;

    /** How to talk to the loop's handler; set by {@link #start()}. */
    protected IoRegistration registration;

    private final InetSocketAddress localAddress;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean closing;

    protected LoopSocket(
            IoEventLoop loop, SocketHandler handler, InetSocketAddress localAddress, SocketCapabilities capabilities) {
        this.loop = loop;
        this.handler = handler;
        this.localAddress = localAddress;
        this.capabilities = capabilities;
    }

    /** Starts to receive. */
    protected abstract void arm();

    /** Calls back what the kernel still holds; the registration takes submissions until this returns. */
    protected abstract void cancelPending();

    /** Frees descriptor and memory; nothing uses them any more. */
    protected abstract void release();

    /** Like {@link #release()}, after the loop has ended without letting go of the socket. */
    protected abstract void abandon();

    /** Registers with the loop and starts to receive; waits for that unless called on the loop. */
    public final void start() throws SocketOpenException {
        try {
            if (!loop.isCompatible(getClass())) {
                throw new IllegalArgumentException("the event loop was not made for " + capabilities.name());
            }
            if (loop.inEventLoop()) {
                register();
            } else {
                loop.submit(this::register).syncUninterruptibly();
            }
        } catch (RuntimeException e) {
            if (registration == null) {
                release();
            } else {
                close();
            }
            throw SocketOpenException.failed(localAddress, e);
        }
    }

    private void register() {
        Future<IoRegistration> registered = loop.register(this);
        if (!registered.isSuccess()) {
            throw new IllegalStateException("the event loop does not take the socket", registered.cause());
        }
        registration = registered.getNow();
        arm();
    }

    @Override
    public final InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public final SocketCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public final SocketCounters counters() {
        return counters;
    }

    @Override
    public final CompletionStage<Void> closed() {
        return closed.minimalCompletionStage();
    }

    /** Segmented sends go no more. */
    protected final void onGsoRefused() {
        capabilities = capabilities.withoutGso();
        handler.onCapabilities();
    }

    /** Datagrams of that train were longer than the interface takes, and are gone. */
    protected final void onTooLong(Transmit train) {
        handler.onDatagramTooLong(train.remote, Math.min(train.length, train.segmentSize));
    }

    /** Refuses what no socket can send: a mistake of the caller's and not of the network's. */
    protected static void requireSendable(Transmit train) {
        if (train.length < 1 || train.segmentSize < 1 || train.length > train.memory.byteSize()) {
            throw new IllegalArgumentException(
                    "a train of " + train.length + " bytes in segments of " + train.segmentSize + " cannot be sent");
        }
        if (!(train.remote.getAddress() instanceof Inet6Address)) {
            throw new IllegalArgumentException(train.remote + " is no IPv6 address; STOQ is IPv6 only");
        }
    }

    /** Whether {@link #close()} was called: no handler method may be called any more. */
    protected final boolean isClosing() {
        return closing;
    }

    @Override
    public final void close() {
        if (!loop.inEventLoop()) {
            closeOnLoop();
        } else if (!closing) {
            closing = true;
            cancelPending();
            registration.cancel();
        }
    }

    private void closeOnLoop() {
        try {
            loop.execute(this::close);
        } catch (RejectedExecutionException e) {
            loop.terminationFuture().addListener(ended -> onLoopEnded());
        }
    }

    /** A loop that ends closes its sockets, unless its end was asked for just after it had looked whether it was. */
    private void onLoopEnded() {
        if (!closed.isDone()) {
            closing = true;
            abandon();
            closed.complete(null);
        }
    }

    /** The loop's handler has let go of the socket, and the kernel of its memory. */
    @Override
    public final void unregistered() {
        closing = true;
        try {
            loop.execute(this::finish);
        } catch (RejectedExecutionException e) {
            finish();
        }
    }

    private void finish() {
        release();
        closed.complete(null);
    }
}
