package io.stoq.recovery;

import io.stoq.crypto.EncryptionLevel;

/**
 * The one timer of loss recovery: the next loss time, or else the probe timeout. Confined to the connection's loop.
 * RFC 9002 §6.2, §A.8.
 */
final class LossTimer {

    /** Doublings of the probe timeout; what is beyond is longer than any idle timeout. */
    private static final int MAX_BACKOFF = 16;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private final boolean server;
    private final PacketSpace[] spaces;

    private boolean handshakeConfirmed;
    private boolean handshakeKeys;
    private boolean peerValidatedAddress;
    private boolean amplificationLimited;
    private int ptoCount;

    /** When the timer was last set off: the base of a probe timeout that has no packet to start from. */
    private long baseNs;

    /** When the last probe timeout fired: the next one is later, even where no probe could be sent. */
    private long firedNs = NEVER;

    private boolean dirty = true;
    private long deadlineNs = Long.MAX_VALUE;
    private int probeSpace;

    LossTimer(boolean server, PacketSpace[] spaces) {
        this.server = server;
        this.spaces = spaces;
        this.peerValidatedAddress = server;
    }

    int ptoCount() {
        return ptoCount;
    }

    /** The space that the probe timeout belongs to; valid after {@code deadlineNs}. */
    int probeSpace() {
        return probeSpace;
    }

    boolean isHandshakeConfirmed() {
        return handshakeConfirmed;
    }

    /** Something that the deadline depends on changed. */
    void set(long nowNs) {
        baseNs = nowNs;
        dirty = true;
    }

    void onProbeTimeout(long nowNs) {
        ptoCount++;
        firedNs = nowNs;
        set(nowNs);
    }

    void resetBackoff(long nowNs) {
        ptoCount = 0;
        firedNs = NEVER;
        set(nowNs);
    }

    /** RFC 9002 §6.2.1: a client keeps backing off as long as the server may be unable to send. */
    void onAcknowledged(int space, long nowNs) {
        if (space == EncryptionLevel.HANDSHAKE) {
            peerValidatedAddress = true;
        }
        if (peerValidatedAddress) {
            ptoCount = 0;
            firedNs = NEVER;
        }
        set(nowNs);
    }

    void onHandshakeConfirmed(long nowNs) {
        handshakeConfirmed = true;
        onPeerAddressValidated(nowNs);
    }

    void onPeerAddressValidated(long nowNs) {
        peerValidatedAddress = true;
        if (server) {
            amplificationLimited = false;
        }
        set(nowNs);
    }

    void onHandshakeKeys() {
        handshakeKeys = true;
        dirty = true;
    }

    /** The deadline has to be worked out again, from the same base. */
    void invalidate() {
        dirty = true;
    }

    void amplificationLimited(boolean limited, long nowNs) {
        if (amplificationLimited != limited) {
            amplificationLimited = limited;
            set(nowNs);
        }
    }

    /** The space whose loss time comes first, or null where none has one. */
    PacketSpace earliestLossTime() {
        PacketSpace earliest = null;
        for (PacketSpace space : spaces) {
            if (space.lossTimeNs != Long.MAX_VALUE && (earliest == null || space.lossTimeNs < earliest.lossTimeNs)) {
                earliest = space;
            }
        }
        return earliest;
    }

    long deadlineNs(RttEstimator rtt, long peerMaxAckDelayNs) {
        if (dirty) {
            dirty = false;
            PacketSpace lossy = earliestLossTime();
            deadlineNs = lossy != null ? lossy.lossTimeNs : probeDeadlineNs(rtt, peerMaxAckDelayNs);
        }
        return deadlineNs;
    }

    private long probeDeadlineNs(RttEstimator rtt, long peerMaxAckDelayNs) {
        if (amplificationLimited) {
            return Long.MAX_VALUE; // RFC 9002 §6.2.2.1: a server could not send the probe
        }
        long earliestNs = Long.MAX_VALUE;
        for (PacketSpace space : spaces) {
            // RFC 9002 §6.2.1: not for 1-RTT packets before the handshake is confirmed.
            boolean application = space.number == EncryptionLevel.APPLICATION;
            if (space.sent.ackElicitingInFlight() == 0 || application && !handshakeConfirmed) {
                continue;
            }
            long atNs = afterBackoff(space.lastAckElicitingNs, rtt.ptoNs(application ? peerMaxAckDelayNs : 0));
            if (atNs < earliestNs) {
                earliestNs = atNs;
                probeSpace = space.number;
            }
        }
        if (earliestNs == Long.MAX_VALUE && !peerValidatedAddress) {
            // RFC 9002 §6.2.2.1: the server may be waiting for bytes to answer to.
            probeSpace = handshakeKeys ? EncryptionLevel.HANDSHAKE : EncryptionLevel.INITIAL;
            return afterBackoff(baseNs, rtt.ptoNs(0));
        }
        return earliestNs;
    }

    private long afterBackoff(long fromNs, long ptoNs) {
        return Math.max(fromNs + (ptoNs << Math.min(ptoCount, MAX_BACKOFF)), firedNs + ptoNs);
    }
}
