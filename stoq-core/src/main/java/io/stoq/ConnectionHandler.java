package io.stoq;

import java.nio.ByteBuffer;

/**
 * What happens to a connection. Called on its event loop: implementations return quickly and never block, as one that blocks
 * holds up every connection of that loop, and its peers with it. One that throws loses its connection, which is closed with
 * application code {@value ConnectionTask#FAILED}; the failure is logged once, with the connection's name. Where {@link #onStream}
 * throws only that stream is lost: it is reset.
 */
public interface ConnectionHandler {

    /** The handshake is complete, and the peer is who it should be. */
    default void onConnected(StoqConnection connection) {}

    /**
     * The peer opened a stream. Where early data is allowed this may come before {@link #onConnected}, and
     * {@link StoqStream#isEarlyData()} says so.
     *
     * @return who takes its data; null to leave it to {@link StoqConnection#acceptStream()}
     */
    default StreamEvents onStream(StoqStream stream) {
        return null;
    }

    /**
     * A datagram came. RFC 9221.
     *
     * @param data borrowed for the call
     * @return whether it was taken; false to leave it to {@link StoqConnection#receiveDatagram()}
     */
    default boolean onDatagram(StoqConnection connection, ByteBuffer data) {
        return false;
    }

    /** {@link StoqConnection#sendDatagram(ByteBuffer)} returned false earlier, and there is room again. */
    default void onDatagramsWritable(StoqConnection connection) {}

    /** The connection ended; its streams have ended with it. Called once, and only after {@link #onConnected}. */
    default void onClosed(StoqConnection connection, CloseReason reason) {}
}
