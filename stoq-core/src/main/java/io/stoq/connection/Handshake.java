package io.stoq.connection;

import io.stoq.CloseReason;
import io.stoq.cid.LocalConnectionIds;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.PacketProtection;
import io.stoq.crypto.TlsEvent;
import io.stoq.crypto.TlsSession;
import io.stoq.handshake.CryptoStream;
import io.stoq.memory.ConnectionMemory;
import io.stoq.wire.PacketHeader;
import io.stoq.wire.PacketType;
import io.stoq.wire.QuicVersion;
import io.stoq.wire.RetryPacket;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.TransportParameters;
import io.stoq.wire.VersionNegotiationPacket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The handshake's progress: the TLS session, its CRYPTO streams, and what both sides agreed on. Confined to the
 * connection's loop, except that {@link #run()} may run on any thread between {@link #begin()} and {@link #finish()}.
 */
final class Handshake implements Runnable {

    private static final byte[] NO_TOKEN = new byte[0];
    private static final int MAX_VERSIONS_REPORTED = 16;
    private static final ValueLayout.OfInt VERSION = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final TlsSession tls;
    private final CryptoStream[] streams = new CryptoStream[EncryptionLevel.COUNT];
    private final StashedPackets stash = new StashedPackets();
    private final long deadlineNs;
    private boolean workWanted;
    private boolean running;
    private boolean destroyed;
    private TransportParameters peer;
    private TlsEvent.Complete complete;
    private TlsEvent.Complete early;
    private boolean confirmed;
    private boolean doneWanted;
    private byte[] token = NO_TOKEN;
    private final byte[] originalDestinationConnectionId;
    private byte[] retrySourceConnectionId;
    private byte[] peerId;

    /** @param client true where the session has to start by itself */
    Handshake(TlsSession tls, boolean client, byte[] originalDestinationConnectionId, long deadlineNs) {
        this.tls = tls;
        this.workWanted = client;
        this.originalDestinationConnectionId = originalDestinationConnectionId;
        this.deadlineNs = deadlineNs;
        for (int level = 0; level < EncryptionLevel.COUNT; level++) {
            streams[level] = new CryptoStream();
        }
    }

    CryptoStream crypto(int level) {
        return streams[level];
    }

    StashedPackets stash() {
        return stash;
    }

    // ---- the session's work, which runs off the packet loop

    /** Whether {@link #begin()} has something to do. */
    boolean wantsWork() {
        if (running || destroyed) {
            return false;
        }
        return workWanted
                || streams[EncryptionLevel.INITIAL].hasReadable()
                || streams[EncryptionLevel.HANDSHAKE].hasReadable()
                || streams[EncryptionLevel.APPLICATION].hasReadable();
    }

    /** Whether that is so little that it is done where one is. */
    boolean isLight() {
        return tls.isLight();
    }

    /** Hands what arrived to the session; {@link #run()} is to be called, then {@link #finish()} on the loop. */
    void begin() {
        workWanted = false;
        running = true;
        for (int level = 0; level < EncryptionLevel.COUNT; level++) {
            byte[] bytes = streams[level].pollReadable();
            while (bytes != null) {
                tls.onCrypto(level, bytes, 0, bytes.length);
                bytes = streams[level].pollReadable();
            }
        }
    }

    @Override
    public void run() {
        tls.run();
    }

    void finish() {
        running = false;
        if (destroyed) {
            tls.destroy();
        }
    }

    /** The next thing that the session has to tell, or null. */
    TlsEvent pollEvent() {
        return running || destroyed ? null : tls.pollEvent();
    }

    /** Memory of the session, and of bytes for it and from it. */
    long heldBytes() {
        long held = stash.heldBytes() + (isComplete() || destroyed ? 0 : ConnectionMemory.HANDSHAKE_BYTES);
        for (CryptoStream stream : streams) {
            held += stream.heldBytes();
        }
        return held;
    }

    /** Ends the session; while it runs on another thread, as soon as it returns. */
    void destroy() {
        if (!destroyed) {
            destroyed = true;
            stash.clear();
            if (!running) {
                tls.destroy();
            }
        }
    }

    // ---- what both sides agreed on

    void onPeerParameters(TransportParameters parameters) {
        peer = parameters;
    }

    /** Null until they arrived. */
    TransportParameters peerParameters() {
        return peer;
    }

    void onComplete(TlsEvent.Complete event, boolean server) {
        complete = event;
        if (server) {
            // RFC 9001 §4.1.2: at the server the handshake is confirmed when it is complete.
            confirmed = true;
            doneWanted = true;
        }
    }

    /** What will be agreed on where early data is taken. */
    void onEarlyData(TlsEvent.Complete agreed) {
        early = agreed;
    }

    boolean isComplete() {
        return complete != null;
    }

    TlsEvent.Complete result() {
        return complete != null ? complete : early;
    }

    void onConfirmed() {
        confirmed = true;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** Whether a HANDSHAKE_DONE frame has to be sent. RFC 9000 §19.20. */
    boolean wantsDone() {
        return doneWanted;
    }

    void doneSent() {
        doneWanted = false;
    }

    void onDoneLost() {
        doneWanted = true;
    }

    long deadlineNs() {
        return complete == null ? deadlineNs : Long.MAX_VALUE;
    }

    // ---- connection ids of the handshake, Retry, Version Negotiation: RFC 9000 §7.3, §17.2.5, §6.2

    /** What a client puts into its Initial packets; empty where there is none. */
    byte[] token() {
        return token;
    }

    /** Client: a token of an earlier connection, until a Retry packet brings another. RFC 9000 §8.1.3. */
    void token(byte[] earlier) {
        token = earlier;
    }

    /** Where the peer's packets come from, as its Source Connection ID says; null until the first one is authentic. */
    byte[] peerId() {
        return peerId;
    }

    byte[] retrySourceConnectionId() {
        return retrySourceConnectionId;
    }

    void onServerIds(byte[] clientId, byte[] retryId) {
        peerId = clientId;
        retrySourceConnectionId = retryId;
    }

    /** Whether a long-header packet belongs to this handshake by its connection ids. */
    boolean acceptsIds(PacketHeader header, LocalConnectionIds localIds, boolean server) {
        // RFC 9000 §7.2: packets with another Source Connection ID than the first are discarded.
        if (peerId != null && !equal(peerId, header.scid, header.scidLength)) {
            return false;
        }
        if (localIds.owns(header.dcid, header.dcidLength)) {
            return true;
        }
        byte[] first = retrySourceConnectionId != null ? retrySourceConnectionId : originalDestinationConnectionId;
        boolean firstFlight = header.type == PacketType.INITIAL || header.type == PacketType.ZERO_RTT;
        return server && firstFlight && equal(first, header.dcid, header.dcidLength);
    }

    /** An authentic Initial packet arrived; returns true where it tells the peer's id for the first time. */
    boolean onPeerId(PacketHeader header) {
        if (peerId != null) {
            return false;
        }
        peerId = Arrays.copyOf(header.scid, header.scidLength);
        return true;
    }

    /** RFC 9000 §7.3: the ids in the transport parameters must be those that were seen on the wire. */
    void requireAuthenticIds(TransportParameters parameters, boolean server) {
        boolean authentic = Arrays.equals(parameters.initialSourceConnectionId(), peerId);
        if (!server) {
            authentic &= Arrays.equals(parameters.originalDestinationConnectionId(), originalDestinationConnectionId)
                    && Arrays.equals(parameters.retrySourceConnectionId(), retrySourceConnectionId);
        }
        if (!authentic) {
            throw new TransportException(
                    TransportErrorCode.TRANSPORT_PARAMETER_ERROR,
                    "connection ids do not match the transport parameters");
        }
    }

    /** A Retry packet arrived at a client; returns whether it is to be followed. */
    boolean onRetry(MemorySegment memory, PacketHeader header, PacketProtection protection) {
        RetryPacket retry = RetryPacket.of(memory, header);
        byte[] sourceId = Arrays.copyOf(header.scid, header.scidLength);
        if (retrySourceConnectionId != null || Arrays.equals(sourceId, originalDestinationConnectionId)) {
            return false;
        }
        byte[] tag = protection.retryIntegrityTag(originalDestinationConnectionId, retry.withoutTag());
        if (!MessageDigest.isEqual(tag, retry.tag())) {
            return false;
        }
        token = retry.token();
        retrySourceConnectionId = sourceId;
        return true;
    }

    /** A Version Negotiation packet arrived at a client; returns why the connection ends, or null to ignore it. */
    CloseReason onVersionNegotiation(MemorySegment memory, PacketHeader header, byte[] localId) {
        if (!equal(localId, header.dcid, header.dcidLength)
                || !equal(originalDestinationConnectionId, header.scid, header.scidLength)
                || VersionNegotiationPacket.lists(memory, header.at, header.length, QuicVersion.V1)) {
            return null;
        }
        List<Integer> versions = new ArrayList<>();
        for (int at = 0; at + 4 <= Math.min(header.tokenLength, MAX_VERSIONS_REPORTED * 4); at += 4) {
            versions.add(memory.get(VERSION, header.tokenAt + at));
        }
        return new CloseReason.VersionNegotiation(versions);
    }

    private static boolean equal(byte[] id, byte[] other, int length) {
        return Arrays.equals(id, 0, id.length, other, 0, length);
    }
}
