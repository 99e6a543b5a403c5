/** Servers and clients over UDP sockets on Netty's event loops. Entry point: {@link io.stoq.transport.StoqTransport}. */
@SuppressWarnings("requires-automatic") // Micrometer, for those who have it, is a named module by its manifest only
module io.stoq.transport {
    requires transitive io.stoq;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.unix.common;
    requires org.slf4j;
    requires static jdk.jfr;
    requires static micrometer.core;

    exports io.stoq.transport;
    exports io.stoq.transport.metrics;
}
