package io.stoq.transport.driver;

import io.stoq.telemetry.Telemetry;
import io.stoq.transport.io.InterfaceMtus;
import io.stoq.transport.io.IoBackend;
import io.stoq.transport.io.SocketNotices;
import io.stoq.transport.io.SocketOptions;

/**
 * What all drivers of a transport share.
 *
 * @param socket how sockets are opened
 * @param notices hears what opened sockets can do
 * @param mtus what the interfaces take, as far as it was asked for
 * @param workers runs the handshakes' public-key work
 * @param streamSendBufferBytes most bytes of a stream that are written and not acknowledged
 * @param streamReceiveBufferBytes most bytes of a stream that are received and not read, beside the flow control window
 * @param batching how long small writes are collected
 * @param telemetry decides who is told what happens inside connections
 */
public record DriverSettings(
        IoBackend backend,
        SocketOptions socket,
        SocketNotices notices,
        InterfaceMtus mtus,
        HandshakeWorkers workers,
        int streamSendBufferBytes,
        int streamReceiveBufferBytes,
        Batching batching,
        Telemetry telemetry) {}
