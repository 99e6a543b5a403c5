/** Sockets of our own on Netty's io_uring loops. */
package io.stoq.transport.io.uring;
