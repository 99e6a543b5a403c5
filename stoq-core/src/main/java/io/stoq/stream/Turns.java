package io.stoq.stream;

/**
 * The streams of one urgency that have something to send, and whose turn it is. Confined to the connection's loop.
 *
 * <p>Incremental streams are in a ring. Of the others the one with the lowest id counts: its place in the ring is held by a
 * link that stands for them all.
 */
final class Turns {

    private final Ring ring = new Ring();
    private final Ring.Link inOrder = new Ring.Link(null);

    /** Those that are not incremental; null until there is one, as most connections have none. */
    private StreamHeap heap;

    boolean isEmpty() {
        return ring.isEmpty();
    }

    /** The stream whose turn it is; null when there is none. */
    Stream first() {
        if (ring.isEmpty()) {
            return null;
        }
        Stream stream = ring.first();
        return stream != null ? stream : heap.first();
    }

    /** Ends the first stream's turn. */
    void rotate() {
        ring.rotate();
    }

    void add(Stream stream) {
        stream.turns = this;
        if (stream.priority().incremental()) {
            ring.addLast(stream.dataLink);
            return;
        }
        if (heap == null) {
            heap = new StreamHeap();
        }
        heap.add(stream);
        if (inOrder.ring() == null) {
            ring.addLast(inOrder);
        }
    }

    /** Removes a stream that is here, whose priority is what it was when it was added. */
    void remove(Stream stream) {
        stream.turns = null;
        if (stream.priority().incremental()) {
            ring.remove(stream.dataLink);
            return;
        }
        heap.remove(stream);
        if (heap.isEmpty()) {
            ring.remove(inOrder);
        }
    }
}
