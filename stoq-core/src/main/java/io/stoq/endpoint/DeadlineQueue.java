package io.stoq.endpoint;

import java.util.Arrays;

/** Connections by their next deadline: a binary heap in which entries know their place. Confined to one loop. */
final class DeadlineQueue {

    private ConnectionEntry[] heap = new ConnectionEntry[16];
    private int size;

    /** When the first entry is due; {@code Long.MAX_VALUE} where there is none. */
    long firstNs() {
        return size == 0 ? Long.MAX_VALUE : heap[0].deadlineNs;
    }

    ConnectionEntry first() {
        return size == 0 ? null : heap[0];
    }

    /** Moves the entry to where its new deadline belongs; {@code Long.MAX_VALUE} takes it out. */
    void schedule(ConnectionEntry entry, long deadlineNs) {
        if (deadlineNs == Long.MAX_VALUE) {
            remove(entry);
            return;
        }
        long old = entry.deadlineNs;
        entry.deadlineNs = deadlineNs;
        if (entry.heapIndex < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            entry.heapIndex = size;
            heap[size++] = entry;
            up(entry);
        } else if (deadlineNs < old) {
            up(entry);
        } else {
            down(entry);
        }
    }

    void remove(ConnectionEntry entry) {
        int index = entry.heapIndex;
        entry.deadlineNs = Long.MAX_VALUE;
        if (index < 0) {
            return;
        }
        entry.heapIndex = -1;
        ConnectionEntry last = heap[--size];
        heap[size] = null;
        if (last != entry) {
            heap[index] = last;
            last.heapIndex = index;
            up(last);
            down(last);
        }
    }

    private void up(ConnectionEntry entry) {
        int index = entry.heapIndex;
        while (index > 0) {
            int parent = index - 1 >>> 1;
            if (heap[parent].deadlineNs <= entry.deadlineNs) {
                break;
            }
            place(heap[parent], index);
            index = parent;
        }
        place(entry, index);
    }

    private void down(ConnectionEntry entry) {
        int index = entry.heapIndex;
        while (2 * index + 1 < size) {
            int child = 2 * index + 1;
            if (child + 1 < size && heap[child + 1].deadlineNs < heap[child].deadlineNs) {
                child++;
            }
            if (heap[child].deadlineNs >= entry.deadlineNs) {
                break;
            }
            place(heap[child], index);
            index = child;
        }
        place(entry, index);
    }

    private void place(ConnectionEntry entry, int index) {
        heap[index] = entry;
        entry.heapIndex = index;
    }
}
