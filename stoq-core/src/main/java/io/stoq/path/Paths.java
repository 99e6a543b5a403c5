package io.stoq.path;

import io.stoq.buffer.ByteWriter;
import io.stoq.crypto.CryptoProvider.Entropy;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.frame.PathChallengeFrame;
import io.stoq.wire.frame.PathResponseFrame;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The paths that a connection knows, which of them is in use, and how they are validated. Confined to the connection's
 * loop. RFC 9000 §8.2, §9.
 *
 * <p>A server follows its client to a new address at once, limited there to three times what it received, and validates
 * the new path; until that succeeds it keeps the last validated path to return to. A client knows one path: it drops
 * what comes from any other address, and answers challenges.
 */
public final class Paths {

    /** Most paths known at a time. */
    public static final int MAX_PATHS = 4;

    /** Datagrams with a challenge or response are padded to this size where the ledger permits it. RFC 9000 §8.2.1. */
    public static final int FULL_SIZE_BYTES = 1200;

    /** PTO of a path without RTT sample: three times an initial RTT of 333 ms. RFC 9002 §6.2.1, §6.2.2. */
    static final long INITIAL_PTO_NS = 999_000_000;

    /** RFC 9000 §8.2.4: a validation is abandoned after three PTOs. */
    static final int TIMEOUT_PTOS = 3;

    /** Smallest allowance worth a probe: short header, both frames and AEAD tag. */
    static final int MIN_PROBE_BYTES = 64;

    /** Server: what the client gets to prove its address with when it comes again. */
    public final NewTokens tokens = new NewTokens();

    private final boolean server;
    private final Entropy entropy;
    private final List<Path> paths = new ArrayList<>(MAX_PATHS);

    private Path active;
    private Path lastValidated;
    private long ptoNs = INITIAL_PTO_NS;
    private boolean handshakeConfirmed;
    private boolean portChangeOnly;
    private boolean failed;

    /** @param server a server's initial path starts unvalidated, and its client may move */
    public Paths(boolean server, Path initial, Entropy entropy) {
        this.server = server;
        this.entropy = entropy;
        active = initial;
        paths.add(initial);
        if (!server) {
            initial.onValidated(); // RFC 9000 §8.1: only servers are limited
        }
    }

    /** The path that everything but probes goes to. */
    public Path active() {
        return active;
    }

    /** From now on a server accepts packets from other addresses. RFC 9000 §9. */
    public void onHandshakeConfirmed() {
        handshakeConfirmed = true;
    }

    /**
     * The largest UDP payload that both sides allow, of this path and those to come; the handshake is done. RFC 9000 §14.
     */
    public void datagramLimit(int bytes) {
        active.mtu.begin(bytes);
    }

    /** The fate of a probe of a path's MTU, whichever path it was sent on. */
    public void onMtuProbeAcked(long packetNumber) {
        MtuDiscovery prober = proberOf(packetNumber);
        if (prober != null) {
            prober.onProbeAcked();
        }
    }

    /** As {@link #onMtuProbeAcked}. */
    public void onMtuProbeLost(long packetNumber) {
        MtuDiscovery prober = proberOf(packetNumber);
        if (prober != null) {
            prober.onProbeLost();
        }
    }

    /** Null where the path is forgotten, or took the probe for lost already. */
    private MtuDiscovery proberOf(long packetNumber) {
        for (int i = 0; i < paths.size(); i++) {
            MtuDiscovery mtu = paths.get(i).mtu;
            if (mtu.isProbe(packetNumber)) {
                return mtu;
            }
        }
        return null;
    }

    /** The current probe timeout, which paces challenges. */
    public void pto(long ns) {
        ptoNs = ns;
    }

    /**
     * Finds the path of a datagram, or adds one for a new address, and adds the UDP payload to its ledger. Called once
     * per datagram; also for what turns out to be no packet of this connection: a path alone changes nothing and there
     * are few.
     *
     * @return the path, or null where the datagram is to be dropped: a client's server does not move (RFC 9000 §9), nor
     *     may a client before the handshake is confirmed
     */
    public Path onDatagram(long nowNs, InetSocketAddress remote, InetAddress local, int bytes) {
        Path path = find(remote, local);
        if (path == null) {
            path = add(remote, local);
        }
        if (path != null) {
            path.onReceived(bytes);
        }
        return path;
    }

    /**
     * A packet with the highest number so far and a non-probing frame came over {@code path}: a server follows its
     * client there. RFC 9000 §9.3.
     *
     * @return whether the active path changed: the caller resets congestion and RTT state unless
     *     {@link #isPortChangeOnly()}, and changes the connection id where it has a spare
     */
    public boolean onNonProbingPacket(long nowNs, Path path) {
        if (!server || path == active || !paths.contains(path)) {
            return false;
        }
        Path previous = active;
        if (previous.isValidated()) {
            lastValidated = previous;
            // RFC 9000 §9.3.3: a client that did not move answers there, and by that moves the connection back
            validate(nowNs, previous);
        } else {
            previous.challenges.stop();
        }
        activate(path);
        if (!path.isValidated()) {
            validate(nowNs, path);
        }
        return true;
    }

    /** Whether the last change of the active path changed nothing but the peer's port. RFC 9000 §9.4. */
    public boolean isPortChangeOnly() {
        return portChangeOnly;
    }

    /** PATH_CHALLENGE arrived over {@code path}, which owes a response. RFC 9000 §8.2.2. */
    public void onPathChallenge(Path path, long data) {
        path.responses.add(data);
    }

    /**
     * PATH_RESPONSE arrived, over whichever path. RFC 9000 §8.2.3. One that answers no challenge is ignored: it may
     * answer a challenge of a validation that has ended.
     *
     * @return whether a path became validated that was not
     */
    public boolean onPathResponse(long nowNs, long data) {
        for (int i = 0; i < paths.size(); i++) {
            Path path = paths.get(i);
            int index = path.challenges.indexOf(data);
            if (index >= 0) {
                return onAnswered(nowNs, path, path.challenges.wasFullSize(index));
            }
        }
        return false;
    }

    /** A path that owes a response or has a challenge due, and whose ledger lets a datagram go; or null. */
    public Path pollProbe(long nowNs) {
        for (int i = 0; i < paths.size(); i++) {
            Path path = paths.get(i);
            boolean wants = !path.responses.isEmpty() || path.challenges.isDue();
            if (wants && path.allowanceBytes() >= MIN_PROBE_BYTES) {
                return path;
            }
        }
        return null;
    }

    /**
     * Writes the frames that {@link #pollProbe} promised. The caller pads the datagram to {@link #FULL_SIZE_BYTES}
     * wherever the path's allowance permits that, and sends it to this path.
     */
    public void writeProbe(Path path, ByteWriter out, SentPackets log, long nowNs) {
        // RFC 9000 §13.3: responses are sent once, so the log need not know them
        while (!path.responses.isEmpty() && out.remaining() >= PathResponseFrame.SIZE) {
            PathResponseFrame.write(out, path.responses.poll());
        }
        if (path.challenges.isDue() && out.remaining() >= PathChallengeFrame.SIZE) {
            boolean fullSize = path.allowanceBytes() >= FULL_SIZE_BYTES;
            long data = path.challenges.next(nowNs, entropy, fullSize);
            PathChallengeFrame.write(out, data);
            log.addFrame(SentFrame.PATH_CHALLENGE, data, 0, 0);
        }
    }

    /** When {@link #onTimeout} is to be called; {@link Long#MAX_VALUE} for never. */
    public long deadlineNs() {
        long deadline = Long.MAX_VALUE;
        for (int i = 0; i < paths.size(); i++) {
            deadline = Math.min(deadline, paths.get(i).challenges.deadlineNs());
        }
        return deadline;
    }

    /**
     * Repeats challenges, and ends validations that got no answer.
     *
     * @return whether the active path changed back to the last validated one; the caller acts as after
     *     {@link #onNonProbingPacket}
     */
    public boolean onTimeout(long nowNs) {
        boolean changed = false;
        for (int i = paths.size() - 1; i >= 0; i--) {
            Path path = paths.get(i);
            if (path.challenges.onTimeout(nowNs) && !path.isValidated()) {
                changed |= onFailed(path);
            }
        }
        return changed;
    }

    /** Whether the active path failed its validation and there is none to return to: NO_VIABLE_PATH. */
    public boolean hasFailed() {
        return failed;
    }

    private Path find(InetSocketAddress remote, InetAddress local) {
        if (active.isFor(remote, local)) {
            return active;
        }
        for (int i = 0; i < paths.size(); i++) {
            if (paths.get(i).isFor(remote, local)) {
                return paths.get(i);
            }
        }
        return null;
    }

    private Path add(InetSocketAddress remote, InetAddress local) {
        if (!server || !handshakeConfirmed || RemotePorts.isBlocked(remote.getPort())) {
            return null;
        }
        if (paths.size() == MAX_PATHS) {
            paths.remove(oldestIdle());
        }
        Path path = new Path(remote, local);
        path.mtu.beginLike(active.mtu);
        paths.add(path);
        return path;
    }

    /** The path to forget: neither in use nor the one to return to, and unvalidated where there is such a one. */
    private Path oldestIdle() {
        Path oldest = null;
        for (int i = 0; i < paths.size(); i++) {
            Path path = paths.get(i);
            if (path == active || path == lastValidated) {
                continue;
            }
            if (!path.isValidated()) {
                return path;
            }
            oldest = oldest == null ? path : oldest;
        }
        return oldest;
    }

    private void validate(long nowNs, Path path) {
        path.challenges.start(nowNs, ptoNs, TIMEOUT_PTOS * Math.max(ptoNs, INITIAL_PTO_NS));
    }

    private boolean onAnswered(long nowNs, Path path, boolean fullSize) {
        boolean first = !path.isValidated();
        path.onValidated();
        path.challenges.stop();
        if (!fullSize) {
            validate(nowNs, path); // RFC 9000 §8.2.1: once more, for the path's MTU
        }
        if (path == active) {
            lastValidated = path;
        }
        return first;
    }

    private boolean onFailed(Path path) {
        if (path != active) {
            paths.remove(path);
            return false;
        }
        if (lastValidated == null) {
            failed = true;
            return false;
        }
        paths.remove(path);
        activate(lastValidated); // RFC 9000 §9.3.2
        return true;
    }

    private void activate(Path path) {
        portChangeOnly = path.differsOnlyInPort(active);
        active = path;
    }
}
