package io.stoq.cid;

import io.stoq.buffer.ByteWriter;
import io.stoq.buffer.RangeSet;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.FrameType;
import io.stoq.wire.frame.RetireConnectionIdFrame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ids that we put into packets to the peer, as the peer issued them. Confined to the connection's loop. RFC 9000
 * §5.1.
 *
 * <p>Bounded against floods: {@link #ACTIVE_LIMIT} ids in use or spare, {@link #MAX_RETIRING} retirements that the peer
 * has not acknowledged, {@link #MAX_GAPS} holes in the sequence numbers seen. A peer that exceeds one of them loses its
 * connection.
 */
public final class PeerConnectionIds {

    /** How many ids we keep: the value of our active_connection_id_limit. */
    public static final int ACTIVE_LIMIT = 4;

    /** Most retirements without acknowledgement; RFC 9000 §5.1.2 asks for twice the limit or more. */
    public static final int MAX_RETIRING = 4 * ACTIVE_LIMIT;

    /** Most separate ranges of sequence numbers that are remembered to recognise repetitions. */
    static final int MAX_GAPS = 16;

    private static final ValueLayout.OfLong BIG_ENDIAN_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final List<PeerId> active = new ArrayList<>();
    private final RangeSet known = new RangeSet();
    private final long[] retiring = new long[MAX_RETIRING];
    private final boolean[] retiringUnsent = new boolean[MAX_RETIRING];

    private int retiringCount;
    private PeerId current;
    private long retirePriorTo;

    /** @param initial a client's random first id, or the Source Connection ID of a client's Initial packet */
    public PeerConnectionIds(byte[] initial) {
        current = new PeerId(0, initial.clone());
        current.inUse = true;
        active.add(current);
        known.add(0, 1);
    }

    /** The id for packets on the active path; not to be changed. Empty where the peer wants none. */
    public byte[] current() {
        return current.bytes;
    }

    public long currentSequence() {
        return current.sequence;
    }

    /**
     * The Source Connection ID of the server's first packet (or Retry) replaces the client's random one. RFC 9000 §7.2.
     */
    public void onHandshakeId(byte[] scid) {
        current.bytes = scid.clone();
    }

    /** The stateless reset token of sequence number 0, from the server's transport parameters. */
    public void resetToken(byte[] token16) {
        PeerId first = find(0);
        if (first != null) {
            first.token(token16, 0);
        }
    }

    /** The id of the server's preferred_address parameter, which has sequence number 1. RFC 9000 §5.1.1. */
    public void onPreferredAddressId(byte[] connectionId, byte[] token16) {
        known.add(1, 2);
        active.add(new PeerId(1, connectionId.clone()).token(token16, 0));
    }

    /** NEW_CONNECTION_ID. RFC 9000 §19.15, §5.1.2. */
    public void onNewConnectionId(
            long sequence, long retirePriorTo, byte[] data, int cidAt, int cidLength, int tokenAt) {
        if (current.bytes.length == 0) {
            throw error(TransportErrorCode.PROTOCOL_VIOLATION, "issues connection ids but wants none in packets");
        }
        boolean isNew = !known.contains(sequence);
        if (isNew) {
            learn(sequence, data, cidAt, cidLength, tokenAt);
        } else {
            requireSame(sequence, data, cidAt, cidLength, tokenAt);
        }
        this.retirePriorTo = Math.max(this.retirePriorTo, retirePriorTo);
        retireOld();
        if (active.size() > ACTIVE_LIMIT) {
            throw error(TransportErrorCode.CONNECTION_ID_LIMIT_ERROR, "more connection ids than our limit");
        }
    }

    /** Whether there is an id that was never used, so that {@link #rotate()} can succeed. */
    public boolean hasSpare() {
        return spare() != null;
    }

    /** Switches to a fresh id and retires the one in use. False, and nothing happens, where there is no spare. */
    public boolean rotate() {
        PeerId fresh = spare();
        if (fresh == null) {
            return false;
        }
        PeerId previous = current;
        use(fresh);
        retire(previous);
        return true;
    }

    /**
     * Takes a spare id for packets on a second path, since one id must not be seen on two paths. RFC 9000 §9.5.
     *
     * @return its sequence number for {@link #id}, {@link #switchTo} and {@link #release}, or -1 where there is none
     */
    public long reserve() {
        PeerId fresh = spare();
        if (fresh == null) {
            return -1;
        }
        fresh.inUse = true;
        return fresh.sequence;
    }

    /** The bytes of a reserved id, or null where the peer has had it retired meanwhile. */
    public byte[] id(long sequence) {
        PeerId id = find(sequence);
        return id == null ? null : id.bytes;
    }

    /** Makes a reserved id the current one and retires the one before; false where it is gone. */
    public boolean switchTo(long sequence) {
        PeerId next = find(sequence);
        if (next == null || retiringCount == MAX_RETIRING) {
            return false;
        }
        PeerId previous = current;
        use(next);
        if (previous != next) {
            retire(previous);
        }
        return true;
    }

    /** The path of a reserved id is given up: the id is retired. */
    public void release(long sequence) {
        PeerId id = find(sequence);
        if (id != null && id != current && retiringCount < MAX_RETIRING) {
            retire(id);
        }
    }

    /**
     * Whether the 16 bytes at {@code tokenAt} are the stateless reset token of an id in use. RFC 9000 §10.3.1: tokens
     * of unused and retired ids do not count, and the time taken does not depend on the bytes.
     */
    public boolean isStatelessReset(MemorySegment memory, long tokenAt) {
        long high = memory.get(BIG_ENDIAN_LONG, tokenAt);
        long low = memory.get(BIG_ENDIAN_LONG, tokenAt + 8);
        long matches = 0;
        for (int i = 0; i < active.size(); i++) {
            PeerId id = active.get(i);
            long difference = id.tokenHigh ^ high | id.tokenLow ^ low;
            long equal = (difference | -difference) >>> 63 ^ 1;
            matches |= equal & (id.inUse && id.hasToken ? 1 : 0);
        }
        return matches != 0;
    }

    /** Whether a RETIRE_CONNECTION_ID frame is to be sent. */
    public boolean wantsToSend() {
        for (int i = 0; i < retiringCount; i++) {
            if (retiringUnsent[i]) {
                return true;
            }
        }
        return false;
    }

    /** Writes RETIRE_CONNECTION_ID frames as far as they fit. */
    public void writeFrames(ByteWriter out, SentPackets log) {
        for (int i = 0; i < retiringCount; i++) {
            if (!retiringUnsent[i]) {
                continue;
            }
            if (RetireConnectionIdFrame.size(retiring[i]) > out.remaining()) {
                return;
            }
            RetireConnectionIdFrame.write(out, retiring[i]);
            log.addFrame(SentFrame.RETIRE_CONNECTION_ID, retiring[i], 0, 0);
            retiringUnsent[i] = false;
        }
    }

    public void onFrameAcked(int kind, long sequence) {
        int index = kind == SentFrame.RETIRE_CONNECTION_ID ? retiringIndex(sequence) : -1;
        if (index >= 0) {
            retiringCount--;
            retiring[index] = retiring[retiringCount];
            retiringUnsent[index] = retiringUnsent[retiringCount];
        }
    }

    public void onFrameLost(int kind, long sequence) {
        int index = kind == SentFrame.RETIRE_CONNECTION_ID ? retiringIndex(sequence) : -1;
        if (index >= 0) {
            retiringUnsent[index] = true;
        }
    }

    private void learn(long sequence, byte[] data, int cidAt, int cidLength, int tokenAt) {
        for (int i = 0; i < active.size(); i++) {
            if (active.get(i).hasBytes(data, cidAt, cidLength)) {
                throw error(TransportErrorCode.PROTOCOL_VIOLATION, "one connection id with two sequence numbers");
            }
        }
        known.add(sequence, sequence + 1);
        if (known.size() > MAX_GAPS) {
            throw error(TransportErrorCode.CONNECTION_ID_LIMIT_ERROR, "too many gaps in sequence numbers");
        }
        byte[] bytes = Arrays.copyOfRange(data, cidAt, cidAt + cidLength);
        active.add(new PeerId(sequence, bytes).token(data, tokenAt));
    }

    private void requireSame(long sequence, byte[] data, int cidAt, int cidLength, int tokenAt) {
        PeerId id = find(sequence);
        if (id == null) {
            return; // retired: its RETIRE_CONNECTION_ID was sent, and is sent again when it gets lost
        }
        boolean same = id.hasBytes(data, cidAt, cidLength)
                && (!id.hasToken || id.tokenHigh == tokenHigh(data, tokenAt) && id.tokenLow == tokenLow(data, tokenAt));
        if (!same) {
            throw error(TransportErrorCode.PROTOCOL_VIOLATION, "one sequence number with two connection ids or tokens");
        }
    }

    /** Retires what lies below Retire Prior To, also an id that arrives late. RFC 9000 §5.1.2, §19.15. */
    private void retireOld() {
        for (int i = active.size() - 1; i >= 0; i--) {
            PeerId id = active.get(i);
            if (id.sequence < retirePriorTo) {
                retire(id);
            }
        }
        if (current.sequence < retirePriorTo) {
            PeerId next = lowestUnused();
            if (next == null) {
                throw error(TransportErrorCode.PROTOCOL_VIOLATION, "retires all connection ids");
            }
            use(next);
        }
    }

    private void use(PeerId id) {
        id.inUse = true;
        current = id;
    }

    private void retire(PeerId id) {
        active.remove(id);
        if (retiringCount == MAX_RETIRING) {
            throw error(TransportErrorCode.CONNECTION_ID_LIMIT_ERROR, "too many retirements without acknowledgement");
        }
        retiring[retiringCount] = id.sequence;
        retiringUnsent[retiringCount++] = true;
    }

    private PeerId spare() {
        if (retiringCount > MAX_RETIRING / 2) {
            return null; // the other half is for what the peer asks for: our own changes never exceed the limit
        }
        return lowestUnused();
    }

    private PeerId lowestUnused() {
        PeerId lowest = null;
        for (int i = 0; i < active.size(); i++) {
            PeerId id = active.get(i);
            if (!id.inUse && (lowest == null || id.sequence < lowest.sequence)) {
                lowest = id;
            }
        }
        return lowest;
    }

    private PeerId find(long sequence) {
        for (int i = 0; i < active.size(); i++) {
            if (active.get(i).sequence == sequence) {
                return active.get(i);
            }
        }
        return null;
    }

    private int retiringIndex(long sequence) {
        for (int i = 0; i < retiringCount; i++) {
            if (retiring[i] == sequence) {
                return i;
            }
        }
        return -1;
    }

    private static TransportException error(long code, String reason) {
        return new TransportException(code, FrameType.NEW_CONNECTION_ID, reason);
    }

    private static long tokenHigh(byte[] data, int at) {
        return MemorySegment.ofArray(data).get(BIG_ENDIAN_LONG, at);
    }

    private static long tokenLow(byte[] data, int at) {
        return MemorySegment.ofArray(data).get(BIG_ENDIAN_LONG, at + 8);
    }

    private static final class PeerId {

        final long sequence;
        byte[] bytes;
        long tokenHigh;
        long tokenLow;
        boolean hasToken;
        boolean inUse;

        PeerId(long sequence, byte[] bytes) {
            this.sequence = sequence;
            this.bytes = bytes;
        }

        PeerId token(byte[] data, int at) {
            tokenHigh = tokenHigh(data, at);
            tokenLow = tokenLow(data, at);
            hasToken = (tokenHigh | tokenLow) != 0; // zeros are what padding looks like, never a token
            return this;
        }

        boolean hasBytes(byte[] data, int at, int length) {
            return Arrays.equals(bytes, 0, bytes.length, data, at, at + length);
        }
    }
}
