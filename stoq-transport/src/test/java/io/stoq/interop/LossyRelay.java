package io.stoq.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.SplittableRandom;

/** A UDP relay between one client and a server that loses, repeats and reorders datagrams, by a seed. */
final class LossyRelay implements AutoCloseable {

    private final DatagramChannel front = open();
    private final DatagramChannel back = open();
    private final Selector selector = Selector.open();
    private final SplittableRandom random;
    private final double probability;
    private final InetSocketAddress server;
    private volatile InetSocketAddress client;
    private volatile long dropped;

    /** @param probability of each mishap to each datagram */
    LossyRelay(InetSocketAddress server, double probability, long seed) throws IOException {
        this.server = server;
        this.probability = probability;
        this.random = new SplittableRandom(seed);
        front.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        back.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        Thread.ofPlatform().daemon().name("lossy-relay").start(this::run);
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) front.getLocalAddress();
    }

    long dropped() {
        return dropped;
    }

    private static DatagramChannel open() throws IOException {
        return DatagramChannel.open(StandardProtocolFamily.INET6).bind(new InetSocketAddress("::1", 0));
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
        ByteBuffer held = ByteBuffer.allocateDirect(65_536);
        try {
            while (selector.isOpen()) {
                selector.select();
                if (!selector.isOpen()) {
                    return;
                }
                selector.selectedKeys().clear();
                pass(front, buffer, held);
                pass(back, buffer, held);
            }
        } catch (IOException | ClosedSelectorException ended) {
            // close() ends the relay this way.
        }
    }

    private void pass(DatagramChannel from, ByteBuffer buffer, ByteBuffer held) throws IOException {
        while (true) {
            InetSocketAddress source = (InetSocketAddress) from.receive(buffer.clear());
            if (source == null) {
                return;
            }
            buffer.flip();
            boolean up = from == front;
            if (up) {
                client = source;
            }
            if (random.nextDouble() < probability) {
                dropped++;
            } else if (random.nextDouble() < probability && from.receive(held.clear()) != null) {
                send(up, held.flip());
                send(up, buffer);
            } else {
                send(up, buffer);
                if (random.nextDouble() < probability) {
                    send(up, buffer.rewind());
                }
            }
        }
    }

    private void send(boolean up, ByteBuffer datagram) throws IOException {
        (up ? back : front).send(datagram, up ? server : client);
    }

    @Override
    public void close() throws IOException {
        selector.close();
        front.close();
        back.close();
    }
}
