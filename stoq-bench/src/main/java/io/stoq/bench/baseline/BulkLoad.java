package io.stoq.bench.baseline;

import io.stoq.bench.perf.Direction;
import io.stoq.crypto.PacketProtection;

/**
 * What a baseline moves, and how.
 *
 * @param payloadBytes the largest UDP payload, where the stack sends datagrams
 * @param connections how many at once, each with one stream
 * @param verify whether each byte received is compared with what was sent
 * @param io {@code auto}, {@code epoll}, {@code io_uring} or {@code nio}
 * @param congestion the name of a congestion control, where the stack has several
 * @param protection what seals the packets of stacks that do not bring their own
 * @param tuning settings of the stack's own, where they are to differ from the best that are known
 */
public record BulkLoad(
        int payloadBytes,
        int connections,
        Direction direction,
        boolean verify,
        String io,
        String congestion,
        PacketProtection protection,
        Tuning tuning) {

    boolean up() {
        return direction == Direction.UP;
    }
}
