package io.stoq.sim;

import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * A UDP datagram on its way.
 *
 * @param ecn the two ECN bits: 0 Not-ECT, 1 ECT(1), 2 ECT(0), 3 CE
 */
public record SimDatagram(InetSocketAddress from, InetSocketAddress to, byte[] payload, int ecn) {

    /** The value of {@link #ecn} for Congestion Experienced. */
    public static final int CE = 3;

    public SimDatagram(InetSocketAddress from, InetSocketAddress to, byte[] payload) {
        this(from, to, payload, 0);
    }

    /** Length of the UDP payload. */
    public int length() {
        return payload.length;
    }

    public SimDatagram copy() {
        return new SimDatagram(from, to, payload.clone(), ecn);
    }

    public SimDatagram from(InetSocketAddress address) {
        return new SimDatagram(address, to, payload, ecn);
    }

    public SimDatagram to(InetSocketAddress address) {
        return new SimDatagram(from, address, payload, ecn);
    }

    public SimDatagram payload(byte[] bytes) {
        return new SimDatagram(from, to, bytes, ecn);
    }

    public SimDatagram ecn(int bits) {
        return new SimDatagram(from, to, payload, bits);
    }

    /** What the engine takes in: a single datagram over heap memory. */
    public Datagram toDatagram() {
        Datagram datagram = new Datagram();
        datagram.memory = MemorySegment.ofArray(payload);
        datagram.length = payload.length;
        datagram.segmentSize = payload.length;
        datagram.remote = from;
        datagram.local = to.getAddress();
        datagram.ecn = ecn;
        return datagram;
    }

    /** Cuts a train into datagrams sent by {@code from}, and copies them. */
    public static void split(Transmit train, InetSocketAddress from, Consumer<SimDatagram> out) {
        for (int at = 0; at < train.length; at += train.segmentSize) {
            int length = Math.min(train.segmentSize, train.length - at);
            byte[] payload = train.memory.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
            out.accept(new SimDatagram(from, train.remote, payload, train.ecn));
        }
    }

    @Override
    public String toString() {
        return from + " -> " + to + ", " + payload.length + " bytes" + (ecn == 0 ? "" : ", ECN " + ecn);
    }
}
