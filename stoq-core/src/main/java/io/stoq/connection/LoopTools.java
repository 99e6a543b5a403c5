package io.stoq.connection;

import io.stoq.buffer.BufferPool;
import io.stoq.telemetry.Telemetry;

/** The packet machinery and the memory that all connections of one loop share. Confined to that loop. */
public final class LoopTools {

    private final Reporter reporter;
    private final PacketReceiver receiver;
    private final DatagramAssembler assembler;
    private final BufferPool buffers;

    /** @param telemetry decides who hears of the connections */
    public LoopTools(BufferPool buffers, Telemetry telemetry) {
        this.reporter = new Reporter(telemetry);
        this.receiver = new PacketReceiver(reporter);
        this.assembler = new DatagramAssembler(reporter);
        this.buffers = buffers;
    }

    public PacketReceiver receiver() {
        return receiver;
    }

    public BufferPool buffers() {
        return buffers;
    }

    DatagramAssembler assembler() {
        return assembler;
    }

    Reporter reporter() {
        return reporter;
    }
}
