package io.stoq.endpoint;

import io.stoq.config.EndpointConfig;
import io.stoq.crypto.CryptoProvider.Entropy;

/**
 * How much is in the making for clients, and whether those that proved nothing are to prove their address first. Confined to
 * the endpoint's loop. RFC 9000 §8.1.2, §21.
 *
 * <p>The endpoint is busy when a quarter of the handshakes that it takes at once are under way, when those of clients without
 * proof hold a sixteenth of its memory or {@link #MOST_UNPROVED_BYTES}, or when much junk comes; and until it is half of that,
 * so that it does not change its mind with each packet. Beside that a /64 that sends many first packets has to prove each.
 */
final class AcceptLoad {

    /** What clients without proof may make a server hold before it asks for it, whatever its budget. */
    static final long MOST_UNPROVED_BYTES = 4 << 20;

    /** First packets with nothing authentic in them: each costs keys, for nothing. */
    static final long JUNK_INTERVAL_NS = 20_000_000;

    static final int JUNK_BURST = 50;

    private final EndpointConfig.Retry rule;
    private final int mostHandshakes;
    private final long mostUnprovedBytes;
    private final PrefixRates prefixes;
    private int handshakes;
    private long unprovedBytes;
    private long junkEarnedNs;
    private boolean busy;

    AcceptLoad(EndpointConfig config, Entropy entropy) {
        rule = config.retry();
        mostHandshakes = Math.max(1, config.maxHandshakes() / 4);
        mostUnprovedBytes = Math.min(config.memoryBytes() / 16, MOST_UNPROVED_BYTES);
        prefixes = config.accept() ? new PrefixRates(entropy) : null;
    }

    /** An Initial packet without proof came from this prefix; returns whether a Retry packet is the answer. */
    boolean wantsProof(long nowNs, long prefix) {
        boolean frequent = prefixes.exceeds(nowNs, prefix);
        return switch (rule) {
            case NEVER -> false;
            case ALWAYS -> true;
            case WHEN_BUSY -> decide(nowNs) || frequent;
        };
    }

    private boolean decide(long nowNs) {
        long junkNs = Math.max(0, junkEarnedNs - nowNs);
        long mostJunkNs = JUNK_BURST * JUNK_INTERVAL_NS;
        int share = busy ? 2 : 1;
        busy = handshakes > mostHandshakes / share
                || unprovedBytes > mostUnprovedBytes / share
                || junkNs > mostJunkNs / share;
        return busy;
    }

    /** Whether the last client without a token had to prove its address because the endpoint is busy. */
    boolean isBusy() {
        return busy;
    }

    int handshakes() {
        return handshakes;
    }

    void onHandshake() {
        handshakes++;
    }

    void onHandshakeOver() {
        handshakes--;
    }

    /** What the handshakes of clients without proof hold changed by so much. */
    void onUnprovedBytes(long bytes) {
        unprovedBytes += bytes;
    }

    /** A first packet turned out to have nothing authentic in it. */
    void onJunk(long nowNs) {
        junkEarnedNs = RateLimit.next(junkEarnedNs, nowNs, JUNK_INTERVAL_NS, JUNK_BURST);
    }
}
