package io.stoq.stream;

import io.stoq.buffer.BufferPool;
import io.stoq.memory.ConnectionMemory;

/**
 * Blocks for the reassembly of all streams of a connection, with memory from the loop's pool. Confined to the connection's
 * loop.
 */
final class BlockPool {

    /** Free blocks that are kept for later, some 50 bytes each without their memory; what is above goes back to the heap. */
    static final int MAX_FREE_BLOCKS = 512;

    private final BufferPool buffers;
    private final ConnectionMemory memory;
    private Block free;
    private int freeBlocks;
    private long usedBlocks;

    BlockPool(BufferPool buffers, ConnectionMemory memory) {
        this.buffers = buffers;
        this.memory = memory;
    }

    Block take(long number) {
        usedBlocks++;
        memory.charge(Block.HELD_BYTES);
        Block block = free;
        if (block == null) {
            block = new Block();
        } else {
            free = block.nextFree;
            block.nextFree = null;
            freeBlocks--;
        }
        block.number = number;
        block.attach(buffers.take(Block.BYTES));
        return block;
    }

    void give(Block block) {
        usedBlocks--;
        memory.release(Block.HELD_BYTES);
        buffers.release(block.detach());
        if (freeBlocks < MAX_FREE_BLOCKS) {
            block.nextFree = free;
            free = block;
            freeBlocks++;
        }
    }

    /** Memory of the blocks in use, in bytes. */
    long bytesHeld() {
        return usedBlocks * Block.HELD_BYTES;
    }
}
