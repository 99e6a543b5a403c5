package io.stoq.recovery;

import io.stoq.congestion.CongestionController;
import io.stoq.congestion.CongestionControllerFactory;
import io.stoq.crypto.CryptoProvider;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.AckBlock;
import io.stoq.wire.frame.FrameType;

/**
 * Loss detection and congestion control of one connection: all of RFC 9002. Confined to the connection's loop.
 *
 * <p>Spaces are numbered as in {@link EncryptionLevel}. Nothing here breaks when time stands still or jumps: a clock that
 * steps back yields no round trip samples and no time-based losses until it has caught up.
 */
public final class Recovery {

    /** RFC 9002 §6.2.4. */
    private static final int PROBES = 2;

    /** Ack-only packets sent in a row before the peer is asked to acknowledge. RFC 9000 §13.2.4 */
    private static final int MAX_ACK_ONLY_RUN = 32;

    private static final int NEWLY_ACKED = 1;
    private static final int NEWLY_ACKED_ELICITING = 2;

    private final SentFrameListener frames;
    private final PacketSpace[] spaces = new PacketSpace[EncryptionLevel.COUNT];
    private final Flight flight;
    private final Ecn ecn;
    private final LossTimer timer;
    private final LossDetector losses;
    private final LargeLosses largeLosses = new LargeLosses();

    private long spuriousLosses;
    private long probeTimeouts;

    /** Memory of what is remembered of sent packets, in bytes. */
    public long heldBytes() {
        long held = 0;
        for (PacketSpace space : spaces) {
            held += space.sent.heldBytes();
        }
        return held;
    }

    /**
     * @param controllers makes the controller of each path
     * @param entropy where the packet numbers that are left out and the controllers' seeds come from
     */
    public Recovery(
            boolean server,
            RecoverySettings settings,
            CongestionControllerFactory controllers,
            SentFrameListener frames,
            CryptoProvider.Entropy entropy) {
        this.frames = frames;
        flight = new Flight(controllers, settings, entropy);
        for (int i = 0; i < spaces.length; i++) {
            SkippedNumbers skips = i == EncryptionLevel.APPLICATION ? new SkippedNumbers(entropy) : null;
            spaces[i] = new PacketSpace(i, new SentPackets(skips, flight.controller.packetColumns()));
        }
        ecn = new Ecn(settings.ecn(), spaces);
        timer = new LossTimer(server, spaces);
        losses = new LossDetector(flight, ecn, largeLosses, frames);
    }

    // ---- what the sender asks

    public SentPackets sent(int space) {
        return spaces[space].sent;
    }

    /** Of the current path: another object after {@link #onPathChanged}. */
    public RttEstimator rtt() {
        return flight.rtt;
    }

    /** Of the current path. */
    public CongestionController controller() {
        return flight.controller;
    }

    /** Of the current path. */
    public Pacer pacer() {
        return flight.pacer;
    }

    public long bytesInFlight() {
        return flight.bytes;
    }

    /** How much the congestion window still lets go; packets that are not in flight do not need it. */
    public long sendAllowanceBytes() {
        return Math.max(0, flight.controller.windowBytes() - flight.bytes);
    }

    /** Whether a packet that is ready has to wait for the pacer; asked only by a sender that has one. */
    public boolean isPacingBlocked(long nowNs, int bytes) {
        boolean blocked = flight.pacer.isBlocked(nowNs, bytes);
        if (blocked) {
            flight.applicationLimited = false; // RFC 9002 §7.8: what the pacer holds back is no lack of data
        }
        return blocked;
    }

    /** When the pacer lets the sender go on; {@code Long.MAX_VALUE} when it does not hold it back. */
    public long pacingDeadlineNs() {
        return flight.pacer.deadlineNs();
    }

    /** Ack-eliciting packets to send in this space in spite of the congestion window and the pacer. RFC 9002 §7.5 */
    public int pendingProbes(int space) {
        return spaces[space].pendingProbes;
    }

    /**
     * Whether the ack-only packet that is about to be sent should carry a PING: a peer that is never asked to acknowledge
     * never lets us forget what we acknowledged. RFC 9000 §13.2.4
     */
    public boolean wantsPing(int space) {
        return spaces[space].ackOnlyRun >= MAX_ACK_ONLY_RUN && flight.bytes < flight.controller.windowBytes();
    }

    /** The probe timeout of the APPLICATION space without back-off, the measure of many other times. RFC 9002 §6.2.1 */
    public long ptoNs() {
        return flight.ptoNs();
    }

    public int ptoCount() {
        return timer.ptoCount();
    }

    /** Ack-eliciting and padding packets declared lost so far, whether rightly or not. */
    public long lostPackets() {
        return losses.lostPackets;
    }

    public long lostBytes() {
        return losses.lostBytes;
    }

    /** How many of {@link #lostPackets()} were acknowledged later. */
    public long spuriousLosses() {
        return spuriousLosses;
    }

    public long probeTimeouts() {
        return probeTimeouts;
    }

    public long persistentCongestions() {
        return losses.persistentCongestions;
    }

    /** What is known of ECN on the current path. */
    public Ecn ecn() {
        return ecn;
    }

    /** Whether {@link #shrink()} gives memory back: nothing waits for an acknowledgment, and much did at some time. */
    public boolean isShrinkable() {
        return spaces[EncryptionLevel.APPLICATION].sent.isShrinkable();
    }

    /** The connection has been idle for a while: gives back what remembering its busy times took. */
    public void shrink() {
        if (isShrinkable()) {
            spaces[EncryptionLevel.APPLICATION].sent.shrink();
        }
    }

    // ---- what happens

    /** A datagram or train is going to be built; returns the ECN bits that it has to be sent with. */
    public int beginMarked(long nowNs) {
        return ecn.begin(nowNs, ptoNs());
    }

    /** The same for one that must not be marked: it goes another way, or its loss is a measurement. */
    public int beginPlain() {
        return ecn.beginPlain();
    }

    /** The socket cannot mark datagrams. */
    public void onSocketWithoutEcn() {
        ecn.switchOff();
    }

    /**
     * The open packet of that space left.
     *
     * @param packetNumber as {@link SentPackets#nextPacketNumber()} gave it
     * @param bytes size of the packet, with header and tag
     * @param inFlight it is ack-eliciting or has PADDING. RFC 9002 §2
     * @throws IllegalStateException the packet number is not the next one
     */
    public void onPacketSent(
            int space, long packetNumber, long nowNs, int bytes, boolean ackEliciting, boolean inFlight) {
        PacketSpace to = spaces[space];
        SentPackets sent = to.sent;
        if (packetNumber != sent.nextPacketNumber()) {
            throw new IllegalStateException("packet " + packetNumber + " sent, not " + sent.nextPacketNumber());
        }
        sent.complete(nowNs, bytes, ackEliciting, inFlight, ecn.onSent(to, inFlight));
        to.ackOnlyRun = ackEliciting ? 0 : to.ackOnlyRun + 1;
        if (ackEliciting) {
            to.lastAckElicitingNs = nowNs;
            to.pendingProbes = Math.max(0, to.pendingProbes - 1);
        }
        if (!inFlight) {
            while (sent.isOverfull()) {
                forgetOldest(to);
            }
            return;
        }
        CongestionController controller = flight.controller;
        controller.onPacketSent(nowNs, packetNumber, bytes, flight.bytes, sent.columns(), sent.columnsAt(packetNumber));
        flight.bytes += bytes;
        if (flight.bytes + flight.maxDatagramBytes > controller.windowBytes()) {
            flight.applicationLimited = false;
        }
        flight.pacer.onPacketSent(nowNs, bytes);
        timer.set(nowNs);
    }

    /** The packet sent last was a probe of the path's MTU; its loss will say nothing of congestion. RFC 9000 §14.4 */
    public void onMtuProbeSent(long packetNumber) {
        spaces[EncryptionLevel.APPLICATION].sent.markMtuProbe(packetNumber);
        timer.invalidate();
    }

    /** That probe did not leave the machine. */
    public void onMtuProbeRefused(long packetNumber) {
        PacketSpace space = spaces[EncryptionLevel.APPLICATION];
        if (space.sent.isTracked(packetNumber) && space.sent.isOutstanding(packetNumber)) {
            losses.giveUp(space, packetNumber);
            timer.invalidate();
        }
    }

    /**
     * The peer acknowledged packets.
     *
     * @param ackDelayNs the ACK frame's delay, scaled by the peer's exponent
     * @throws TransportException PROTOCOL_VIOLATION: a packet that was never sent is acknowledged; nothing has changed then
     */
    public void onAck(int space, AckBlock ack, long ackDelayNs, long nowNs) {
        PacketSpace in = spaces[space];
        SentPackets sent = in.sent;
        if (!sent.canAcknowledge(ack)) {
            // RFC 9000 §13.1, §21.4
            throw new TransportException(
                    TransportErrorCode.PROTOCOL_VIOLATION, FrameType.ACK, "acknowledged a packet that was not sent");
        }
        boolean largestIsNew = sent.isTracked(ack.largest) && sent.isOutstanding(ack.largest);
        boolean largestRises = ack.largest > sent.largestAcked();
        long largestSentNs = largestIsNew ? sent.sentNs(ack.largest) : nowNs;
        int largestBytes = largestIsNew ? sent.bytes(ack.largest) : 0;
        CongestionController controller = flight.controller;
        controller.onAckBegin(nowNs, flight.bytes, flight.applicationLimited);
        sent.largestAcked(ack.largest);
        int news = onRanges(in, ack, nowNs);
        long rttSampleNs = 0;
        if (largestIsNew && (news & NEWLY_ACKED_ELICITING) != 0 && ack.largest >= in.pathStart) {
            rttSampleNs = flight.rtt.onSample(largestSentNs, believedDelayNs(space, ackDelayNs), nowNs);
        }
        sent.settle();
        long marks = largestRises ? ecn.onAck(in, ack) : 0; // before losses, which could end the test of the path
        if (news != 0) {
            losses.detect(in, nowNs);
            largeLosses.onAcked(largestBytes);
            timer.onAcknowledged(space, nowNs);
        }
        if (marks > 0 && ack.largest >= in.pathStart) {
            controller.onCongestionExperienced(nowNs, largestSentNs, marks);
        }
        controller.onAckEnd(nowNs, flight.bytes, rttSampleNs, flight.rtt.smoothedNs(), flight.rtt.minNs());
    }

    /** When {@link #onTimeout} is due; {@code Long.MAX_VALUE} for never. */
    public long deadlineNs() {
        return timer.deadlineNs(flight.rtt, flight.peerMaxAckDelayNs);
    }

    /** Declares packets lost by time, or asks for probes; does nothing before {@link #deadlineNs()}. RFC 9002 §A.9 */
    public void onTimeout(long nowNs) {
        if (nowNs < deadlineNs()) {
            return;
        }
        PacketSpace lossy = timer.earliestLossTime();
        if (lossy != null) {
            losses.detect(lossy, nowNs);
            timer.set(nowNs);
            return;
        }
        probeTimeouts++;
        PacketSpace expired = spaces[timer.probeSpace()];
        timer.onProbeTimeout(nowNs);
        ecn.onProbeTimeout(timer.ptoCount());
        frames.onProbeTimeout(expired.number, timer.ptoCount(), nowNs);
        expired.pendingProbes = expired.sent.ackElicitingInFlight() > 0 ? PROBES : 1;
        for (PacketSpace space : spaces) {
            if (space.sent.ackElicitingInFlight() > 0) {
                // RFC 9002 §6.2.4: the other spaces with packets in flight may ride along.
                space.pendingProbes = Math.max(space.pendingProbes, 1);
                offerForProbes(space);
            }
        }
    }

    /** The keys of that space were dropped, and its packets with them. RFC 9002 §6.2.2, §6.4 */
    public void onSpaceDiscarded(int space, long nowNs) {
        losses.drop(spaces[space], false);
        spaces[space].discard();
        timer.resetBackoff(nowNs);
    }

    /** The server answered with Retry: all that was sent has to be sent again. RFC 9002 §6.3 */
    public void onRetry(long nowNs) {
        for (PacketSpace space : spaces) {
            losses.drop(space, true);
        }
        timer.resetBackoff(nowNs);
    }

    /** The server does not read 0-RTT packets: what they carried has to be sent again. RFC 9001 §4.6.2, RFC 9002 §6.4 */
    public void onEarlyDataRejected(long nowNs) {
        losses.drop(spaces[EncryptionLevel.APPLICATION], true);
        timer.set(nowNs);
    }

    public void onHandshakeConfirmed(long nowNs) {
        timer.onHandshakeConfirmed(nowNs);
    }

    /** Client: the server is known to have validated our address. Server: the client's address is validated. */
    public void onPeerAddressValidated(long nowNs) {
        timer.onPeerAddressValidated(nowNs);
    }

    /** Server: whether the 3x limit lets nothing go now; there is no probe timeout then. RFC 9002 §6.2.2.1 */
    public void amplificationLimited(boolean limited, long nowNs) {
        timer.amplificationLimited(limited, nowNs);
    }

    /** Client: probes that break a deadlock are Handshake packets from now on. RFC 9002 §6.2.2.1 */
    public void handshakeKeysAvailable() {
        timer.onHandshakeKeys();
    }

    /** The peer's {@code max_ack_delay}. */
    public void peerMaxAckDelay(long delayNs) {
        flight.peerMaxAckDelayNs = delayNs;
        timer.invalidate();
    }

    /** The congestion window holds the sender back: from now on it is not the pacer that it waits for. */
    public void onWindowLimited() {
        flight.pacer.onIdle();
    }

    /** The sender has nothing to send though the window and the pacer would let it. RFC 9002 §7.8 */
    public void onApplicationLimited() {
        flight.pacer.onIdle();
        if (flight.bytes + flight.maxDatagramBytes <= flight.controller.windowBytes()) {
            flight.applicationLimited = true;
            flight.controller.onApplicationLimited(flight.bytes);
        }
    }

    /** The largest datagram that is sent on the current path. */
    public int maxDatagramBytes() {
        return flight.maxDatagramBytes;
    }

    public void onMaxDatagramSize(int bytes) {
        flight.maxDatagramBytes = bytes;
        flight.controller.onMaxDatagramSize(bytes);
        largeLosses.begin(spaces[EncryptionLevel.APPLICATION].sent.nextPacketNumber());
    }

    /** Whether large datagrams vanish on the current path while small ones arrive; told once. RFC 8899 §4.3 */
    public boolean pollBlackHole() {
        return largeLosses.pollSuspicion();
    }

    /** The connection goes on over another path: what is in flight on the old one counts no longer. RFC 9000 §9.4 */
    public void onPathChanged(long nowNs) {
        flight.startPath();
        ecn.restart();
        for (PacketSpace space : spaces) {
            space.pathStart = space.sent.nextPacketNumber();
        }
        timer.resetBackoff(nowNs);
    }

    /**
     * The peer's port is another one: most likely the path is the same, but for what a new middlebox may do to marks.
     * RFC 9000 §9.4, §13.4.2
     */
    public void onPortChanged() {
        ecn.restart();
    }

    // ---- acknowledgments

    /** Works through the ranges that can hold news, from low to high; returns the NEWLY_ACKED flags. */
    private int onRanges(PacketSpace space, AckBlock ack, long nowNs) {
        SentPackets sent = space.sent;
        long tail = sent.tail();
        long floor = sent.floor();
        int index = 0;
        while (index < ack.ranges && ack.largestOf[index] >= tail) {
            index++;
        }
        int news = 0;
        while (--index >= 0) {
            long smallest = Math.max(ack.smallestOf[index], tail);
            long largest = ack.largestOf[index];
            if (smallest < floor) {
                onFound(space, smallest, Math.min(largest, floor - 1), nowNs);
            }
            news |= onRange(space, Math.max(smallest, floor), largest, nowNs);
        }
        return news;
    }

    /** What the packets of a run carried is reported together: neighbours usually carried neighbouring data. */
    private int onRange(PacketSpace space, long smallest, long largest, long nowNs) {
        SentPackets sent = space.sent;
        int news = 0;
        long runStart = smallest;
        for (long number = smallest; number <= largest; number++) {
            if (sent.isOutstanding(number)) {
                news |= onAcked(space, number);
                continue;
            }
            sent.reportAcked(space.number, runStart, number - 1, frames);
            runStart = number + 1;
            if (sent.isLost(number)) {
                onFound(space, number, number, nowNs);
            }
        }
        sent.reportAcked(space.number, runStart, largest, frames);
        return news;
    }

    private int onAcked(PacketSpace space, long number) {
        SentPackets sent = space.sent;
        boolean inFlight = sent.isInFlight(number);
        if (inFlight && number >= space.pathStart) {
            int bytes = sent.bytes(number);
            flight.bytes -= bytes;
            flight.controller.onPacketAcked(number, bytes, sent.sentNs(number), sent.columns(), sent.columnsAt(number));
        }
        if (sent.isEct(number)) {
            ecn.onAcked(space, number, inFlight);
        }
        boolean eliciting = sent.isAckEliciting(number);
        sent.markAcked(number);
        return eliciting ? NEWLY_ACKED | NEWLY_ACKED_ELICITING : NEWLY_ACKED;
    }

    /** Packets of {@code [from, to]} that had been declared lost arrived after all. */
    private void onFound(PacketSpace space, long from, long to, long nowNs) {
        SentPackets sent = space.sent;
        for (long number = sent.nextLost(from, to); number >= 0; number = sent.nextLost(number, to)) {
            if (sent.isInFlight(number) && !sent.isMtuProbe(number)) {
                spuriousLosses++;
                if (sent.isEct(number)) {
                    ecn.onFound(space, number);
                }
                if (number >= space.pathStart) {
                    flight.controller.onSpuriousLoss(nowNs, number, sent.bytes(number), sent.sentNs(number));
                }
            }
            sent.markFound(number);
            sent.reportAcked(space.number, number, number, frames);
        }
    }

    private long believedDelayNs(int space, long ackDelayNs) {
        // RFC 9002 §5.3: Initial packets are not acknowledged late; the peer's bound holds once the handshake is
        // confirmed.
        if (space == EncryptionLevel.INITIAL) {
            return 0;
        }
        return timer.isHandshakeConfirmed() ? Math.min(ackDelayNs, flight.peerMaxAckDelayNs) : ackDelayNs;
    }

    // ---- probes

    /** A probe has nothing of its own to carry: the oldest unacknowledged frames are offered once more. RFC 9002 §6.2.4. */
    public void offerProbeContent(int space) {
        offerForProbes(spaces[space]);
    }

    /** Hands the content of the oldest packets out to be repeated; they stay in flight. RFC 9002 §6.2.4 */
    private void offerForProbes(PacketSpace space) {
        SentPackets sent = space.sent;
        int offered = 0;
        for (long number = sent.floor(); number < sent.nextPacketNumber() && offered < space.pendingProbes; number++) {
            if (sent.isOutstanding(number) && sent.reportForProbe(space.number, number, frames)) {
                offered++;
            }
        }
    }

    /** Makes room where a peer leaves ack-only packets unacknowledged: no sign of congestion. */
    private void forgetOldest(PacketSpace space) {
        losses.giveUp(space, space.sent.floor());
        timer.invalidate();
    }
}
