package io.stoq.transport.io;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Raw goodput of a backend over the loopback interface, without QUIC: a sender with a window, a receiver that answers
 * each batch with its byte count. A program, no test: {@code SocketThroughput BACKEND [SECONDS [PAYLOAD [WINDOW]]]}.
 */
final class SocketThroughput {

    private static final int WINDOW_BYTES = 2 << 20;
    private static final int TRAIN_BYTES = 65_340;

    private SocketThroughput() {}

    public static void main(String[] args) throws Exception {
        IoBackend backend = IoBackends.select(args[0]);
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        int payload = args.length > 2 ? Integer.parseInt(args[2]) : 1452;
        int window = args.length > 3 ? Integer.parseInt(args[3]) : WINDOW_BYTES;
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, backend.handlerFactory());
        try {
            Receiver receiver = new Receiver();
            IoEventLoop receiving = group.next();
            receiver.socket = open(backend, receiving, receiver);
            Sender sender = new Sender(receiver.socket.localAddress(), payload, window);
            sender.loop = group.next();
            sender.socket = open(backend, sender.loop, sender);
            sender.loop.execute(sender::pump);
            long last = 0;
            for (int second = 0; second < seconds; second++) {
                TimeUnit.SECONDS.sleep(1);
                long bytes = receiving
                        .submit(() -> receiver.socket.counters().bytesReceived)
                        .get();
                System.out.printf("%.2f ", (bytes - last) * 8e-9);
                last = bytes;
            }
            SocketCounters in = receiver.socket.counters();
            SocketCounters out = sender.socket.counters();
            System.out.printf(
                    "Gbit/s; %s, %d-byte payloads, %.1f datagrams a receive, %.1f a send, %d dropped, %d stalls%n",
                    receiver.socket.capabilities().name(),
                    payload,
                    (double) in.datagramsReceived / in.receiveCalls,
                    (double) out.datagramsSent / out.sendCalls,
                    in.kernelDrops,
                    sender.stalls);
            receiver.socket.close();
            sender.socket.close();
        } finally {
            group.shutdownGracefully();
        }
    }

    private static UdpSocket open(IoBackend backend, IoEventLoop loop, SocketHandler handler) throws Exception {
        return backend.open(loop, TestPeer.loopback(0), SocketOptions.DEFAULT, handler);
    }

    private static final class Receiver extends IgnoringHandler {

        private UdpSocket socket;
        private InetSocketAddress sender;
        private long received;

        @Override
        public void onDatagram(Datagram datagram) {
            sender = datagram.remote;
            received += datagram.length;
        }

        @Override
        public void onReadComplete() {
            Transmit answer = socket.acquire();
            if (answer != null) {
                answer.memory.set(ValueLayout.JAVA_LONG, 0, received);
                answer.length = Long.BYTES;
                answer.segmentSize = Long.BYTES;
                answer.remote = sender;
                socket.send(answer);
                socket.flush();
            }
        }
    }

    private static final class Sender extends IgnoringHandler {

        private static final long STALL_MS = 5;

        private final InetSocketAddress target;
        private final int payload;
        private final int window;
        private IoEventLoop loop;
        private UdpSocket socket;
        private long sent;
        private long answered;
        private long answeredAtLastLook;
        private int stalls;

        Sender(InetSocketAddress target, int payload, int window) {
            this.target = target;
            this.payload = payload;
            this.window = window;
        }

        void pump() {
            loop.scheduleAtFixedRate(this::unlockAfterLoss, STALL_MS, STALL_MS, TimeUnit.MILLISECONDS);
            fillWindow();
        }

        @Override
        public void onDatagram(Datagram datagram) {
            long last = datagram.length - Long.BYTES;
            answered = Math.max(answered, datagram.memory.get(ValueLayout.JAVA_LONG_UNALIGNED, datagram.offset + last));
        }

        @Override
        public void onReadComplete() {
            fillWindow();
        }

        @Override
        public void onWritable() {
            fillWindow();
        }

        private void fillWindow() {
            while (sent - answered < window) {
                Transmit train = socket.acquire();
                if (train == null) {
                    return;
                }
                int segments = Math.max(1, Math.min(train.maxSegments, TRAIN_BYTES / payload));
                train.segmentSize = payload;
                train.length = segments * payload;
                train.remote = target;
                socket.send(train);
                sent += train.length;
            }
            socket.flush();
        }

        private void unlockAfterLoss() {
            if (answered == answeredAtLastLook) {
                stalls++;
                sent = answered;
                fillWindow();
            }
            answeredAtLastLook = answered;
        }
    }
}
