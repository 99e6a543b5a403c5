package io.stoq.transport.io.nio;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import io.stoq.transport.io.AddressCache;
import io.stoq.transport.io.LoopSocket;
import io.stoq.transport.io.SocketCapabilities;
import io.stoq.transport.io.SocketHandler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/** A JDK datagram channel on Netty's NIO loop. Confined to the loop. One datagram a call, either way. */
final class NioUdpSocket extends LoopSocket implements NioIoHandle {

    private static final int DATA_BYTES = 65_536;
    private static final int KNOWN_ADDRESSES = 256;

    /** EMSGSIZE, which Java tells in the words of the C library only. */
    private static final String TOO_LONG = "Message too long";

    private final DatagramChannel channel;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment receiveMemory = arena.allocate(DATA_BYTES);
    private final ByteBuffer receiveBuffer = receiveMemory.asByteBuffer();
    private final Transmit transmit = new Transmit(arena.allocate(DATA_BYTES), 1);
    private final ByteBuffer sendBuffer = transmit.memory.asByteBuffer();
    private final Datagram datagram = new Datagram();
    private final AddressCache remotes = new AddressCache(KNOWN_ADDRESSES);
    private boolean blocked;

    NioUdpSocket(IoEventLoop loop, DatagramChannel channel, SocketCapabilities capabilities, SocketHandler handler)
            throws IOException {
        super(loop, handler, (InetSocketAddress) channel.getLocalAddress(), capabilities);
        this.channel = channel;
        transmit.canMark = false; // Java sets the traffic class of a socket, not of a datagram
    }

    @Override
    public SelectableChannel selectableChannel() {
        return channel;
    }

    @Override
    public Transmit acquire() {
        return blocked || isClosing() ? null : transmit;
    }

    @Override
    public void send(Transmit filled) {
        if (isClosing()) {
            return;
        }
        if (blocked || filled != transmit) {
            throw new IllegalArgumentException("only what acquire() returned last can be sent");
        }
        requireSendable(filled);
        sendBuffer.limit(transmit.length).position(0);
        blocked = !push();
        if (blocked) {
            registration.submit(NioIoOps.READ_AND_WRITE);
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
        NioIoOps ops = ((NioIoEvent) event).ops();
        try {
            if (blocked && ops.contains(NioIoOps.WRITE)) {
                onWritable();
            }
            if (ops.contains(NioIoOps.READ) && !isClosing()) {
                receive();
            }
        } catch (Throwable e) { // an exception that left here would put the whole loop to sleep for a second
            handler.onSocketError(e);
        }
    }

    @Override
    protected void arm() {
        registration.submit(NioIoOps.READ);
    }

    @Override
    protected void cancelPending() {
        // Nothing is ever left with the kernel.
    }

    @Override
    protected void release() {
        try {
            channel.close();
            if (registration != null) {
                // The JDK keeps the port until the selector has seen that the key is cancelled.
                registration.<SelectionKey>attachment().selector().selectNow();
            }
        } catch (IOException | ClosedSelectorException e) {
            // The descriptor is gone either way.
        }
        arena.close();
    }

    @Override
    protected void abandon() {
        release();
    }

    private void onWritable() {
        blocked = !push();
        if (!blocked) {
            registration.submit(NioIoOps.READ);
            handler.onWritable();
        }
    }

    /** @return false when the socket buffer is full */
    private boolean push() {
        boolean tooLong = false;
        while (sendBuffer.position() < transmit.length) {
            int at = sendBuffer.position();
            int length = Math.min(transmit.segmentSize, transmit.length - at);
            sendBuffer.limit(at + length);
            try {
                if (channel.send(sendBuffer, transmit.remote) == 0) {
                    return false;
                }
                counters.sendCalls++;
                counters.datagramsSent++;
                counters.bytesSent += length;
            } catch (IOException e) {
                counters.sendErrors++;
                tooLong |= TOO_LONG.equals(e.getMessage());
            }
            sendBuffer.position(at + length);
        }
        if (tooLong) {
            onTooLong(transmit);
        }
        return true;
    }

    private void receive() {
        boolean delivered = false;
        for (int i = 0; i < MAX_RECEIVES_PER_TURN && !isClosing(); i++) {
            receiveBuffer.clear();
            InetSocketAddress source;
            try {
                source = (InetSocketAddress) channel.receive(receiveBuffer);
            } catch (IOException e) {
                counters.receiveErrors++;
                continue;
            }
            if (source == null) {
                break;
            }
            delivered |= deliver(source);
        }
        if (delivered && !isClosing()) {
            handler.onReadComplete();
        }
    }

    private boolean deliver(InetSocketAddress source) {
        int length = receiveBuffer.position();
        counters.receiveCalls++;
        counters.datagramsReceived++;
        counters.bytesReceived += length;
        if (length == 0) {
            return false;
        }
        datagram.remote = remotes.of(source);
        if (datagram.remote == null) {
            counters.foreignSources++;
            return false;
        }
        datagram.memory = receiveMemory;
        datagram.offset = 0;
        datagram.length = length;
        datagram.segmentSize = length;
        handler.onDatagram(datagram);
        return true;
    }
}
