package io.stoq.transport.io.epoll;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import io.stoq.transport.io.LoopSocket;
import io.stoq.transport.io.SocketHandler;
import io.stoq.transport.io.libc.Errno;
import io.stoq.transport.io.libc.ReceiveDecoder;
import io.stoq.transport.io.libc.ReceiveSlot;
import io.stoq.transport.io.libc.SendSlot;
import io.stoq.transport.io.libc.UdpDescriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A descriptor of our own on Netty's epoll loop. Confined to the loop.
 *
 * <p>Level-triggered: a turn reads a bounded number of times and leaves the rest to the next turn, which epoll
 * reports again by itself. Writability is asked for only while a train waits, since a UDP socket is nearly always
 * writable.
 */
final class EpollUdpSocket extends LoopSocket implements EpollIoHandle {

    /** The one system call that tests replace. */
    interface SendCall {
        /** Returns bytes sent, or an error number negated. */
        int send(MemorySegment message);
    }

    private static final EpollIoOps READ = EpollIoOps.EPOLLIN;
    private static final EpollIoOps READ_AND_WRITE = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT);

    private final UdpDescriptor descriptor;
    private final FileDescriptor fd;
    private final SendCall sendCall;
    private final ReceiveSlot receiveSlot;
    private final ReceiveDecoder decoder;
    private final SendSlot sendSlot;
    private boolean blocked;

    EpollUdpSocket(IoEventLoop loop, UdpDescriptor descriptor, SendCall sendCall, SocketHandler handler) {
        super(loop, handler, descriptor.localAddress(), descriptor.capabilities());
        this.descriptor = descriptor;
        this.sendCall = sendCall;
        fd = new FileDescriptor(descriptor.fd());
        receiveSlot = descriptor.newReceiveSlot();
        decoder = descriptor.newReceiveDecoder(counters);
        sendSlot = descriptor.newSendSlot(counters);
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public Transmit acquire() {
        return blocked || isClosing() ? null : sendSlot.transmit();
    }

    @Override
    public void send(Transmit filled) {
        if (isClosing()) {
            return;
        }
        if (blocked || filled != sendSlot.transmit()) {
            throw new IllegalArgumentException("only what acquire() returned last can be sent");
        }
        requireSendable(filled);
        sendSlot.begin();
        blocked = !push();
        if (blocked) {
            registration.submit(READ_AND_WRITE);
        }
    }

    @Override
    public void flush() {
        // Sends reach the kernel at once.
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (isClosing()) {
            return;
        }
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        try {
            if (blocked && !ops.equals(READ)) {
                onWritable();
            }
            // Errors too are fetched by receiving; an error left in place would wake the loop for ever.
            if (!ops.equals(EpollIoOps.EPOLLOUT) && !isClosing()) {
                receive();
            }
        } catch (Throwable e) { // an exception that left here would put the whole loop to sleep for a second
            handler.onSocketError(e);
        }
    }

    @Override
    protected void arm() {
        registration.submit(READ);
    }

    @Override
    protected void cancelPending() {
        // Nothing is ever left with the kernel.
    }

    @Override
    protected void release() {
        descriptor.close();
    }

    @Override
    protected void abandon() {
        release();
    }

    private void onWritable() {
        blocked = !push();
        if (!blocked) {
            registration.submit(READ);
            handler.onWritable();
        }
    }

    /** @return false when the socket buffer is full */
    private boolean push() {
        int outcome;
        do {
            outcome = sendSlot.onResult(sendCall.send(sendSlot.message()));
        } while (outcome == SendSlot.NEXT);
        if (outcome == SendSlot.BLOCKED) {
            return false;
        }
        if (sendSlot.gsoRefused()) {
            onGsoRefused();
            sendSlot.disableGso();
        }
        if (sendSlot.tooLong()) {
            onTooLong(sendSlot.transmit());
        }
        return true;
    }

    private void receive() {
        boolean delivered = false;
        for (int i = 0; i < MAX_RECEIVES_PER_TURN && !isClosing(); i++) {
            receiveSlot.prepare();
            int result = descriptor.receive(receiveSlot.message());
            if (result >= 0) {
                Datagram datagram = decoder.decode(receiveSlot, result);
                if (datagram != null) {
                    delivered = true;
                    handler.onDatagram(datagram);
                }
            } else if (result == -Errno.EAGAIN) {
                break;
            } else {
                onReceiveError(-result);
            }
        }
        if (delivered && !isClosing()) {
            handler.onReadComplete();
        }
    }

    private void onReceiveError(int errno) {
        if (errno == Errno.EINTR) {
            return;
        }
        counters.receiveErrors++;
        if (Errno.endsReceiving(errno)) {
            registration.submit(EpollIoOps.NONE);
            handler.onSocketError(new IOException("receiving failed: " + Errno.describe(errno)));
        }
    }
}
