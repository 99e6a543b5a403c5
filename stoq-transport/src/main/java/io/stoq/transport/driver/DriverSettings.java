package io.stoq.transport.driver;

import io.stoq.transport.io.SocketOptions;

/**
 * What all drivers of a transport have in common.
 *
 * @param socket how sockets are opened
 * @param streamSendBufferBytes most bytes of a stream that are written and not acknowledged
 * @param streamReceiveBufferBytes most bytes of a stream that wait for a reader outside the engine
 */
public record DriverSettings(SocketOptions socket, long streamSendBufferBytes, long streamReceiveBufferBytes) {

    public DriverSettings {
        atLeast("streamSendBufferBytes", streamSendBufferBytes);
        atLeast("streamReceiveBufferBytes", streamReceiveBufferBytes);
    }

    private static void atLeast(String name, long value) {
        if (value < 16_384 || value > 1L << 30) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be within 16384.." + (1L << 30));
        }
    }
}
