package io.stoq.endpoint;

import io.stoq.buffer.Transmit;
import io.stoq.crypto.CryptoProvider;
import io.stoq.crypto.PacketKeys;
import io.stoq.transmit.PacketWriter;
import io.stoq.wire.PacketHeader;
import io.stoq.wire.PacketType;
import io.stoq.wire.QuicVersion;
import io.stoq.wire.RetryPacket;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.VersionNegotiationPacket;
import io.stoq.wire.frame.ConnectionCloseFrame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Answers that need no connection: Version Negotiation, Retry, refusal, stateless reset. Confined to the endpoint's loop.
 *
 * <p>The queue is bounded, resets and refusals are rate limited, and no answer is longer than what it answers, so that strangers cannot make this endpoint work for them.
 */
final class StatelessReplies {

    static final int MAX_QUEUED = 64;

    /** Resets in a burst, and how long one takes to be earned again. RFC 9000 §10.3.3. */
    static final int RESET_BURST = 16;

    static final long RESET_INTERVAL_NS = 10_000_000;

    /** The same for refusals: each costs keys. */
    static final int REFUSAL_BURST = 256;

    static final long REFUSAL_INTERVAL_NS = 1_000_000;

    private static final int MIN_RESET_BYTES = 21;
    private static final int MAX_RESET_BYTES = 42;
    private static final int TOKEN_BYTES = 16;
    private static final byte[] NONE = new byte[0];

    private record Reply(byte[] payload, InetSocketAddress remote, InetAddress local) {}

    private final CryptoProvider crypto;
    private final ArrayDeque<Reply> queue = new ArrayDeque<>();
    private final PacketWriter writer;
    private final RateLimit resetRate = new RateLimit(RESET_INTERVAL_NS, RESET_BURST);
    private final RateLimit refusalRate = new RateLimit(REFUSAL_INTERVAL_NS, REFUSAL_BURST);
    private long versionNegotiations;
    private long retries;
    private long resets;

    StatelessReplies(CryptoProvider crypto, PacketWriter writer) {
        this.crypto = crypto;
        this.writer = writer;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Whether another answer would be dropped: then it is not worth its making. */
    boolean isFull() {
        return queue.size() == MAX_QUEUED;
    }

    /** Fills {@code out} with the next reply. */
    boolean poll(Transmit out) {
        Reply reply = queue.poll();
        if (reply == null) {
            return false;
        }
        MemorySegment.copy(reply.payload, 0, out.memory, ValueLayout.JAVA_BYTE, 0, reply.payload.length);
        out.length = reply.payload.length;
        out.segmentSize = out.length;
        out.remote = reply.remote;
        out.local = reply.local;
        out.ecn = 0;
        return true;
    }

    /** RFC 9000 §6.1. */
    void negotiateVersion(PacketHeader header, InetSocketAddress remote, InetAddress local) {
        byte[] packet = new byte[VersionNegotiationPacket.size(header.scidLength, header.dcidLength, 1)];
        // The cids swap sides.
        VersionNegotiationPacket.write(
                MemorySegment.ofArray(packet),
                0,
                header.scid,
                header.scidLength,
                header.dcid,
                header.dcidLength,
                new int[] {QuicVersion.V1},
                random());
        if (add(packet, remote, local)) {
            versionNegotiations++;
        }
    }

    /** RFC 9000 §17.2.5. */
    void retry(PacketHeader header, byte[] retryId, byte[] token, InetSocketAddress remote, InetAddress local) {
        byte[] original = Arrays.copyOf(header.dcid, header.dcidLength);
        byte[] client = Arrays.copyOf(header.scid, header.scidLength);
        byte[] head = RetryPacket.withoutTag(QuicVersion.V1, client, retryId, token, random());
        byte[] tag = crypto.protection().retryIntegrityTag(original, head);
        byte[] packet = Arrays.copyOf(head, head.length + tag.length);
        System.arraycopy(tag, 0, packet, head.length, tag.length);
        if (add(packet, remote, local)) {
            retries++;
        }
    }

    /** An Initial packet with CONNECTION_CLOSE, under keys that the client can derive. RFC 9000 §5.2.2. */
    void refuse(long nowNs, PacketHeader header, long code, InetSocketAddress remote, InetAddress local) {
        if (isFull() || !refusalRate.allows(nowNs)) {
            return;
        }
        byte[] original = Arrays.copyOf(header.dcid, header.dcidLength);
        byte[] client = Arrays.copyOf(header.scid, header.scidLength);
        PacketKeys keys = crypto.protection().initialKeys(original, false);
        byte[] packet = new byte[128 + original.length + client.length];
        MemorySegment memory = MemorySegment.ofArray(packet);
        writer.openLong(memory, 0, packet.length, PacketType.INITIAL, keys, client, original, NONE, 0, 1);
        ConnectionCloseFrame.write(writer.payload(), false, code, 0, NONE);
        int length = writer.seal();
        keys.destroy();
        add(Arrays.copyOf(packet, length), remote, local);
    }

    void refuse(long nowNs, PacketHeader header, InetSocketAddress remote, InetAddress local) {
        refuse(nowNs, header, TransportErrorCode.CONNECTION_REFUSED, remote, local);
    }

    /** Always shorter than what triggered it, so that two endpoints cannot keep each other busy. RFC 9000 §10.3.3. */
    void reset(long nowNs, byte[] cid, int cidLength, int triggerBytes, InetSocketAddress remote, InetAddress local) {
        int length = Math.min(triggerBytes - 1, MAX_RESET_BYTES);
        if (length < MIN_RESET_BYTES || isFull() || !resetRate.allows(nowNs)) {
            return;
        }
        byte[] packet = new byte[length];
        crypto.entropy().fill(packet, 0, length);
        packet[0] = (byte) (packet[0] & 0x3f | PacketHeader.FIXED_BIT);
        crypto.resetTokens().derive(cid, 0, cidLength, packet, length - TOKEN_BYTES);
        if (add(packet, remote, local)) {
            resets++;
        }
    }

    long versionNegotiations() {
        return versionNegotiations;
    }

    long retries() {
        return retries;
    }

    long resets() {
        return resets;
    }

    private boolean add(byte[] payload, InetSocketAddress remote, InetAddress local) {
        return !isFull() && queue.add(new Reply(payload, remote, local));
    }

    private int random() {
        byte[] one = new byte[1];
        crypto.entropy().fill(one, 0, 1);
        return one[0];
    }
}
