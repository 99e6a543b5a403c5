package io.stoq.transport.io.nio;

import io.stoq.transport.io.UdpSocketContract;

class NioUdpSocketTest extends UdpSocketContract {

    NioUdpSocketTest() {
        super(new NioBackend());
    }
}
