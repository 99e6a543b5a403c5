package io.stoq.tls.engine;

/**
 * Early data is switched on. Shared by all sessions of one configuration; thread-safe.
 *
 * @param issuer names this configuration in its tickets: no other one, which could not know of a replay, takes early data
 *     with them
 * @param replays remembers which tickets brought early data
 */
public record EarlyDataPolicy(byte[] issuer, ReplayFilter replays) {

    /** Length of an issuer's name, in bytes. */
    public static final int ISSUER_BYTES = 16;
}
