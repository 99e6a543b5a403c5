package io.stoq.connection;

import io.stoq.ack.AckTracker;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.PacketKeys;
import io.stoq.path.Path;
import io.stoq.wire.HeaderProtection;
import io.stoq.wire.PacketHeader;
import io.stoq.wire.PacketNumber;
import io.stoq.wire.PacketType;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.FrameReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Takes packets apart: header protection off, opened, duplicates dropped, frames dispatched. Confined to one loop, shared
 * by its connections. RFC 9000 §12, RFC 9001 §5.
 *
 * <p>Plaintext is written to one array that stream handlers see directly, so the cipher is the only copy.
 */
public final class PacketReceiver {

    /** Shortest datagram that can be a stateless reset. RFC 9000 §10.3. */
    private static final int MIN_RESET_BYTES = 21;

    private static final int RESET_TOKEN_BYTES = 16;

    private final PacketHeader header = new PacketHeader();
    private final FrameReader reader = new FrameReader();
    private final FrameDispatcher frames;
    private final Reporter reporter;
    private final byte[] plaintext = new byte[1 << 16];
    private final MemorySegment plaintextMemory = MemorySegment.ofArray(plaintext);
    private final TrainMasks masks = new TrainMasks();

    PacketReceiver(Reporter reporter) {
        this.reporter = reporter;
        this.frames = new FrameDispatcher(reporter);
    }

    /** A socket read of {@code length} bytes begins, in datagrams of {@code segmentBytes} each but the last. */
    public void onTrain(MemorySegment memory, long at, int length, int segmentBytes) {
        masks.begin(memory, at, length, segmentBytes);
    }

    /** Processes all packets of one UDP payload, perhaps one of the train that began last. */
    void onDatagram(Connection connection, long nowNs, MemorySegment memory, long at, int length, Path path, int ecn) {
        long limit = at + length;
        long cursor = at;
        while (cursor < limit && header.parse(memory, cursor, limit, Connection.LOCAL_ID_BYTES)) {
            int packetBytes = header.length;
            if (!onPacket(connection, nowNs, memory, path, ecn)
                    && connection.isOpen()
                    && isStatelessReset(connection, memory, at, length)) {
                connection.onStatelessReset(nowNs);
            }
            if (packetBytes <= 0 || !connection.isReceiving()) {
                return;
            }
            cursor += packetBytes;
        }
    }

    /** Processes a packet that had to wait for its keys. */
    void onStashed(Connection connection, long nowNs, StashedPackets.Stashed packet) {
        MemorySegment memory = MemorySegment.ofArray(packet.bytes());
        if (header.parse(memory, 0, packet.bytes().length, Connection.LOCAL_ID_BYTES)) {
            onPacket(connection, nowNs, memory, packet.path(), packet.ecn());
        }
    }

    /** Returns false where the packet could not be opened, and so might be a stateless reset. */
    private boolean onPacket(Connection connection, long nowNs, MemorySegment memory, Path path, int ecn) {
        switch (header.type) {
            case PacketType.SHORT -> {
                return onProtected(connection, nowNs, memory, EncryptionLevel.APPLICATION, path, ecn);
            }
            case PacketType.INITIAL, PacketType.HANDSHAKE -> {
                if (!connection.acceptsLongHeader(header)) {
                    return true;
                }
                return onProtected(connection, nowNs, memory, PacketType.levelOf(header.type), path, ecn);
            }
            case PacketType.ZERO_RTT -> {
                // RFC 9000 §17.2.3: only clients send it. What cannot be read is no stateless reset, whose header is
                // short.
                if (connection.server && connection.acceptsLongHeader(header)) {
                    onProtected(connection, nowNs, memory, EncryptionLevel.EARLY, path, ecn);
                }
            }
            case PacketType.RETRY -> connection.onRetry(nowNs, memory, header);
            case PacketType.VERSION_NEGOTIATION -> connection.onVersionNegotiation(nowNs, memory, header);
            default -> {
                // Other versions' packets are not ours to read.
            }
        }
        return true;
    }

    private boolean onProtected(
            Connection connection, long nowNs, MemorySegment memory, int level, Path path, int ecn) {
        if (!connection.canOpen(level)) {
            if (connection.mayOpenLater(level)) {
                connection.handshake.stash().add(level, memory, header.at, header.length, path, ecn);
            }
            return true;
        }
        if (!header.hasSample()) {
            return false;
        }
        PacketKeyring keyring = connection.keyring;
        long packetNumberAt = header.at + header.packetNumberAt;
        int space = EncryptionLevel.spaceOf(level);
        if (level == EncryptionLevel.APPLICATION) {
            masks.findShort(keyring.receiving(level), memory, header.at);
        } else {
            PacketKeys headerKeys = level == EncryptionLevel.EARLY ? keyring.early() : keyring.receiving(level);
            masks.find(headerKeys, memory, packetNumberAt + HeaderProtection.SAMPLE_OFFSET);
        }
        byte[] mask = masks.bytes;
        int maskAt = masks.at;
        int packetNumberLength = HeaderProtection.remove(memory, header.at, header.packetNumberAt, mask, maskAt);
        long truncated = HeaderProtection.readPacketNumber(memory, packetNumberAt, packetNumberLength);
        long packetNumber =
                PacketNumber.decode(connection.acks[space].largestReceived(), truncated, packetNumberLength);
        int first = memory.get(ValueLayout.JAVA_BYTE, header.at);
        PacketKeys keys = switch (level) {
            case EncryptionLevel.APPLICATION ->
                keyring.receivingForPhase((first & PacketHeader.KEY_PHASE_BIT) != 0, packetNumber);
            case EncryptionLevel.EARLY -> keyring.early();
            default -> keyring.receiving(level);
        };
        int headerLength = header.packetNumberAt + packetNumberLength;
        int length = keys == null
                ? -1
                : keys.open(
                        packetNumber,
                        memory,
                        header.at,
                        headerLength,
                        header.length - headerLength,
                        plaintextMemory,
                        0);
        if (length < 0) {
            // The mask is taken off again: a stateless reset's token may lie where the packet number was looked for.
            HeaderProtection.apply(
                    memory, header.at, header.packetNumberAt, packetNumberLength, first < 0, mask, maskAt);
            connection.statistics.packetsUndecryptable++;
            connection.sink.onPacketDropped(nowNs, level, header.length, false);
            if (keys != null) {
                keyring.onFailed(keys);
            }
            return false;
        }
        onOpened(connection, nowNs, level, path, ecn, packetNumber, first, keys, length);
        return true;
    }

    private void onOpened(
            Connection connection,
            long nowNs,
            int level,
            Path path,
            int ecn,
            long packetNumber,
            int first,
            PacketKeys keys,
            int length) {
        int reserved = first < 0 ? PacketHeader.LONG_RESERVED_BITS : PacketHeader.SHORT_RESERVED_BITS;
        if ((first & reserved) != 0) {
            throw new TransportException(TransportErrorCode.PROTOCOL_VIOLATION, "reserved header bits are set");
        }
        AckTracker acks = connection.acks[EncryptionLevel.spaceOf(level)];
        if (acks.isDuplicate(packetNumber)) {
            connection.statistics.packetsDuplicate++;
            connection.sink.onPacketDropped(nowNs, level, header.length, true);
            return;
        }
        boolean newest = packetNumber > acks.largestReceived();
        connection.onPacketOpened(nowNs, level, header, path, packetNumber, keys);
        if (connection.sink.wantsPackets()) {
            reporter.onPacket(connection, nowNs, false, level, packetNumber, header.length, plaintext, length);
        }
        frames.begin(connection, level, path, nowNs, header.dcid, header.dcidLength);
        int outcome = reader.read(plaintext, 0, length, level, frames);
        acks.onPacketReceived(packetNumber, (outcome & FrameReader.ACK_ELICITING) != 0, ecn, nowNs);
        if (newest && level == EncryptionLevel.APPLICATION && (outcome & FrameReader.PROBING_ONLY) == 0) {
            connection.onNonProbingPacket(nowNs, path);
        }
    }

    private static boolean isStatelessReset(Connection connection, MemorySegment memory, long at, int length) {
        return length >= MIN_RESET_BYTES
                && connection.peerIds.isStatelessReset(memory, at + length - RESET_TOKEN_BYTES);
    }
}
