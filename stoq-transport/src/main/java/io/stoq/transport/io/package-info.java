/** UDP sockets on event loops: one interface, three ways to do it, what each can do told as data. */
package io.stoq.transport.io;
