/** The main scenarios of the laboratory over real sockets, by way of the relay, STOQ beside another stack. */
package io.stoq.bench.lab.real;
