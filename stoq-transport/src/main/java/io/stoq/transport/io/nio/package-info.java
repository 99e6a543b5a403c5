/** The JDK's datagram channels on Netty's NIO loops, for every other platform and where native access is denied. */
package io.stoq.transport.io.nio;
