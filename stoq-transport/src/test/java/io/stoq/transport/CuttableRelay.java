package io.stoq.transport;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;

/** Passes datagrams between one client and a server until it is cut, as a cable is: nobody gets to say goodbye. */
final class CuttableRelay implements AutoCloseable {

    private final DatagramSocket front = new DatagramSocket(new InetSocketAddress("::1", 0));
    private final DatagramSocket back = new DatagramSocket(new InetSocketAddress("::1", 0));
    private volatile InetSocketAddress client;

    CuttableRelay(InetSocketAddress server) throws IOException {
        Thread.ofPlatform().daemon().name("relay-up").start(() -> pass(front, back, server));
        Thread.ofPlatform().daemon().name("relay-down").start(() -> pass(back, front, null));
    }

    int port() {
        return front.getLocalPort();
    }

    void cut() {
        front.close();
        back.close();
    }

    @Override
    public void close() {
        cut();
    }

    private void pass(DatagramSocket from, DatagramSocket to, InetSocketAddress server) {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        try {
            while (true) {
                packet.setLength(65_536);
                from.receive(packet);
                if (server != null) {
                    client = (InetSocketAddress) packet.getSocketAddress();
                }
                packet.setSocketAddress(server != null ? server : client);
                to.send(packet);
            }
        } catch (IOException cut) {
            // It is the sockets' end that ends the threads.
        }
    }
}
