package io.stoq.connection;

/** The packet machinery that all connections of one loop share, with its scratch memory. Confined to that loop. */
public record LoopTools(PacketReceiver receiver, DatagramAssembler assembler) {

    public LoopTools() {
        this(new PacketReceiver(), new DatagramAssembler());
    }
}
