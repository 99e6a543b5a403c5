package io.stoq.transport.driver;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Memory for bytes between applications and their loop, in three sizes. Thread-safe. What is given back is kept up to a
 * limit, newest first out, since that is what the caches still hold.
 */
final class ChunkPool {

    static final int SMALL_BYTES = 2 << 10;
    static final int MEDIUM_BYTES = 16 << 10;
    static final int LARGE_BYTES = 64 << 10;

    private final Shelf small = new Shelf(SMALL_BYTES, 512);
    private final Shelf medium = new Shelf(MEDIUM_BYTES, 256);
    private final Shelf large = new Shelf(LARGE_BYTES, 256);

    /** An array of the smallest size that holds {@code bytes}, or of the largest size. */
    byte[] take(long bytes) {
        return (bytes <= SMALL_BYTES ? small : bytes <= MEDIUM_BYTES ? medium : large).take();
    }

    void giveBack(byte[] chunk) {
        switch (chunk.length) {
            case SMALL_BYTES -> small.put(chunk);
            case MEDIUM_BYTES -> medium.put(chunk);
            default -> large.put(chunk);
        }
    }

    private static final class Shelf {

        private final ReentrantLock lock = new ReentrantLock();
        private final int bytes;
        private final byte[][] free;
        private int count;

        Shelf(int bytes, int capacity) {
            this.bytes = bytes;
            this.free = new byte[capacity][];
        }

        byte[] take() {
            byte[] found = null;
            lock.lock();
            try {
                if (count > 0) {
                    found = free[--count];
                    free[count] = null;
                }
            } finally {
                lock.unlock();
            }
            return found == null ? new byte[bytes] : found;
        }

        void put(byte[] chunk) {
            lock.lock();
            try {
                if (count < free.length) {
                    free[count++] = chunk;
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
