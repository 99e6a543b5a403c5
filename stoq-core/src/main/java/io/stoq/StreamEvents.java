package io.stoq;

import java.nio.ByteBuffer;

/**
 * What happens to a stream. Called on the connection's event loop: implementations return quickly and never block, as one that
 * blocks holds up every connection of that loop, and its peers with it. One that throws loses its stream, which is reset in both
 * directions with code 0; the failure is logged once, with the connection's name, and the connection goes on. One that takes
 * nothing costs at most the stream's and the connection's receive window: then the peer has no credit left and stops.
 */
public interface StreamEvents {

    /**
     * Bytes in order.
     *
     * @param data borrowed for the call. What it leaves between position and limit stays with the stream, and nothing more
     *     comes, until {@link StoqStream#resume()}: only bytes that were taken give the peer new credit.
     */
    void onData(StoqStream stream, ByteBuffer data);

    /** The peer finished its direction, and the last byte was taken. */
    default void onFinished(StoqStream stream) {}

    /**
     * The peer gave up its direction; bytes that were not taken are gone. With {@link StoqStream#OVER_BUDGET} it may have been
     * this side that did so, in both directions, because the connection held too much memory.
     */
    default void onReset(StoqStream stream, long code) {}

    /** The peer wants no more bytes: this side's direction is reset with the same code. */
    default void onStopSending(StoqStream stream, long code) {}

    /** {@link StoqStream#tryWrite} returned false earlier, and there is room again. */
    default void onWritable(StoqStream stream) {}

    /** Both directions are over, or the connection is; nothing follows. */
    default void onClosed(StoqStream stream) {}
}
