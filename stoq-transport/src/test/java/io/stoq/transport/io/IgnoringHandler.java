package io.stoq.transport.io;

import io.stoq.buffer.Datagram;
import java.net.InetSocketAddress;

/** Does nothing with anything; tests override what they look at. */
public class IgnoringHandler implements SocketHandler {

    @Override
    public void onDatagram(Datagram datagram) {}

    @Override
    public void onReadComplete() {}

    @Override
    public void onWritable() {}

    @Override
    public void onCapabilities() {}

    @Override
    public void onDatagramTooLong(InetSocketAddress remote, int bytes) {}

    @Override
    public void onSocketError(Throwable cause) {}
}
