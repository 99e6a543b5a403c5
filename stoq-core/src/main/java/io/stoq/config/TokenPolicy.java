package io.stoq.config;

import java.time.Duration;

/**
 * What a server gives its clients to prove their address with when they come again. RFC 9000 §8.1.3.
 *
 * @param binding where a token may come back from
 * @param lifetime how long a token is good, 1 s to 24 h: keys are not kept for longer
 * @param perConnection tokens that a client gets after the handshake, and again when it has moved, 0 to 8; each is good for
 *     one connection
 */
public record TokenPolicy(Binding binding, Duration lifetime, int perConnection) {

    /** The most tokens at a time. */
    public static final int MAX_PER_CONNECTION = 8;

    private static final Duration LONGEST = Duration.ofHours(24);

    /** What part of a client's address a token is bound to; the port is none. */
    public enum Binding {
        /** All of it. */
        ADDRESS,
        /** Its first 64 bits: for clients that change their addresses, among neighbours that trust each other. */
        PREFIX_64
    }

    public TokenPolicy {
        if (binding == null || lifetime == null) {
            throw new IllegalArgumentException("a part of the token policy is null");
        }
        if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "lifetime of tokens is " + lifetime + "; it must be within PT1S.." + LONGEST);
        }
        if (perConnection < 0 || perConnection > MAX_PER_CONNECTION) {
            throw new IllegalArgumentException(
                    "perConnection is " + perConnection + "; it must be within 0.." + MAX_PER_CONNECTION);
        }
    }

    /** One token for the client's whole address, good for a day. */
    public static TokenPolicy defaults() {
        return new TokenPolicy(Binding.ADDRESS, LONGEST, 1);
    }

    /** The same with another binding. */
    public TokenPolicy withBinding(Binding value) {
        return new TokenPolicy(value, lifetime, perConnection);
    }

    /** The same with another lifetime. */
    public TokenPolicy withLifetime(Duration value) {
        return new TokenPolicy(binding, value, perConnection);
    }

    /** The same with another number of tokens. */
    public TokenPolicy withPerConnection(int value) {
        return new TokenPolicy(binding, lifetime, value);
    }
}
