package io.stoq.stream;

/** Blocks for the reassembly of all streams of a connection. Confined to the connection's loop. */
final class BlockPool {

    /** Free blocks that are kept for later; what is above goes back to the heap. */
    static final int MAX_FREE_BLOCKS = 32;

    private Block free;
    private int freeBlocks;
    private long usedBlocks;

    Block take(long number) {
        usedBlocks++;
        Block block = free;
        if (block == null) {
            block = new Block();
        } else {
            free = block.nextFree;
            block.nextFree = null;
            freeBlocks--;
        }
        block.number = number;
        return block;
    }

    void give(Block block) {
        usedBlocks--;
        if (freeBlocks < MAX_FREE_BLOCKS) {
            block.clear();
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
