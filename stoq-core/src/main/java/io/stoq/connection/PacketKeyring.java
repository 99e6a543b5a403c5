package io.stoq.connection;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.PacketProtection;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;

/**
 * The packet protection keys of a connection, by level and direction, and the key phases of 1-RTT. Confined to the
 * connection's loop.
 *
 * <p>Updates are cheap: the receive keys of the next phase are derived when a phase begins, so that a packet with a forged
 * key phase bit costs the same as any other forgery. RFC 9001 §6.
 */
final class PacketKeyring {

    /** Packets short of the confidentiality limit at which an update is started on our own. RFC 9001 §6.6. */
    private static final long UPDATE_MARGIN_PACKETS = 1 << 16;

    private static final long NONE = Long.MAX_VALUE;

    private final PacketProtection protection;
    private final boolean[] installed = new boolean[EncryptionLevel.COUNT];
    private final PacketKeys[] sending = new PacketKeys[EncryptionLevel.COUNT];
    private final PacketKeys[] receiving = new PacketKeys[EncryptionLevel.COUNT];
    private final long[] sealedPackets = new long[EncryptionLevel.COUNT];
    private PacketKeys early;
    private PacketKeys previousReceiving;
    private PacketKeys nextReceiving;
    private boolean sendingPhase;
    private boolean receivingPhase;
    private long firstSentInPhase;
    private long firstReceivedInPhase = NONE;
    private boolean phaseAcknowledged;
    private long forgottenAtNs = NONE;
    private long failedPackets;
    private long updates;

    PacketKeyring(PacketProtection protection) {
        this.protection = protection;
    }

    PacketProtection protection() {
        return protection;
    }

    void installInitial(byte[] destinationConnectionId, boolean server) {
        install(
                EncryptionLevel.INITIAL,
                protection.initialKeys(destinationConnectionId, server),
                protection.initialKeys(destinationConnectionId, !server));
    }

    void install(int level, int cipherSuite, byte[] receiveSecret, byte[] sendSecret) {
        install(level, protection.keys(cipherSuite, receiveSecret), protection.keys(cipherSuite, sendSecret));
        if (level == EncryptionLevel.APPLICATION) {
            nextReceiving = receiving[level].next();
        }
    }

    private void install(int level, PacketKeys receive, PacketKeys send) {
        destroy(sending[level]);
        destroy(receiving[level]);
        receiving[level] = receive;
        sending[level] = send;
        sealedPackets[level] = 0;
        installed[level] = true;
    }

    /** Keys of 0-RTT packets, which go from the client to the server only. RFC 9001 §4.6. */
    void installEarly(int cipherSuite, byte[] secret) {
        early = protection.keys(cipherSuite, secret);
    }

    /** At a client to send with, at a server to receive with; null where there are none. */
    PacketKeys early() {
        return early;
    }

    /** RFC 9001 §4.9.3. */
    void discardEarly() {
        destroy(early);
        early = null;
    }

    /** 1-RTT packets have numbers from {@code nextPacketNumber} on: those before it were 0-RTT ones. */
    void onFirstPhase(long nextPacketNumber) {
        firstSentInPhase = nextPacketNumber;
    }

    /** Whether keys of {@code level} were there at some time, even if they are discarded by now. */
    boolean wasInstalled(int level) {
        return installed[level];
    }

    boolean canSend(int level) {
        return sending[level] != null;
    }

    boolean canReceive(int level) {
        return receiving[level] != null;
    }

    PacketKeys sending(int level) {
        return sending[level];
    }

    /** Header protection of received packets: one key per level, whatever the key phase. */
    PacketKeys receiving(int level) {
        return receiving[level];
    }

    boolean sendingPhase() {
        return sendingPhase;
    }

    /** How many key updates took place. */
    long updates() {
        return updates;
    }

    /**
     * The keys for a 1-RTT packet with this key phase bit, or null where they are gone.
     *
     * <p>The other bit means the next phase for new packets, the previous one for late ones. RFC 9001 §6.3, §6.5.
     */
    PacketKeys receivingForPhase(boolean phase, long packetNumber) {
        if (phase == receivingPhase) {
            return receiving[EncryptionLevel.APPLICATION];
        }
        return packetNumber < firstReceivedInPhase && firstReceivedInPhase != NONE ? previousReceiving : nextReceiving;
    }

    /** A 1-RTT packet was authentic under {@code keys}. */
    void onOpened(PacketKeys keys, long packetNumber, long nextPacketNumber, long nowNs, long keepOldForNs) {
        if (keys == receiving[EncryptionLevel.APPLICATION]) {
            firstReceivedInPhase = Math.min(firstReceivedInPhase, packetNumber);
        } else if (keys == nextReceiving) {
            onPeerPhase(packetNumber, nextPacketNumber, nowNs, keepOldForNs);
        }
    }

    private void onPeerPhase(long packetNumber, long nextPacketNumber, long nowNs, long keepOldForNs) {
        if (sendingPhase == receivingPhase) {
            // The peer started this update. RFC 9001 §6.2: it must not start another before we answered in the new
            // phase.
            if (updates > 0 && sealedPackets[EncryptionLevel.APPLICATION] == 0) {
                throw new TransportException(
                        TransportErrorCode.KEY_UPDATE_ERROR, "key update before the last one was answered");
            }
            advanceSending(nextPacketNumber);
        }
        destroy(previousReceiving);
        previousReceiving = receiving[EncryptionLevel.APPLICATION];
        receiving[EncryptionLevel.APPLICATION] = nextReceiving;
        nextReceiving = nextReceiving.next();
        receivingPhase = !receivingPhase;
        firstReceivedInPhase = packetNumber;
        forgottenAtNs = nowNs + keepOldForNs;
    }

    /** Whether an update may be started now. RFC 9001 §6.1: not before one of the current phase is acknowledged. */
    boolean canUpdate() {
        return canSend(EncryptionLevel.APPLICATION)
                && sendingPhase == receivingPhase
                && phaseAcknowledged
                && previousReceiving == null;
    }

    /** Starts a key update: the next 1-RTT packet goes out in the next phase. */
    void update(long nextPacketNumber) {
        advanceSending(nextPacketNumber);
    }

    private void advanceSending(long nextPacketNumber) {
        PacketKeys old = sending[EncryptionLevel.APPLICATION];
        sending[EncryptionLevel.APPLICATION] = old.next();
        old.destroy();
        sendingPhase = !sendingPhase;
        sealedPackets[EncryptionLevel.APPLICATION] = 0;
        firstSentInPhase = nextPacketNumber;
        phaseAcknowledged = false;
        updates++;
    }

    /** An acknowledgement arrived in a packet that was opened with the current receive keys. */
    void onAcknowledged(long largestAcknowledged) {
        if (!phaseAcknowledged && largestAcknowledged >= firstSentInPhase) {
            if (sendingPhase != receivingPhase) {
                // RFC 9001 §6.2: an acknowledgement of the new phase that comes under old keys.
                throw new TransportException(
                        TransportErrorCode.KEY_UPDATE_ERROR, "new key phase acknowledged in a packet of the old one");
            }
            phaseAcknowledged = true;
        }
    }

    /** Counts a sealed packet. */
    void onSealed(int level) {
        PacketKeys keys = sending[level] != null ? sending[level] : early;
        if (++sealedPackets[level] >= keys.confidentialityLimitPackets()) {
            throw new TransportException(TransportErrorCode.AEAD_LIMIT_REACHED, "confidentiality limit reached");
        }
    }

    /** Whether the 1-RTT keys have sealed so many packets that they should be updated soon. */
    boolean isLimitNear() {
        long limit = sending[EncryptionLevel.APPLICATION].confidentialityLimitPackets();
        return sealedPackets[EncryptionLevel.APPLICATION] >= limit - Math.min(UPDATE_MARGIN_PACKETS, limit / 2);
    }

    /** Counts a packet that was not authentic. RFC 9001 §6.6. */
    void onFailed(PacketKeys keys) {
        if (++failedPackets >= keys.integrityLimitPackets()) {
            throw new TransportException(TransportErrorCode.AEAD_LIMIT_REACHED, "integrity limit reached");
        }
    }

    long deadlineNs() {
        return forgottenAtNs;
    }

    /** Forgets the keys of the previous phase when late packets are no longer expected. RFC 9001 §6.5. */
    void onTimeout(long nowNs) {
        if (nowNs >= forgottenAtNs) {
            forgottenAtNs = NONE;
            destroy(previousReceiving);
            previousReceiving = null;
        }
    }

    void discard(int level) {
        destroy(sending[level]);
        destroy(receiving[level]);
        sending[level] = null;
        receiving[level] = null;
    }

    void destroy() {
        for (int level = 0; level < EncryptionLevel.COUNT; level++) {
            discard(level);
        }
        discardEarly();
        destroy(previousReceiving);
        destroy(nextReceiving);
        previousReceiving = null;
        nextReceiving = null;
    }

    private static void destroy(PacketKeys keys) {
        if (keys != null) {
            keys.destroy();
        }
    }
}
