package io.stoq.telemetry;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Decides for each new connection who is told what happens inside it. Called on the endpoint's loop. */
@FunctionalInterface
public interface Telemetry {

    /** Nobody is told anything. */
    Telemetry OFF = origin -> ConnectionSink.NONE;

    /** Who is told of a connection that is being set up; on a server, before anything of its client proved authentic. */
    ConnectionSink open(Origin origin);

    /**
     * A connection, as it begins. Arrays are not to be changed.
     *
     * @param localId the connection id that this side chose for its handshake packets
     * @param originalDestinationId destination of the client's very first Initial packet, by which both sides' records of a
     *     connection can be matched
     * @param local null where it is not known
     */
    record Origin(
            long nowNs,
            boolean server,
            byte[] localId,
            byte[] originalDestinationId,
            InetSocketAddress remote,
            InetAddress local) {}
}
