package io.stoq;

/**
 * How the pooled buffers of an event loop, or of several together, are used; a snapshot.
 *
 * @param maxBuffers most buffers that are kept
 * @param buffers that exist, free or in use
 * @param bytes of memory in them
 * @param inUse buffers that hold data under way: written and not acknowledged, or received and not read
 * @param highWater most that were in use at once, as seen in the turns of the loop; for several loops, the sum of theirs
 * @param misses times that a buffer was needed and memory of the heap took its place: no free one was at hand, or
 *     {@code maxBuffers} of them were in use
 */
public record BufferStatistics(int maxBuffers, int buffers, long bytes, int inUse, int highWater, long misses) {

    /** No buffers at all. */
    public static BufferStatistics none() {
        return new BufferStatistics(0, 0, 0, 0, 0, 0);
    }

    /** The sum of both. */
    public BufferStatistics plus(BufferStatistics other) {
        return new BufferStatistics(
                maxBuffers + other.maxBuffers,
                buffers + other.buffers,
                bytes + other.bytes,
                inUse + other.inUse,
                highWater + other.highWater,
                misses + other.misses);
    }
}
