/**
 * A network in virtual time, deterministic for a seed. A participant and a network element have one shape, that of a
 * connection: datagrams in, timeouts in, datagrams out, next deadline. A topology is a list of elements per direction.
 */
package io.stoq.sim;
