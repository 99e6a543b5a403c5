package io.stoq.transport.io.uring;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import io.stoq.transport.io.LoopSocket;
import io.stoq.transport.io.SocketHandler;
import io.stoq.transport.io.libc.Errno;
import io.stoq.transport.io.libc.Linux;
import io.stoq.transport.io.libc.ReceiveDecoder;
import io.stoq.transport.io.libc.ReceiveSlot;
import io.stoq.transport.io.libc.SendSlot;
import io.stoq.transport.io.libc.UdpDescriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.RejectedExecutionException;

/**
 * A descriptor of our own on Netty's io_uring loop: a ring of receives that wait in the kernel, and a ring of sends.
 * Confined to the loop.
 *
 * <p>Completions drive everything. The first of a loop turn queues a task that ends the batch: it runs after the
 * turn's other completions, tells the handler, and puts the used receives back; so one turn takes no more than the
 * ring holds. The kernel owns the memory of an entry until its completion, which is why closing cancels all entries
 * and frees memory only when Netty says that every completion has come ({@link #unregistered()}).
 */
final class IoUringUdpSocket extends LoopSocket implements IoUringIoHandle {

    /** Each datagram wakes every receive that waits; more of them than this cost more than they bring. */
    private static final int RECEIVE_SLOTS = 8;

    private static final int SEND_SLOTS = 8;

    /** The user data of cancellations; those of other entries are their index. */
    private static final int CANCEL = -1;

    private final UdpDescriptor descriptor;
    private final ReceiveDecoder decoder;
    private final ReceiveSlot[] receiveSlots = new ReceiveSlot[RECEIVE_SLOTS];
    private final SendSlot[] sendSlots = new SendSlot[SEND_SLOTS];

    /** Entries by slot, receives first; an entry's user data are its index here. */
    private final IoUringIoOps[] entries = new IoUringIoOps[RECEIVE_SLOTS + SEND_SLOTS];

    /** What cancels an entry that the kernel holds, by slot; 0 when it holds none. */
    private final long[] tokens = new long[RECEIVE_SLOTS + SEND_SLOTS];

    private final int[] freeSends = new int[SEND_SLOTS];
    private int freeSendCount;
    private int acquired = -1;
    private boolean starved;

    private final int[] usedReceives = new int[RECEIVE_SLOTS];
    private int usedReceiveCount;
    private boolean delivered;
    private boolean failed;

    private final Runnable endOfBatch = this::onEndOfBatch;
    private boolean batchOpen;

    IoUringUdpSocket(IoEventLoop loop, UdpDescriptor descriptor, SocketHandler handler) {
        super(loop, handler, descriptor.localAddress(), descriptor.capabilities());
        this.descriptor = descriptor;
        decoder = descriptor.newReceiveDecoder(counters);
        for (int i = 0; i < RECEIVE_SLOTS; i++) {
            receiveSlots[i] = descriptor.newReceiveSlot();
            entries[i] = entry(Linux.IORING_OP_RECVMSG, i, receiveSlots[i].message());
        }
        for (int i = 0; i < SEND_SLOTS; i++) {
            sendSlots[i] = descriptor.newSendSlot(counters);
            int index = RECEIVE_SLOTS + i;
            entries[index] = entry(Linux.IORING_OP_SENDMSG, index, sendSlots[i].message());
            freeSends[freeSendCount++] = SEND_SLOTS - 1 - i;
        }
    }

    private IoUringIoOps entry(int operation, int index, MemorySegment message) {
        return entry(operation, descriptor.fd(), message.address(), 1, index);
    }

    private static IoUringIoOps cancellation(long token) {
        return entry(Linux.IORING_OP_ASYNC_CANCEL, -1, token, 0, CANCEL);
    }

    /** {@code struct io_uring_sqe} with all that is not named here being 0. */
    private static IoUringIoOps entry(int operation, int fd, long address, int length, long userData) {
        byte flags = 0;
        short zero = 0;
        return new IoUringIoOps((byte) operation, flags, zero, fd, 0, address, length, 0, userData, zero, zero, 0, 0);
    }

    @Override
    public Transmit acquire() {
        if (isClosing()) {
            return null;
        }
        if (acquired < 0) {
            if (freeSendCount == 0) {
                starved = true;
                return null;
            }
            acquired = freeSends[--freeSendCount];
        }
        return sendSlots[acquired].transmit();
    }

    @Override
    public void send(Transmit filled) {
        if (isClosing()) {
            return;
        }
        if (acquired < 0 || filled != sendSlots[acquired].transmit()) {
            throw new IllegalArgumentException("only what acquire() returned last can be sent");
        }
        requireSendable(filled);
        sendSlots[acquired].begin();
        submit(RECEIVE_SLOTS + acquired);
        acquired = -1;
    }

    @Override
    public void flush() {
        // Netty hands the queued entries to the kernel at the end of the loop turn.
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        int index = (int) completion.userData();
        if (index == CANCEL) {
            return;
        }
        tokens[index] = 0;
        if (isClosing()) {
            return;
        }
        openBatch();
        try {
            if (index < RECEIVE_SLOTS) {
                onReceived(index, completion.res());
            } else {
                onSent(index - RECEIVE_SLOTS, completion.res());
            }
        } catch (Throwable e) { // an exception that left here would put the whole loop to sleep
            handler.onSocketError(e);
        }
    }

    @Override
    protected void arm() {
        for (int i = 0; i < RECEIVE_SLOTS; i++) {
            submit(i);
        }
    }

    @Override
    protected void cancelPending() {
        for (long token : tokens) {
            if (token != 0) {
                registration.submit(cancellation(token));
            }
        }
    }

    @Override
    protected void release() {
        descriptor.close();
    }

    @Override
    protected void abandon() {
        // Entries may be in flight on their way to being cancelled with the ring, so their memory is never reused.
        descriptor.closeButKeepMemory();
    }

    private void submit(int index) {
        tokens[index] = registration.submit(entries[index]);
    }

    private void openBatch() {
        if (batchOpen) {
            return;
        }
        batchOpen = true;
        try {
            loop.execute(endOfBatch);
        } catch (RejectedExecutionException e) {
            // The loop is ending, and the socket with it.
        }
    }

    private void onReceived(int slot, int result) {
        usedReceives[usedReceiveCount++] = slot;
        if (result >= 0) {
            Datagram datagram = decoder.decode(receiveSlots[slot], result);
            if (datagram != null) {
                delivered = true;
                handler.onDatagram(datagram);
            }
        } else if (result != -Errno.EINTR && result != -Errno.EAGAIN) {
            counters.receiveErrors++;
            if (Errno.endsReceiving(-result) && !failed) {
                failed = true;
                handler.onSocketError(new IOException("receiving failed: " + Errno.describe(-result)));
            }
        }
    }

    private void onSent(int slot, int result) {
        SendSlot sent = sendSlots[slot];
        if (sent.onResult(result) != SendSlot.DONE) {
            submit(RECEIVE_SLOTS + slot);
            return;
        }
        if (sent.gsoRefused()) {
            onGsoRefused();
            for (SendSlot each : sendSlots) {
                each.disableGso();
            }
        }
        if (sent.tooLong()) {
            onTooLong(sent.transmit());
            delivered = true; // what takes its place can be sent at the end of the batch
        }
        freeSends[freeSendCount++] = slot;
    }

    private void onEndOfBatch() {
        batchOpen = false;
        try {
            if (delivered && !isClosing()) {
                delivered = false;
                handler.onReadComplete();
            }
            if (starved && freeSendCount > 0 && !isClosing()) {
                starved = false;
                handler.onWritable();
            }
        } catch (Throwable e) { // receiving has to go on
            handler.onSocketError(e);
        }
        rearm();
    }

    private void rearm() {
        if (isClosing() || failed) {
            return;
        }
        while (usedReceiveCount > 0) {
            int slot = usedReceives[--usedReceiveCount];
            receiveSlots[slot].prepare();
            submit(slot);
        }
    }
}
