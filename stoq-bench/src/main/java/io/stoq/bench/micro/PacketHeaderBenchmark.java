package io.stoq.bench.micro;

import io.stoq.wire.HeaderProtection;
import io.stoq.wire.PacketHeader;
import io.stoq.wire.PacketType;
import io.stoq.wire.QuicVersion;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The header of one packet in native memory, with 8-byte connection ids. RFC 9000 §17, RFC 9001 §5.4. */
public class PacketHeaderBenchmark extends MicroBenchmark {

    private static final int PACKET_BYTES = 1452;
    private static final int LONG_AT = 2048;
    private static final int PACKET_NUMBER_BYTES = 2;

    /** Leaves the length of the packet number as it is, so that applying it twice changes nothing. */
    private final byte[] mask = {0, 0x55, 0x66, 0x77, 0x11};

    private final byte[] dcid = new byte[8];
    private final byte[] scid = new byte[8];
    private final PacketHeader header = new PacketHeader();
    private Arena arena;
    private MemorySegment memory;
    private int packetNumber;

    @Setup
    public void prepare() {
        arena = Arena.ofConfined();
        memory = arena.allocate(1 << 12);
        writeShort();
        writeLong();
    }

    @TearDown
    public void release() {
        arena.close();
    }

    @Benchmark
    public final int writeShort() {
        return PacketHeader.writeShort(memory, 0, dcid, false, true, ++packetNumber, PACKET_NUMBER_BYTES);
    }

    @Benchmark
    public boolean parseShort() {
        return header.parse(memory, 0, PACKET_BYTES, dcid.length);
    }

    @Benchmark
    public final int writeLong() {
        int length = PacketHeader.writeLong(
                memory,
                LONG_AT,
                PacketType.HANDSHAKE,
                QuicVersion.V1,
                dcid,
                scid,
                null,
                ++packetNumber,
                PACKET_NUMBER_BYTES,
                PACKET_BYTES);
        PacketHeader.writeLength(memory, LONG_AT, length, PACKET_NUMBER_BYTES, 1000, PACKET_BYTES);
        return length;
    }

    @Benchmark
    public boolean parseLong() {
        return header.parse(memory, LONG_AT, LONG_AT + PACKET_BYTES, dcid.length);
    }

    /** Puts a mask that is there already on a short header. */
    @Benchmark
    public void protect() {
        HeaderProtection.apply(memory, 0, 1 + dcid.length, PACKET_NUMBER_BYTES, false, mask, 0);
    }

    @Benchmark
    public int unprotect() {
        return HeaderProtection.remove(memory, 0, 1 + dcid.length, mask, 0);
    }
}
