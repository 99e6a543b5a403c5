package io.stoq.path;

/**
 * PATH_RESPONSE frames that one path owes: a bounded queue that forgets the oldest first. Confined to the connection's
 * loop. RFC 9000 §8.2.2.
 */
final class PathResponses {

    /** Most responses owed; a peer that challenges faster than we may send gets the newest ones. */
    static final int MAX_PENDING = 8;

    private final long[] data = new long[MAX_PENDING];
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(long challenge) {
        if (size == MAX_PENDING) {
            poll();
        }
        data[(head + size++) % MAX_PENDING] = challenge;
    }

    long poll() {
        long oldest = data[head];
        head = (head + 1) % MAX_PENDING;
        size--;
        return oldest;
    }
}
