package io.stoq.stream;

import java.util.Arrays;

/**
 * Streams by their ids, the lowest first: a binary heap whose streams know their places. Allocates only while it grows
 * beyond the most streams that it ever had. Confined to the connection's loop.
 */
final class StreamHeap {

    private static final int INITIAL_STREAMS = 4;

    private Stream[] streams = new Stream[INITIAL_STREAMS];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** The stream with the lowest id; null when there is none. */
    Stream first() {
        return streams[0];
    }

    void add(Stream stream) {
        if (size == streams.length) {
            streams = Arrays.copyOf(streams, size << 1);
        }
        rise(stream, size++);
    }

    /** Removes a stream that is here. */
    void remove(Stream stream) {
        int hole = stream.heapIndex;
        Stream last = streams[--size];
        streams[size] = null;
        if (last == stream) {
            return;
        }
        if (hole > 0 && last.id() < streams[hole - 1 >> 1].id()) {
            rise(last, hole);
        } else {
            sink(last, hole);
        }
    }

    private void rise(Stream stream, int from) {
        int at = from;
        while (at > 0 && stream.id() < streams[at - 1 >> 1].id()) {
            put(streams[at - 1 >> 1], at);
            at = at - 1 >> 1;
        }
        put(stream, at);
    }

    private void sink(Stream stream, int from) {
        int at = from;
        int child = lowerChild(at);
        while (child < size && streams[child].id() < stream.id()) {
            put(streams[child], at);
            at = child;
            child = lowerChild(at);
        }
        put(stream, at);
    }

    private int lowerChild(int at) {
        int left = 2 * at + 1;
        return left + 1 < size && streams[left + 1].id() < streams[left].id() ? left + 1 : left;
    }

    private void put(Stream stream, int at) {
        streams[at] = stream;
        stream.heapIndex = at;
    }
}
