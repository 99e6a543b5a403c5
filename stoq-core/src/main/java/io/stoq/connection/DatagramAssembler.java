package io.stoq.connection;

import io.stoq.ack.AckTracker;
import io.stoq.buffer.ByteWriter;
import io.stoq.buffer.Transmit;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.path.MtuDiscovery;
import io.stoq.path.Path;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.transmit.PacketWriter;
import io.stoq.wire.PacketNumber;
import io.stoq.wire.PacketType;
import io.stoq.wire.frame.ConnectionCloseFrame;
import io.stoq.wire.frame.HandshakeDoneFrame;
import io.stoq.wire.frame.PingFrame;

/**
 * The send policy: what goes into the next datagram or train, and whether anything may go at all. Confined to one loop,
 * shared by its connections.
 *
 * <p>Order in a packet: acknowledgement, CRYPTO, control frames, DATAGRAM, STREAM. Limits in the order they are asked:
 * anti-amplification, congestion window, pacing; acknowledgements pass the last two, probes too.
 */
public final class DatagramAssembler {

    /** Datagrams with ack-eliciting Initial packets have at least this size, and no other than this. RFC 9000 §14.1. */
    static final int INITIAL_DATAGRAM_BYTES = 1200;

    /** A level whose packet would get less room than this waits for the next datagram. */
    private static final int MIN_PACKET_ROOM_BYTES = 128;

    /** The kernel's limit for one segmented send over IPv6: 65,535 less the headers. */
    private static final int MAX_TRAIN_BYTES = 65_487;

    /** A packet that lacks no more than this part of its size is padded, as packets of a train must be equally long. */
    private static final int MAX_FILLED_PART = 16;

    private static final int ACK_DELAY_EXPONENT = Connection.ACK_DELAY_EXPONENT;

    private final PacketWriter writer = new PacketWriter();
    private final Reporter reporter;

    /** Whether the packet built last was ack-eliciting. */
    private boolean ackEliciting;

    DatagramAssembler(Reporter reporter) {
        this.reporter = reporter;
    }

    /** Fills {@code out} with the next datagram or train; false where there is nothing to send now. */
    boolean assemble(Connection connection, long nowNs, Transmit out) {
        out.length = 0;
        out.ecn = connection.recovery.beginPlain();
        writer.reset();
        if (connection.keyring.canSend(EncryptionLevel.APPLICATION) && connection.handshake.isComplete()) {
            Path probed = connection.paths.pollProbe(nowNs);
            if (probed != null) {
                return assemblePathProbe(connection, nowNs, out, probed);
            }
        }
        Path path = connection.paths.active();
        out.remote = path.remote;
        out.local = path.local;
        boolean limited = path.allowanceBytes() < INITIAL_DATAGRAM_BYTES;
        connection.recovery.amplificationLimited(limited, nowNs);
        if (limited) {
            return false;
        }
        boolean handshaking = connection.keyring.canSend(EncryptionLevel.INITIAL)
                || connection.keyring.canSend(EncryptionLevel.HANDSHAKE);
        int mtuProbe = handshaking ? 0 : PathMtu.pollProbe(connection, nowNs, out);
        if (mtuProbe > 0) {
            return assembleMtuProbe(connection, nowNs, out, mtuProbe);
        }
        beginMarked(connection, nowNs, out);
        boolean written =
                handshaking ? assembleCoalesced(connection, nowNs, out) : assembleTrain(connection, nowNs, out);
        if (written) {
            path.onSent(out.length);
        }
        return written;
    }

    /** One datagram, or one train, has one pair of ECN bits. RFC 9000 §13.4 */
    private static void beginMarked(Connection connection, long nowNs, Transmit out) {
        if (out.canMark) {
            out.ecn = connection.recovery.beginMarked(nowNs);
        } else {
            connection.recovery.onSocketWithoutEcn();
        }
    }

    // ---- handshake: one datagram, a packet per level

    private boolean assembleCoalesced(Connection connection, long nowNs, Transmit out) {
        int room = Math.min(INITIAL_DATAGRAM_BYTES, connection.datagramBytes());
        boolean mayTransmit = mayTransmit(connection, nowNs);
        int length = 0;
        boolean initial = false;
        for (int level = 0; level < EncryptionLevel.COUNT; level++) {
            if (!wantsPacket(connection, level, nowNs, mayTransmit) || room - length < MIN_PACKET_ROOM_BYTES) {
                continue;
            }
            // RFC 9000 §14.1: a client pads every datagram with an Initial packet, a server those that are
            // ack-eliciting.
            boolean mayPad = level == EncryptionLevel.INITIAL || initial;
            boolean last =
                    room - length < 2 * MIN_PACKET_ROOM_BYTES || !anyLevelAbove(connection, level, nowNs, mayTransmit);
            int packet = writePacket(
                    connection, level, nowNs, out, length, room - length, mayTransmit, mayPad && last, initial);
            if (packet == 0) {
                continue;
            }
            initial |= level == EncryptionLevel.INITIAL && (ackEliciting || !connection.server);
            length += packet;
            if (level == EncryptionLevel.HANDSHAKE && !connection.server) {
                connection.onHandshakePacketSent(nowNs);
            }
        }
        writer.protectTrain();
        out.length = length;
        out.segmentSize = length;
        return length > 0;
    }

    private static boolean anyLevelAbove(Connection connection, int level, long nowNs, boolean mayTransmit) {
        for (int above = level + 1; above < EncryptionLevel.COUNT; above++) {
            if (wantsPacket(connection, above, nowNs, mayTransmit)) {
                return true;
            }
        }
        return false;
    }

    private static boolean wantsPacket(Connection connection, int level, long nowNs, boolean mayTransmit) {
        return maySendAt(connection, level)
                && (connection.acks[level].isAckDue(nowNs) || (mayTransmit && wantsData(connection, level)));
    }

    private static boolean maySendAt(Connection connection, int level) {
        return level == EncryptionLevel.APPLICATION
                ? connection.maySendApplication()
                : connection.keyring.canSend(level);
    }

    private static boolean wantsData(Connection connection, int level) {
        if (level == EncryptionLevel.APPLICATION && connection.sendsEarly()) {
            return connection.streams.wantsToSend();
        }
        if (connection.recovery.pendingProbes(level) > 0
                || connection.handshake.crypto(level).wantsToSend()) {
            return true;
        }
        return level == EncryptionLevel.APPLICATION
                && (connection.streams.wantsToSend()
                        || connection.datagrams.wantsToSend()
                        || connection.handshake.wantsDone()
                        || connection.localIds.wantsToSend()
                        || connection.peerIds.wantsToSend()
                        || connection.paths.tokens.wantsToSend()
                        || connection.idle.wantsPing());
    }

    /** As below; the pacer is only asked where there is something that it could hold back. */
    private static boolean mayTransmit(Connection connection, int level, long nowNs) {
        connection.pacingBlocked = false;
        return wantsData(connection, level)
                ? mayTransmit(connection, nowNs)
                : connection.sendAllowanceBytes() >= connection.datagramBytes();
    }

    /** Whether probes, or congestion control and pacing, let ack-eliciting packets go. */
    private static boolean mayTransmit(Connection connection, long nowNs) {
        connection.pacingBlocked = false;
        for (int level = 0; level < EncryptionLevel.COUNT; level++) {
            if (connection.recovery.pendingProbes(level) > 0) {
                return true;
            }
        }
        int bytes = connection.datagramBytes();
        if (connection.sendAllowanceBytes() < bytes) {
            connection.recovery.onWindowLimited();
            return false;
        }
        connection.pacingBlocked = connection.recovery.isPacingBlocked(nowNs, bytes);
        return !connection.pacingBlocked;
    }

    // ---- steady state: a train of equal-sized 1-RTT packets

    private boolean assembleTrain(Connection connection, long nowNs, Transmit out) {
        connection.updateKeysWhenDue();
        int segment = connection.datagramBytes();
        if (connection.recovery.pendingProbes(EncryptionLevel.APPLICATION) > 0) {
            segment = Math.min(segment, MtuDiscovery.BASE_BYTES); // passes where the path's MTU has become smaller
        }
        long limit = Math.min(
                Math.min(out.memory.byteSize(), MAX_TRAIN_BYTES),
                connection.paths.active().allowanceBytes());
        int length = 0;
        for (int packets = 0; packets < out.maxSegments && length + segment <= limit; packets++) {
            boolean mayTransmit = mayTransmit(connection, EncryptionLevel.APPLICATION, nowNs);
            if (!wantsPacket(connection, EncryptionLevel.APPLICATION, nowNs, mayTransmit)) {
                break;
            }
            int packet = writePacket(
                    connection, EncryptionLevel.APPLICATION, nowNs, out, length, segment, mayTransmit, false, false);
            length += packet;
            if (packet < segment) {
                if (packets > 0 || packet < segment / 2 || !datagramsWait(connection, mayTransmit)) {
                    break;
                }
                // The next datagram did not fit: a train of packets that are all as long as this one.
                segment = packet;
            }
        }
        writer.protectTrain();
        if (length == 0) {
            noteApplicationLimit(connection);
            return false;
        }
        out.length = length;
        out.segmentSize = Math.min(segment, length);
        return true;
    }

    /** Whether the packet that was just written is short because the next datagram found no room in it. */
    private static boolean datagramsWait(Connection connection, boolean mayTransmit) {
        return mayTransmit && connection.datagrams.wantsToSend();
    }

    private static void noteApplicationLimit(Connection connection) {
        if (!connection.pacingBlocked && connection.sendAllowanceBytes() >= connection.datagramBytes()) {
            connection.recovery.onApplicationLimited();
        }
    }

    // ---- one packet

    /**
     * Writes one packet at {@code at}; returns its size, 0 where it would be empty.
     *
     * @param padLast whether this is the datagram's last packet and the datagram may have to be padded
     * @param padAlways whether it has to be for a packet before this one
     */
    private int writePacket(
            Connection connection,
            int level,
            long nowNs,
            Transmit out,
            int at,
            int room,
            boolean mayTransmit,
            boolean padLast,
            boolean padAlways) {
        SentPackets sent = connection.recovery.sent(level);
        long packetNumber = sent.nextPacketNumber();
        if (!open(connection, level, out, at, room, packetNumber, sent)) {
            return 0;
        }
        boolean needed = connection.acks[level].isAckDue(nowNs);
        boolean worthwhile = needed || (mayTransmit && wantsData(connection, level));
        writeAck(connection, level, nowNs, sent, worthwhile, needed ? 0 : connection.datagrams.nextFrameBytes());
        int ackFrames = sent.framesOfOpenPacket();
        if (mayTransmit) {
            writeData(connection, level, sent);
        }
        if (sent.framesOfOpenPacket() == ackFrames && connection.recovery.pendingProbes(level) > 0) {
            connection.recovery.offerProbeContent(level);
            writeData(connection, level, sent);
        }
        ByteWriter payload = writer.payload();
        if (sent.framesOfOpenPacket() == ackFrames && wantsBarePing(connection, level, ackFrames, mayTransmit)) {
            PingFrame.write(payload);
            sent.addFrame(SentFrame.PING, 0, 0, 0);
        }
        ackEliciting = sent.framesOfOpenPacket() > ackFrames;
        if (!ackEliciting && !(needed && ackFrames > 0)) {
            sent.rollback();
            return 0;
        }
        int spare = room - writer.packetBytes();
        boolean padded = spare > 0
                && (padLast
                        ? padAlways || ackEliciting || !connection.server
                        : spare <= room / MAX_FILLED_PART && datagramsWait(connection, mayTransmit));
        if (padded) {
            writer.padTo(room);
        }
        return sealPacket(connection, level, nowNs, packetNumber, padded);
    }

    private boolean open(
            Connection connection, int level, Transmit out, int at, int room, long packetNumber, SentPackets sent) {
        int packetNumberLength = PacketNumber.length(packetNumber, sent.largestAcked());
        byte[] dcid = connection.peerIds.current();
        PacketKeyring keyring = connection.keyring;
        if (level == EncryptionLevel.APPLICATION && connection.sendsEarly()) {
            return writer.openLong(
                    out.memory,
                    at,
                    room,
                    PacketType.ZERO_RTT,
                    keyring.early(),
                    dcid,
                    connection.localIds.initial(),
                    null,
                    packetNumber,
                    packetNumberLength);
        }
        if (level == EncryptionLevel.APPLICATION) {
            writer.openShort(
                    out.memory,
                    at,
                    room,
                    keyring.sending(level),
                    dcid,
                    keyring.sendingPhase(),
                    packetNumber,
                    packetNumberLength);
            return true;
        }
        return writer.openLong(
                out.memory,
                at,
                room,
                PacketWriter.longTypeOf(level),
                keyring.sending(level),
                dcid,
                connection.localIds.initial(),
                level == EncryptionLevel.INITIAL ? connection.handshake.token() : null,
                packetNumber,
                packetNumberLength);
    }

    /** @param reservedBytes of the packet that the frame must not take: a DATAGRAM that just fits must not wait for ever */
    private void writeAck(
            Connection connection, int level, long nowNs, SentPackets sent, boolean worthwhile, int reservedBytes) {
        AckTracker acks = connection.acks[level];
        if (worthwhile && acks.hasNewToAck()) {
            ByteWriter payload = writer.payload();
            payload.limit -= reservedBytes;
            long largest = acks.write(payload, nowNs, ACK_DELAY_EXPONENT);
            payload.limit += reservedBytes;
            if (largest >= 0) {
                sent.addFrame(SentFrame.ACK, largest, 0, 0);
            }
        }
    }

    private void writeData(Connection connection, int level, SentPackets sent) {
        ByteWriter payload = writer.payload();
        if (connection.handshake.crypto(level).wantsToSend()) {
            connection.handshake.crypto(level).writeFrames(payload, sent);
        }
        if (level != EncryptionLevel.APPLICATION) {
            return;
        }
        if (connection.sendsEarly()) {
            connection.streams.writeFrames(payload, sent);
            return;
        }
        if (connection.handshake.wantsDone() && payload.remaining() >= HandshakeDoneFrame.SIZE) {
            HandshakeDoneFrame.write(payload);
            sent.addFrame(SentFrame.HANDSHAKE_DONE, 0, 0, 0);
            connection.handshake.doneSent();
        }
        if (connection.localIds.wantsToSend()) {
            connection.localIds.writeFrames(payload, sent);
        }
        if (connection.peerIds.wantsToSend()) {
            connection.peerIds.writeFrames(payload, sent);
        }
        if (connection.paths.tokens.wantsToSend()) {
            connection.paths.tokens.writeFrames(payload, sent);
        }
        if (connection.datagrams.wantsToSend()) {
            connection.datagrams.writeFrames(payload, sent);
        }
        if (connection.streams.wantsToSend()) {
            connection.streams.writeFrames(payload, sent);
        }
    }

    /** A PING where a probe or a keep-alive has nothing else to carry, or where a run of bare ACKs needs an answer. */
    private static boolean wantsBarePing(Connection connection, int level, int ackFrames, boolean mayTransmit) {
        if (connection.recovery.pendingProbes(level) > 0) {
            return true;
        }
        return level == EncryptionLevel.APPLICATION
                && mayTransmit
                && !connection.sendsEarly()
                && (connection.idle.wantsPing() || (ackFrames > 0 && connection.recovery.wantsPing(level)));
    }

    private int sealPacket(Connection connection, int level, long nowNs, long packetNumber, boolean padded) {
        boolean early = level == EncryptionLevel.APPLICATION && connection.sendsEarly();
        int bytes = level == EncryptionLevel.APPLICATION && !early ? writer.sealInTrain() : writer.seal();
        if (connection.sink.wantsPackets()) {
            ByteWriter payload = writer.payload();
            int sentAt = early ? EncryptionLevel.EARLY : level;
            reporter.onPacket(connection, nowNs, true, sentAt, packetNumber, bytes, payload.array, payload.position);
        }
        connection.onPacketSent(nowNs, level, packetNumber, bytes, ackEliciting, ackEliciting || padded);
        return bytes;
    }

    // ---- probes of the MTU, path validation and closing

    /** A single datagram of exactly that size, without anything whose loss would matter. RFC 9000 §14.4. */
    private boolean assembleMtuProbe(Connection connection, long nowNs, Transmit out, int bytes) {
        int level = EncryptionLevel.APPLICATION;
        Path path = connection.paths.active();
        SentPackets sent = connection.recovery.sent(level);
        long packetNumber = sent.nextPacketNumber();
        open(connection, level, out, 0, bytes, packetNumber, sent);
        PingFrame.write(writer.payload());
        sent.addFrame(SentFrame.MTU_PROBE, packetNumber, 0, 0);
        writer.padTo(bytes);
        ackEliciting = true;
        out.length = sealPacket(connection, level, nowNs, packetNumber, true);
        writer.protectTrain();
        out.segmentSize = out.length;
        connection.recovery.onMtuProbeSent(packetNumber);
        path.mtu.onProbeSent(packetNumber, bytes);
        path.onSent(out.length);
        return true;
    }

    private boolean assemblePathProbe(Connection connection, long nowNs, Transmit out, Path path) {
        int level = EncryptionLevel.APPLICATION;
        SentPackets sent = connection.recovery.sent(level);
        long packetNumber = sent.nextPacketNumber();
        int room = (int) Math.min(INITIAL_DATAGRAM_BYTES, path.allowanceBytes());
        open(connection, level, out, 0, room, packetNumber, sent);
        connection.paths.writeProbe(path, writer.payload(), sent, nowNs);
        // RFC 9000 §8.2.1: expanded to the smallest maximum size, as far as the amplification limit allows.
        writer.padTo(room);
        ackEliciting = true;
        out.length = sealPacket(connection, level, nowNs, packetNumber, true);
        writer.protectTrain();
        out.segmentSize = out.length;
        out.remote = path.remote;
        out.local = path.local;
        path.onSent(out.length);
        return true;
    }

    /**
     * A datagram with CONNECTION_CLOSE: at 1-RTT, or at every level before that the peer may be able to read; false where
     * there is none. RFC 9000 §10.2.3.
     */
    boolean assembleClose(Connection connection, long nowNs, Transmit out, boolean oneRtt) {
        writer.reset();
        out.ecn = connection.recovery.beginPlain();
        Path path = connection.paths.active();
        int first = oneRtt ? EncryptionLevel.APPLICATION : EncryptionLevel.INITIAL;
        int last = oneRtt ? EncryptionLevel.APPLICATION : EncryptionLevel.HANDSHAKE;
        boolean initial = false;
        int length = 0;
        int room = (int) Math.min(INITIAL_DATAGRAM_BYTES, path.allowanceBytes());
        for (int level = first; level <= last; level++) {
            if (!connection.keyring.canSend(level) || room - length < MIN_PACKET_ROOM_BYTES) {
                continue;
            }
            SentPackets sent = connection.recovery.sent(level);
            long packetNumber = sent.nextPacketNumber();
            if (!open(connection, level, out, length, room - length, packetNumber, sent)) {
                continue;
            }
            writeClose(connection.termination, level);
            initial |= level == EncryptionLevel.INITIAL;
            // RFC 9000 §14.1: a datagram with an Initial packet is padded, by the last packet in it.
            if (initial && (level == last || !connection.keyring.canSend(level + 1))) {
                writer.padTo(room - length);
            }
            ackEliciting = false;
            length += sealPacket(connection, level, nowNs, packetNumber, false);
        }
        writer.protectTrain();
        out.length = length;
        out.segmentSize = length;
        out.remote = path.remote;
        out.local = path.local;
        path.onSent(length);
        return length > 0;
    }

    private void writeClose(Termination end, int level) {
        ByteWriter payload = writer.payload();
        boolean application = end.isApplicationCloseAt(level);
        byte[] phrase = end.phraseAt(level);
        if (ConnectionCloseFrame.size(application, end.codeAt(level), end.frameType(), phrase.length)
                > payload.remaining()) {
            phrase = new byte[0];
        }
        ConnectionCloseFrame.write(payload, application, end.codeAt(level), end.frameType(), phrase);
    }
}
