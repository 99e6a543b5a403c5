package io.stoq.connection;

import io.stoq.path.Path;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Packets that came before their keys: reordered by the network, or ahead of the handshake's work. Confined to the
 * connection's loop.
 *
 * <p>Bounded in packets and bytes; what does not fit is dropped and will be retransmitted. RFC 9001 §5.7.
 */
final class StashedPackets {

    static final int MAX_PACKETS = 32;
    static final int MAX_BYTES = 64 << 10;

    /** What a packet costs beside its bytes. */
    private static final int PACKET_BYTES = 64;

    /** One packet, with what its processing needs. */
    record Stashed(int level, byte[] bytes, Path path, int ecn) {}

    private final List<Stashed> packets = new ArrayList<>(0);
    private int bytes;

    void add(int level, MemorySegment memory, long at, int length, Path path, int ecn) {
        if (packets.size() >= MAX_PACKETS || bytes + length > MAX_BYTES) {
            return;
        }
        byte[] copy = new byte[length];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, copy, 0, length);
        packets.add(new Stashed(level, copy, path, ecn));
        bytes += length;
    }

    /** Memory of the packets, in bytes. */
    int heldBytes() {
        return bytes + packets.size() * PACKET_BYTES;
    }

    boolean isEmpty() {
        return packets.isEmpty();
    }

    /** Takes all packets of {@code level} out, in the order of their arrival. */
    List<Stashed> take(int level) {
        List<Stashed> taken = new ArrayList<>();
        packets.removeIf(packet -> {
            if (packet.level() == level) {
                bytes -= packet.bytes().length;
                taken.add(packet);
                return true;
            }
            return false;
        });
        return taken;
    }

    void clear() {
        packets.clear();
        bytes = 0;
    }
}
