package io.stoq.tls.engine;

import java.time.Duration;
import java.time.InstantSource;

/**
 * How sessions are resumed. RFC 8446 §2.2.
 *
 * @param tickets seals what this side gives out as a server, or null where it gives out none
 * @param lifetime of those tickets, seven days at most
 * @param cache holds what this side got as a client
 * @param earlyData what early data needs, or null where this side neither sends nor takes any
 * @param clock tells how old tickets are
 */
public record Resumption(
        TicketSealer tickets, Duration lifetime, SessionCache cache, EarlyDataPolicy earlyData, InstantSource clock) {

    long nowMs() {
        return clock.millis();
    }
}
