package io.stoq.path;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * One pair of addresses that packets travel between, with its anti-amplification ledger. Confined to the connection's
 * loop. RFC 9000 §8, §9.
 */
public final class Path {

    /** An unvalidated address gets at most this many times the bytes that came from it. RFC 9000 §8.1. */
    public static final int AMPLIFICATION_FACTOR = 3;

    /** Where packets go to and come from. */
    public final InetSocketAddress remote;

    /** The local address that the peer uses, or null where the socket cannot tell. */
    public final InetAddress local;

    /** How large the datagrams may be that go this way. */
    public final MtuDiscovery mtu = new MtuDiscovery();

    final PathChallenges challenges = new PathChallenges();
    final PathResponses responses = new PathResponses();

    private boolean validated;
    private long receivedBytes;
    private long sentBytes;

    /** @param local the local address, or null where the socket cannot tell */
    public Path(InetSocketAddress remote, InetAddress local) {
        this.remote = remote;
        this.local = local;
    }

    /** Whether the peer is known to receive at this address. */
    public boolean isValidated() {
        return validated;
    }

    /** The peer has shown that it receives at this address: by a token, a Handshake packet or a PATH_RESPONSE. */
    public void onValidated() {
        validated = true;
    }

    /** A UDP payload of {@code bytes} arrived; called once per datagram, whatever packets it holds. RFC 9000 §8.1. */
    public void onReceived(int bytes) {
        receivedBytes += bytes;
    }

    /** A UDP payload of {@code bytes} was sent. */
    public void onSent(int bytes) {
        sentBytes += bytes;
    }

    /** How many bytes may be sent now: 0 or more; {@link Long#MAX_VALUE} once the address is validated. */
    public long allowanceBytes() {
        return validated ? Long.MAX_VALUE : Math.max(0, AMPLIFICATION_FACTOR * receivedBytes - sentBytes);
    }

    /** UDP payload bytes that arrived over this path. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** UDP payload bytes that were sent over this path. */
    public long sentBytes() {
        return sentBytes;
    }

    /** Whether {@code other} differs in nothing but the peer's port: most likely the same host behind the same NAT. */
    boolean differsOnlyInPort(Path other) {
        return remote.getAddress().equals(other.remote.getAddress()) && isLocal(other.local);
    }

    boolean isFor(InetSocketAddress remote, InetAddress local) {
        return (this.remote == remote || this.remote.equals(remote)) && isLocal(local);
    }

    private boolean isLocal(InetAddress other) {
        return local == null || other == null || local == other || local.equals(other);
    }

    @Override
    public String toString() {
        return remote + (validated ? " validated" : " unvalidated");
    }
}
