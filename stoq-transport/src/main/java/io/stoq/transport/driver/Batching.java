package io.stoq.transport.driver;

/**
 * How long small writes are collected before they are sent.
 *
 * @param maxFrames writes and datagrams that are sent at once
 * @param maxBytes of writes and datagrams that are sent at once
 * @param delayNs how long they may wait for others; 0: until the end of the loop's turn
 */
public record Batching(int maxFrames, int maxBytes, long delayNs) {

    boolean isFull(long frames, long bytes) {
        return frames >= maxFrames || bytes >= maxBytes;
    }
}
