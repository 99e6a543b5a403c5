package io.stoq.connection;

/**
 * When silence ends a connection, and when it is broken to keep it alive. Confined to the connection's loop. RFC 9000 §10.1.
 */
final class IdleTimer {

    private static final long NEVER = Long.MAX_VALUE;

    /** Longer than a connection at work pauses: what it gives back then, it soon has to take again. */
    private static final long QUIET_NS = 5_000_000_000L;

    private final long keepAliveNs;
    private long timeoutNs;
    private long lastActivityNs;
    private long lastReceivedNs;
    private boolean sentSinceReceived;
    private boolean pingWanted;

    /** @param timeoutNs our own limit, 0 for none */
    IdleTimer(long nowNs, long timeoutNs, long keepAliveNs) {
        this.timeoutNs = timeoutNs;
        this.keepAliveNs = keepAliveNs;
        this.lastActivityNs = nowNs;
        this.lastReceivedNs = nowNs;
    }

    /** The smaller of both sides' limits counts. */
    void onPeerTimeout(long peerTimeoutNs) {
        if (peerTimeoutNs > 0 && (timeoutNs == 0 || peerTimeoutNs < timeoutNs)) {
            timeoutNs = peerTimeoutNs;
        }
    }

    /** A packet of the peer was processed. */
    void onReceived(long nowNs) {
        lastActivityNs = nowNs;
        lastReceivedNs = nowNs;
        sentSinceReceived = false;
    }

    /** An ack-eliciting packet was sent: the first since the last one received counts as activity. */
    void onSent(long nowNs) {
        if (!sentSinceReceived) {
            sentSinceReceived = true;
            lastActivityNs = nowNs;
        }
        pingWanted = false;
    }

    long timeoutNs() {
        return timeoutNs;
    }

    /** When the connection has been silent for too long; at least three PTOs, so that a loss has a chance to be repaired. */
    long expiryNs(long ptoNs) {
        return timeoutNs == 0 ? NEVER : lastActivityNs + Math.max(timeoutNs, 3 * ptoNs);
    }

    long keepAliveDeadlineNs() {
        return keepAliveNs == 0 || pingWanted ? NEVER : Math.max(lastReceivedNs, lastActivityNs) + keepAliveNs;
    }

    void onTimeout(long nowNs) {
        if (nowNs >= keepAliveDeadlineNs()) {
            pingWanted = true;
        }
    }

    /** When the connection has been silent for so long that it may be for long. */
    long quietDeadlineNs() {
        return Math.max(lastReceivedNs, lastActivityNs) + QUIET_NS;
    }

    /** Asks for a PING with the next packet. */
    void requestPing() {
        pingWanted = true;
    }

    boolean wantsPing() {
        return pingWanted;
    }
}
