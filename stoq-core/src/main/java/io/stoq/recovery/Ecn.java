package io.stoq.recovery;

import io.stoq.EcnState;
import io.stoq.wire.frame.AckBlock;

/**
 * Explicit Congestion Notification on the current path: whether packets go out with ECT(0), and whether the path and the peer
 * let the marks of congested queues come back. Confined to the connection's loop. RFC 9000 §13.4, §A.4.
 *
 * <p>A path is tested with its first packets. It is capable as soon as the peer reports one of them as it was sent, and fails
 * where counts are missing, do not add up or run backwards, where all of the packets are lost, or where all of them come back
 * as congestion experienced. Marks reported before the path is known to be capable are held back until it is.
 */
public final class Ecn {

    /** Not ECN-capable, and ECT(0): values of the two bits. RFC 3168 §5 */
    static final int NOT_ECT = 0;

    static final int ECT0 = 2;

    /** RFC 9000 §A.4. A train is marked as a whole, so there may be some more. */
    static final int TEST_PACKETS = 10;

    static final int TEST_PTOS = 3;

    /** Probe timeouts in a row after which a capable path is tested again: its packets may take another way now. */
    static final int RETEST_PTOS = 3;

    private final PacketSpace[] spaces;
    private EcnState state;

    /** Whether the datagram or train that is being built is marked. */
    private boolean marking;

    /** Of the packets in flight that test the path: how many were sent, acknowledged and declared lost. */
    private int tested;

    private int testedAcked;
    private int testedLost;
    private long testUntilNs;

    private long withheldMarks;
    private long packetsSent;
    private long marksReported;

    Ecn(boolean enabled, PacketSpace[] spaces) {
        this.spaces = spaces;
        state = enabled ? EcnState.TESTING : EcnState.OFF;
    }

    public EcnState state() {
        return state;
    }

    /** Packets that left with ECT(0), over all paths. */
    public long packetsSent() {
        return packetsSent;
    }

    /** How many of them the peer reported as congestion experienced; those of paths that failed are left out. */
    public long marksReported() {
        return marksReported;
    }

    // ---- sending

    /** The socket cannot mark what it sends. */
    void switchOff() {
        state = EcnState.OFF;
        marking = false;
    }

    /** What is built next is not marked. */
    int beginPlain() {
        marking = false;
        return NOT_ECT;
    }

    /** The ECN bits of the datagram or train that is built next; its packets are remembered with them. */
    int begin(long nowNs, long ptoNs) {
        if (state == EcnState.TESTING) {
            continueTest(nowNs, ptoNs);
        }
        marking = state == EcnState.CAPABLE || state == EcnState.TESTING && !isProbing();
        return marking ? ECT0 : NOT_ECT;
    }

    /** A packet left; returns whether it was marked. */
    boolean onSent(PacketSpace space, boolean inFlight) {
        if (marking) {
            packetsSent++;
            space.ecn.onSent();
            tested += state == EcnState.TESTING && inFlight ? 1 : 0;
        }
        return marking;
    }

    private void continueTest(long nowNs, long ptoNs) {
        if (tested == 0) {
            testUntilNs = nowNs + TEST_PTOS * ptoNs;
        } else if (tested >= TEST_PACKETS || nowNs >= testUntilNs) {
            endTest();
        }
    }

    /** What a probe timeout sends must pass also where marked packets do not. */
    private boolean isProbing() {
        for (PacketSpace space : spaces) {
            if (space.pendingProbes > 0) {
                return true;
            }
        }
        return false;
    }

    // ---- what becomes of marked packets

    void onAcked(PacketSpace space, long packetNumber, boolean inFlight) {
        space.ecn.onAcked(packetNumber);
        if (inFlight && isTest(space, packetNumber)) {
            testedAcked++;
        }
    }

    /** A packet in flight was declared lost. */
    void onLost(PacketSpace space, long packetNumber) {
        if (isTest(space, packetNumber)) {
            testedLost++;
            judge();
        }
    }

    /** A packet in flight that had been declared lost was acknowledged. */
    void onFound(PacketSpace space, long packetNumber) {
        space.ecn.onAcked(packetNumber);
        if (isTest(space, packetNumber)) {
            testedLost--;
            testedAcked++;
        }
    }

    /** A packet in flight was forgotten with its packet number space. */
    void onForgotten(PacketSpace space, long packetNumber) {
        if (isTest(space, packetNumber)) {
            tested--;
            judge();
        }
    }

    /** @param inARow how many there were without an acknowledgment in between */
    void onProbeTimeout(int inARow) {
        if (state == EcnState.TESTING && tested > 0 && testedAcked == 0) {
            endTest(); // nothing marked has arrived yet: the rest goes unmarked
        } else if (state == EcnState.CAPABLE && inARow >= RETEST_PTOS) {
            restart();
        }
    }

    /**
     * An ACK frame raised the largest acknowledged number of its space; the packets that it acknowledges were reported.
     *
     * @return how many more packets came back as congestion experienced, as far as that can be believed
     */
    long onAck(PacketSpace space, AckBlock ack) {
        boolean valid = space.ecn.onAck(ack);
        if (state == EcnState.OFF || state == EcnState.FAILED) {
            return 0;
        }
        if (!valid) {
            state = EcnState.FAILED;
            return 0;
        }
        withheldMarks += space.ecn.newMarks();
        if (state != EcnState.CAPABLE) {
            if (testedAcked == 0 || space.ecn.newEct0() == 0) {
                judge();
                return 0;
            }
            state = EcnState.CAPABLE;
        }
        long marks = withheldMarks;
        withheldMarks = 0;
        marksReported += marks;
        return marks;
    }

    /** The path is another one, or may be. RFC 9000 §13.4.2 */
    void restart() {
        if (state == EcnState.OFF) {
            return;
        }
        for (PacketSpace space : spaces) {
            space.ecnTestStart = space.sent.nextPacketNumber();
            if (state != EcnState.CAPABLE) {
                space.ecn.rebase(space.ecnTestStart);
            }
        }
        state = EcnState.TESTING;
        tested = 0;
        testedAcked = 0;
        testedLost = 0;
        withheldMarks = 0;
    }

    private boolean isTest(PacketSpace space, long packetNumber) {
        return packetNumber >= space.ecnTestStart && (state == EcnState.TESTING || state == EcnState.UNKNOWN);
    }

    private void endTest() {
        state = EcnState.UNKNOWN;
        judge();
    }

    /** Whether the test has failed: nothing is left to wait for, and no packet was reported as it was sent. */
    private void judge() {
        if (state != EcnState.UNKNOWN) {
            return;
        }
        if (tested == 0) {
            state = EcnState.TESTING; // its packets went with the keys of the handshake
        } else if (testedAcked + testedLost >= tested) {
            state = EcnState.FAILED;
        }
    }
}
