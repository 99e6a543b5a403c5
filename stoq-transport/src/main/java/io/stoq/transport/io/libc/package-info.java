/**
 * What sockets need of the Linux C library: calls, numbers and memory layouts. Nothing else in STOQ calls native
 * code.
 */
package io.stoq.transport.io.libc;
