package io.stoq.recovery;

import io.stoq.congestion.CongestionController;
import io.stoq.congestion.CongestionControllerFactory;
import io.stoq.congestion.CongestionParameters;
import io.stoq.crypto.CryptoProvider;
import io.stoq.crypto.EncryptionLevel;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.AckBlock;
import io.stoq.wire.frame.FrameType;
import java.nio.ByteBuffer;

/**
 * Loss detection and congestion control of one connection: all of RFC 9002. Confined to the connection's loop.
 *
 * <p>Spaces are numbered as in {@link EncryptionLevel}. Nothing here breaks when time stands still or jumps: a clock that
 * steps back yields no round trip samples and no time-based losses until it has caught up.
 */
public final class Recovery {

    /** RFC 9002 §6.1.1. */
    private static final int PACKET_THRESHOLD = 3;

    /** RFC 9002 §6.2.4. */
    private static final int PROBES = 2;

    /** RFC 9002 §7.6.1. */
    private static final int PERSISTENT_CONGESTION_THRESHOLD = 3;

    /** Ack-only packets sent in a row before the peer is asked to acknowledge. RFC 9000 §13.2.4 */
    private static final int MAX_ACK_ONLY_RUN = 32;

    private static final int NEWLY_ACKED = 1;
    private static final int NEWLY_ACKED_ELICITING = 2;

    private final RecoverySettings settings;
    private final CongestionControllerFactory controllers;
    private final SentFrameListener frames;
    private final CryptoProvider.Entropy entropy;
    private final PacketSpace[] spaces = new PacketSpace[EncryptionLevel.COUNT];
    private final LossTimer timer;
    private final LostBatch batch = new LostBatch();
    private final LargeLosses largeLosses = new LargeLosses();

    private CongestionController controller;
    private Pacer pacer;
    private RttEstimator rtt;
    private long peerMaxAckDelayNs;
    private int maxDatagramBytes;
    private long bytesInFlight;
    private boolean applicationLimited;

    private long lostPackets;
    private long lostBytes;
    private long spuriousLosses;
    private long probeTimeouts;
    private long persistentCongestions;

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
        this.settings = settings;
        this.controllers = controllers;
        this.frames = frames;
        this.entropy = entropy;
        peerMaxAckDelayNs = settings.peerMaxAckDelayNs();
        maxDatagramBytes = settings.maxDatagramBytes();
        startPath();
        for (int i = 0; i < spaces.length; i++) {
            SkippedNumbers skips = i == EncryptionLevel.APPLICATION ? new SkippedNumbers(entropy) : null;
            spaces[i] = new PacketSpace(i, new SentPackets(skips, controller.packetColumns()));
        }
        timer = new LossTimer(server, spaces);
    }

    // ---- what the sender asks

    public SentPackets sent(int space) {
        return spaces[space].sent;
    }

    /** Of the current path: another object after {@link #onPathChanged}. */
    public RttEstimator rtt() {
        return rtt;
    }

    /** Of the current path. */
    public CongestionController controller() {
        return controller;
    }

    /** Of the current path. */
    public Pacer pacer() {
        return pacer;
    }

    public long bytesInFlight() {
        return bytesInFlight;
    }

    /** How much the congestion window still lets go; packets that are not in flight do not need it. */
    public long sendAllowanceBytes() {
        return Math.max(0, controller.windowBytes() - bytesInFlight);
    }

    /** Whether a packet that is ready has to wait for the pacer; asked only by a sender that has one. */
    public boolean isPacingBlocked(long nowNs, int bytes) {
        boolean blocked = pacer.isBlocked(nowNs, bytes);
        if (blocked) {
            applicationLimited = false; // RFC 9002 §7.8: what the pacer holds back is no lack of data
        }
        return blocked;
    }

    /** When the pacer lets the sender go on; {@code Long.MAX_VALUE} when it does not hold it back. */
    public long pacingDeadlineNs() {
        return pacer.deadlineNs();
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
        return spaces[space].ackOnlyRun >= MAX_ACK_ONLY_RUN && bytesInFlight < controller.windowBytes();
    }

    /** The probe timeout of the APPLICATION space without back-off, the measure of many other times. RFC 9002 §6.2.1 */
    public long ptoNs() {
        return rtt.ptoNs(peerMaxAckDelayNs);
    }

    public int ptoCount() {
        return timer.ptoCount();
    }

    /** Ack-eliciting and padding packets declared lost so far, whether rightly or not. */
    public long lostPackets() {
        return lostPackets;
    }

    public long lostBytes() {
        return lostBytes;
    }

    /** How many of {@link #lostPackets()} were acknowledged later. */
    public long spuriousLosses() {
        return spuriousLosses;
    }

    public long probeTimeouts() {
        return probeTimeouts;
    }

    public long persistentCongestions() {
        return persistentCongestions;
    }

    // ---- what happens

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
        sent.complete(nowNs, bytes, ackEliciting, inFlight);
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
        controller.onPacketSent(
                nowNs, packetNumber, bytes, bytesInFlight, sent.columns(), sent.columnsAt(packetNumber));
        bytesInFlight += bytes;
        if (bytesInFlight + maxDatagramBytes > controller.windowBytes()) {
            applicationLimited = false;
        }
        pacer.onPacketSent(nowNs, bytes);
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
            onLost(space, packetNumber);
            space.sent.settle();
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
        long largestSentNs = largestIsNew ? sent.sentNs(ack.largest) : 0;
        int largestBytes = largestIsNew ? sent.bytes(ack.largest) : 0;
        controller.onAckBegin(nowNs, bytesInFlight, applicationLimited);
        sent.largestAcked(ack.largest);
        int news = onRanges(in, ack, nowNs);
        long rttSampleNs = 0;
        if (largestIsNew && (news & NEWLY_ACKED_ELICITING) != 0 && ack.largest >= in.pathStart) {
            rttSampleNs = rtt.onSample(largestSentNs, believedDelayNs(space, ackDelayNs), nowNs);
        }
        sent.settle();
        if (news != 0) {
            detectLost(in, nowNs);
            largeLosses.onAcked(largestBytes);
            timer.onAcknowledged(space, nowNs);
        }
        controller.onAckEnd(nowNs, bytesInFlight, rttSampleNs, rtt.smoothedNs(), rtt.minNs());
    }

    /** When {@link #onTimeout} is due; {@code Long.MAX_VALUE} for never. */
    public long deadlineNs() {
        return timer.deadlineNs(rtt, peerMaxAckDelayNs);
    }

    /** Declares packets lost by time, or asks for probes; does nothing before {@link #deadlineNs()}. RFC 9002 §A.9 */
    public void onTimeout(long nowNs) {
        if (nowNs < deadlineNs()) {
            return;
        }
        PacketSpace lossy = timer.earliestLossTime();
        if (lossy != null) {
            detectLost(lossy, nowNs);
            timer.set(nowNs);
            return;
        }
        probeTimeouts++;
        PacketSpace expired = spaces[timer.probeSpace()];
        timer.onProbeTimeout(nowNs);
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
        drop(spaces[space], false);
        timer.resetBackoff(nowNs);
    }

    /** The server answered with Retry: all that was sent has to be sent again. RFC 9002 §6.3 */
    public void onRetry(long nowNs) {
        for (PacketSpace space : spaces) {
            drop(space, true);
        }
        timer.resetBackoff(nowNs);
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
        peerMaxAckDelayNs = delayNs;
        timer.invalidate();
    }

    /** The sender has nothing to send though the window and the pacer would let it. RFC 9002 §7.8 */
    public void onApplicationLimited() {
        if (bytesInFlight + maxDatagramBytes <= controller.windowBytes()) {
            applicationLimited = true;
            controller.onApplicationLimited(bytesInFlight);
        }
    }

    /** The largest datagram that is sent on the current path. */
    public int maxDatagramBytes() {
        return maxDatagramBytes;
    }

    public void onMaxDatagramSize(int bytes) {
        maxDatagramBytes = bytes;
        controller.onMaxDatagramSize(bytes);
        largeLosses.begin(spaces[EncryptionLevel.APPLICATION].sent.nextPacketNumber());
    }

    /** Whether large datagrams vanish on the current path while small ones arrive; told once. RFC 8899 §4.3 */
    public boolean pollBlackHole() {
        return largeLosses.pollSuspicion();
    }

    /** The connection goes on over another path: what is in flight on the old one counts no longer. RFC 9000 §9.4 */
    public void onPathChanged(long nowNs) {
        startPath();
        bytesInFlight = 0;
        applicationLimited = false;
        for (PacketSpace space : spaces) {
            space.pathStart = space.sent.nextPacketNumber();
        }
        timer.resetBackoff(nowNs);
    }

    private void startPath() {
        controller = controllers.create(CongestionParameters.of(
                maxDatagramBytes, settings.initialWindowPackets(), settings.initialRttNs(), drawSeed()));
        pacer = new Pacer(controller);
        rtt = new RttEstimator(settings.initialRttNs());
    }

    private long drawSeed() {
        byte[] random = new byte[Long.BYTES];
        entropy.fill(random, 0, random.length);
        return ByteBuffer.wrap(random).getLong();
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
        if (sent.isInFlight(number) && number >= space.pathStart) {
            int bytes = sent.bytes(number);
            bytesInFlight -= bytes;
            controller.onPacketAcked(number, bytes, sent.sentNs(number), sent.columns(), sent.columnsAt(number));
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
                if (number >= space.pathStart) {
                    controller.onSpuriousLoss(nowNs, number, sent.bytes(number), sent.sentNs(number));
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
        return timer.isHandshakeConfirmed() ? Math.min(ackDelayNs, peerMaxAckDelayNs) : ackDelayNs;
    }

    // ---- losses

    /** RFC 9002 §A.10. What is left below the largest acknowledged packet are PACKET_THRESHOLD - 1 packets at most. */
    private void detectLost(PacketSpace space, long nowNs) {
        SentPackets sent = space.sent;
        long delayNs = rtt.lossDelayNs();
        long largestAcked = sent.largestAcked();
        space.lossTimeNs = Long.MAX_VALUE;
        batch.reset();
        for (long number = sent.floor(); number < largestAcked; number++) {
            if (sent.isAcked(number)) {
                batch.breakRun();
                largeLosses.onAcked(sent.bytes(number));
            } else if (sent.isOutstanding(number)) {
                long sentNs = sent.sentNs(number);
                if (largestAcked - number >= PACKET_THRESHOLD || nowNs - sentNs >= delayNs) {
                    onLost(space, number);
                } else if (sent.isInFlight(number)) {
                    space.lossTimeNs = Math.min(space.lossTimeNs, sentNs + delayNs);
                }
            }
        }
        sent.settle();
        if (batch.bytes() > 0) {
            reportBatch(nowNs);
        }
    }

    private void onLost(PacketSpace space, long number) {
        SentPackets sent = space.sent;
        boolean inFlight = sent.isInFlight(number);
        if (inFlight && sent.isMtuProbe(number)) {
            bytesInFlight -= number >= space.pathStart ? sent.bytes(number) : 0;
        } else if (inFlight) {
            int bytes = sent.bytes(number);
            largeLosses.onLost(number, bytes);
            lostPackets++;
            lostBytes += bytes;
            if (number >= space.pathStart) {
                long sentNs = sent.sentNs(number);
                bytesInFlight -= bytes;
                batch.add(number, sentNs, bytes);
                controller.onPacketLost(number, bytes, sentNs, sent.columns(), sent.columnsAt(number));
                // RFC 9002 §7.6.2: both ends are ack-eliciting and later than the first sample.
                if (sent.isAckEliciting(number) && sentNs > rtt.firstSampleNs()) {
                    batch.extendRun(sentNs);
                }
            }
        }
        sent.markLost(number);
        if (inFlight) {
            sent.reportLost(space.number, number, frames);
        }
    }

    private void reportBatch(long nowNs) {
        boolean persistent = batch.longestRunNs() > PERSISTENT_CONGESTION_THRESHOLD * ptoNs();
        controller.onPacketsLost(nowNs, batch.largest(), batch.largestSentNs(), batch.bytes(), persistent);
        if (persistent) {
            persistentCongestions++;
            rtt.onPersistentCongestion();
        }
    }

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
        onLost(space, space.sent.floor());
        space.sent.settle();
        timer.invalidate();
    }

    private void drop(PacketSpace space, boolean report) {
        SentPackets sent = space.sent;
        for (long number = sent.floor(); number < sent.nextPacketNumber(); number++) {
            if (sent.isOutstanding(number) && sent.isInFlight(number)) {
                bytesInFlight -= number >= space.pathStart ? sent.bytes(number) : 0;
                if (report) {
                    sent.reportLost(space.number, number, frames);
                }
            }
        }
        space.clear();
    }
}
