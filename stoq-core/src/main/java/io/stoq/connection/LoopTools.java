package io.stoq.connection;

import io.stoq.buffer.BufferPool;

/** The packet machinery and the memory that all connections of one loop share. Confined to that loop. */
public record LoopTools(PacketReceiver receiver, DatagramAssembler assembler, BufferPool buffers) {

    public LoopTools(BufferPool buffers) {
        this(new PacketReceiver(), new DatagramAssembler(), buffers);
    }
}
