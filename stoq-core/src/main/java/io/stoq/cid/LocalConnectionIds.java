package io.stoq.cid;

import io.stoq.buffer.ByteWriter;
import io.stoq.crypto.CryptoProvider.Entropy;
import io.stoq.crypto.CryptoProvider.ResetTokens;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.FrameType;
import io.stoq.wire.frame.NewConnectionIdFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ids that the peer puts into packets to us: issues, replaces and retires them. Confined to the connection's loop.
 * RFC 9000 §5.1.
 *
 * <p>Bounded: at most {@link #MAX_ACTIVE} ids are valid at a time, and as many again while a rotation is under way. A
 * replacement is only issued for an id that the peer knew, so the peer cannot ask for more than one id per round trip
 * and slot.
 */
public final class LocalConnectionIds {

    /** Length of the ids we issue, in bytes. */
    public static final int LENGTH = 8;

    /** Most ids that are valid at a time, whatever the peer would take. */
    public static final int MAX_ACTIVE = 4;

    /** How many retired ids still reach the connection, for packets that were overtaken by the retirement. */
    static final int MAX_LINGERING = 2;

    private static final int TOKEN_LENGTH = 16;

    private final Entropy entropy;
    private final ResetTokens tokens;
    private final ConnectionIdRoutes routes;
    private final List<IssuedId> issued = new ArrayList<>();
    private final List<IssuedId> lingering = new ArrayList<>();
    private final byte[] token = new byte[TOKEN_LENGTH];
    private final byte[] initial;

    private int target = 1;
    private long nextSequence;
    private long retirePriorTo;

    /** Creates the id with sequence number 0 and adds its route. */
    public LocalConnectionIds(Entropy entropy, ResetTokens tokens, ConnectionIdRoutes routes) {
        this.entropy = entropy;
        this.tokens = tokens;
        this.routes = routes;
        IssuedId first = issue();
        first.state = IssuedId.DELIVERED; // the handshake's packet headers carry it
        initial = first.bytes;
    }

    /** The Source Connection ID of our handshake packets; not to be changed. */
    public byte[] initial() {
        return initial;
    }

    /** The 16-byte stateless reset token of {@link #initial()}, which a server puts into its transport parameters. */
    public byte[] initialResetToken() {
        byte[] result = new byte[TOKEN_LENGTH];
        tokens.derive(initial, 0, LENGTH, result, 0);
        return result;
    }

    /** The peer's active_connection_id_limit is known: issues ids up to it. RFC 9000 §5.1.1. */
    public void onPeerLimit(long activeConnectionIdLimit) {
        target = (int) Math.min(activeConnectionIdLimit, MAX_ACTIVE);
        issueMissing();
    }

    /**
     * RETIRE_CONNECTION_ID. RFC 9000 §19.16.
     *
     * @param dcid Destination Connection ID of the packet that carried the frame
     */
    public void onRetire(long sequence, byte[] dcid, int dcidLength) {
        IssuedId id = find(sequence);
        if (sequence >= nextSequence || id != null && id.state == IssuedId.UNSENT) {
            throw violation("retires a connection id that was never issued");
        }
        if (id == null) {
            return; // retired before
        }
        if (id.matches(dcid, dcidLength)) {
            throw violation("retires the connection id of its own packet");
        }
        issued.remove(id);
        linger(id);
        issueMissing();
    }

    /**
     * Asks the peer to stop using all ids issued so far, and issues new ones. Does nothing while the peer has not yet
     * retired what the last rotation asked for, which bounds the number of ids. RFC 9000 §5.1.2.
     */
    public void rotate() {
        if (issued.getFirst().sequence < retirePriorTo) {
            return;
        }
        retirePriorTo = nextSequence;
        issueMissing();
    }

    /** Whether a NEW_CONNECTION_ID frame is to be sent. */
    public boolean wantsToSend() {
        for (int i = 0; i < issued.size(); i++) {
            if (issued.get(i).wantsToSend()) {
                return true;
            }
        }
        return false;
    }

    /** Writes NEW_CONNECTION_ID frames as far as they fit. */
    public void writeFrames(ByteWriter out, SentPackets log) {
        for (int i = 0; i < issued.size(); i++) {
            IssuedId id = issued.get(i);
            if (id.wantsToSend() && !write(id, out, log)) {
                return;
            }
        }
    }

    public void onFrameAcked(int kind, long sequence) {
        IssuedId id = kind == SentFrame.NEW_CONNECTION_ID ? find(sequence) : null;
        if (id != null) {
            id.state = IssuedId.DELIVERED;
        }
    }

    public void onFrameLost(int kind, long sequence) {
        IssuedId id = kind == SentFrame.NEW_CONNECTION_ID ? find(sequence) : null;
        if (id != null && id.state == IssuedId.IN_FLIGHT) {
            id.state = IssuedId.LOST;
        }
    }

    /** Whether packets to this id are for this connection. */
    public boolean owns(byte[] connectionId, int length) {
        return contains(issued, connectionId, length) || contains(lingering, connectionId, length);
    }

    /** Removes all routes. */
    public void close() {
        issued.forEach(id -> routes.remove(id.bytes));
        lingering.forEach(id -> routes.remove(id.bytes));
        issued.clear();
        lingering.clear();
    }

    private boolean write(IssuedId id, ByteWriter out, SentPackets log) {
        // A lost frame may be sent again after a rotation; its own sequence number stays the upper bound. RFC 9000
        // §19.15.
        long retire = Math.min(retirePriorTo, id.sequence);
        if (NewConnectionIdFrame.size(id.sequence, retire, LENGTH) > out.remaining()) {
            return false;
        }
        tokens.derive(id.bytes, 0, LENGTH, token, 0);
        NewConnectionIdFrame.write(out, id.sequence, retire, id.bytes, token);
        log.addFrame(SentFrame.NEW_CONNECTION_ID, id.sequence, 0, 0);
        id.state = IssuedId.IN_FLIGHT;
        return true;
    }

    private void issueMissing() {
        int active = 0;
        for (int i = 0; i < issued.size(); i++) {
            active += issued.get(i).sequence >= retirePriorTo ? 1 : 0;
        }
        for (; active < target; active++) {
            issue();
        }
    }

    private IssuedId issue() {
        byte[] bytes = new byte[LENGTH];
        entropy.fill(bytes, 0, LENGTH);
        IssuedId id = new IssuedId(nextSequence++, bytes);
        issued.add(id);
        routes.add(bytes);
        return id;
    }

    private void linger(IssuedId id) {
        lingering.add(id);
        if (lingering.size() > MAX_LINGERING) {
            routes.remove(lingering.removeFirst().bytes);
        }
    }

    private IssuedId find(long sequence) {
        for (int i = 0; i < issued.size(); i++) {
            if (issued.get(i).sequence == sequence) {
                return issued.get(i);
            }
        }
        return null;
    }

    private static boolean contains(List<IssuedId> ids, byte[] connectionId, int length) {
        for (int i = 0; i < ids.size(); i++) {
            if (ids.get(i).matches(connectionId, length)) {
                return true;
            }
        }
        return false;
    }

    private static TransportException violation(String reason) {
        return new TransportException(TransportErrorCode.PROTOCOL_VIOLATION, FrameType.RETIRE_CONNECTION_ID, reason);
    }

    private static final class IssuedId {

        static final int UNSENT = 0;
        static final int IN_FLIGHT = 1;
        static final int LOST = 2;
        static final int DELIVERED = 3;

        final long sequence;
        final byte[] bytes;
        int state = UNSENT;

        IssuedId(long sequence, byte[] bytes) {
            this.sequence = sequence;
            this.bytes = bytes;
        }

        boolean wantsToSend() {
            return state == UNSENT || state == LOST;
        }

        boolean matches(byte[] connectionId, int length) {
            return length == LENGTH && Arrays.equals(bytes, 0, LENGTH, connectionId, 0, LENGTH);
        }
    }
}
