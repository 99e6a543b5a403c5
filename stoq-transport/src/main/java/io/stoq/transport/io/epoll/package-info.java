/** Sockets of our own on Netty's epoll loops. */
package io.stoq.transport.io.epoll;
