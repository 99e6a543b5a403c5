package io.stoq.tls.engine;

/** Seals what a server puts into tickets, under keys that change with time. Any thread. */
public interface TicketSealer {

    /** @param nowMs milliseconds since 1970 */
    byte[] seal(byte[] state, long nowMs);

    /** The state, or null where the ticket is not ours, was altered, or is older than the keys that are kept. */
    byte[] open(byte[] ticket, long nowMs);
}
