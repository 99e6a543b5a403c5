package io.stoq;

/**
 * What a transport has done so far, with sockets and connections that are gone by now; a snapshot.
 *
 * @param openSockets that there are now
 * @param sockets counts of all sockets
 * @param endpoints counts of all servers and client sockets, and of their connections
 * @param buffers of all event loops
 */
public record TransportStatistics(
        int openSockets, SocketStatistics sockets, EndpointStatistics endpoints, BufferStatistics buffers) {}
