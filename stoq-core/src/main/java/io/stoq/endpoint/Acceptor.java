package io.stoq.endpoint;

import io.stoq.buffer.Datagram;
import io.stoq.cid.ConnectionId;
import io.stoq.config.EndpointConfig;
import io.stoq.connection.Connection;
import io.stoq.connection.ConnectionListener;
import io.stoq.connection.ConnectionParts;
import io.stoq.crypto.CryptoProvider;
import io.stoq.path.RemotePorts;
import io.stoq.wire.PacketHeader;
import io.stoq.wire.PacketType;
import io.stoq.wire.TransportErrorCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What an endpoint does with datagrams of strangers: version negotiation, address validation, new connections, resets.
 * Confined to the endpoint's loop. RFC 9000 §5.2, §6, §8.1.
 */
final class Acceptor {

    /** RFC 9000 §14.1: Initial packets in smaller datagrams are dropped, and versions are not negotiated with them. */
    private static final int MIN_INITIAL_DATAGRAM_BYTES = 1200;

    /** RFC 9000 §7.2: shorter first destination ids are not random enough. */
    private static final int MIN_FIRST_ID_BYTES = 8;

    private final Endpoint endpoint;
    private final EndpointConfig config;
    private final CryptoProvider crypto;
    private final EndpointListener listener;
    private final StatelessReplies replies;
    private final Map<ConnectionId, ConnectionEntry> byFirstId = new HashMap<>();
    private final boolean accepting;
    private final AddressTokens tokens;
    private final AcceptLoad load;
    private boolean stopped;
    private long accepted;
    private long refused;

    Acceptor(
            Endpoint endpoint,
            EndpointConfig config,
            CryptoProvider crypto,
            EndpointListener listener,
            StatelessReplies replies) {
        this.endpoint = endpoint;
        this.config = config;
        this.crypto = crypto;
        this.listener = listener;
        this.replies = replies;
        this.accepting = config.accept();
        this.tokens = new AddressTokens(crypto, config.tokens());
        this.load = new AcceptLoad(config, crypto.entropy());
    }

    /** The connection whose client still sends to the id that it had chosen itself, or null. */
    ConnectionEntry find(PacketHeader header) {
        boolean handshakeType = header.type == PacketType.INITIAL || header.type == PacketType.ZERO_RTT;
        return byFirstId.isEmpty() || !handshakeType
                ? null
                : byFirstId.get(ConnectionId.of(header.dcid, 0, header.dcidLength));
    }

    /** A datagram that belongs to no connection; returns the one it opens, or null. */
    ConnectionEntry onStranger(long nowNs, Datagram datagram, long at, int length, PacketHeader header) {
        switch (header.type) {
            case PacketType.SHORT -> {
                if (!endpoint.onPossibleReset(nowNs, datagram, at, length)) {
                    replies.reset(nowNs, header.dcid, header.dcidLength, length, datagram.remote, datagram.local);
                }
                return null;
            }
            case PacketType.UNKNOWN_VERSION -> {
                if (accepting && !stopped && length >= MIN_INITIAL_DATAGRAM_BYTES) {
                    replies.negotiateVersion(header, datagram.remote, datagram.local);
                }
                return null;
            }
            case PacketType.INITIAL -> {
                boolean acceptable = accepting
                        && length >= MIN_INITIAL_DATAGRAM_BYTES
                        && header.dcidLength >= MIN_FIRST_ID_BYTES
                        // RFC 9000 §21.5.6: nobody is made to send to a port that another protocol would take it on.
                        && !RemotePorts.isBlocked(datagram.remote.getPort());
                return acceptable ? onInitial(nowNs, datagram, header) : null;
            }
            default -> {
                return null;
            }
        }
    }

    private ConnectionEntry onInitial(long nowNs, Datagram datagram, PacketHeader header) {
        if (stopped) {
            refused++;
            replies.refuse(nowNs, header, datagram.remote, datagram.local);
            return null;
        }
        byte[] destination = Arrays.copyOf(header.dcid, header.dcidLength);
        AddressProof proof = header.tokenLength == 0
                ? AddressProof.NONE
                : tokens.check(nowNs, token(datagram, header), datagram.remote, destination);
        if (proof == AddressProof.BAD_RETRY) {
            // RFC 9000 §8.1.2: a client that comes with a bad token will not come with a better one.
            replies.refuse(nowNs, header, TransportErrorCode.INVALID_TOKEN, datagram.remote, datagram.local);
            return null;
        }
        if (proof == AddressProof.NONE
                && load.wantsProof(nowNs, AddressKey.of(datagram.remote).high())) {
            if (!replies.isFull()) {
                sendRetry(nowNs, datagram, header, destination);
            }
            return null;
        }
        boolean overMemory = endpoint.memory().refusesConnections();
        if (overMemory
                || endpoint.connections() >= config.maxConnections()
                || load.handshakes() >= config.maxHandshakes()) {
            refused++;
            if (overMemory) {
                endpoint.memory().onConnectionRefused();
            }
            replies.refuse(nowNs, header, datagram.remote, datagram.local);
            return null;
        }
        return accept(nowNs, datagram, header, destination, proof);
    }

    private ConnectionEntry accept(
            long nowNs, Datagram datagram, PacketHeader header, byte[] destination, AddressProof proof) {
        ConnectionEntry entry = new ConnectionEntry(endpoint);
        AcceptedListener first = new AcceptedListener();
        entry.address = AddressKey.of(datagram.remote);
        entry.firstDestinationId = ConnectionId.of(destination);
        entry.accepting = first;
        entry.proof = proof;
        AddressProof.Retried retried = proof instanceof AddressProof.Retried after ? after : null;
        entry.connection = ConnectionParts.server(
                endpoint.at(nowNs, config.connection(), first, entry),
                crypto,
                datagram.remote,
                datagram.local,
                new ConnectionParts.ClientIds(
                        Arrays.copyOf(header.scid, header.scidLength),
                        retried == null ? destination : retried.originalId(),
                        retried == null ? null : retried.retryId()),
                proof != AddressProof.NONE);
        byFirstId.put(entry.firstDestinationId, entry);
        endpoint.add(entry);
        load.onHandshake();
        return entry;
    }

    /** A connection took a datagram, a task's result or a timeout. */
    void onProgress(long nowNs, ConnectionEntry entry) {
        if (entry.accepting != null) {
            onFirstDatagram(nowNs, entry);
        }
        if (!entry.handshaking) {
            return;
        }
        if (entry.connection.isEstablished() || !entry.connection.isOpen()) {
            endHandshake(entry);
        } else if (entry.proof == AddressProof.NONE) {
            unproved(entry, entry.connection.memory().heldBytes());
        }
    }

    private void onFirstDatagram(long nowNs, ConnectionEntry entry) {
        AcceptedListener first = entry.accepting;
        entry.accepting = null;
        if (!entry.connection.hasReceived()) {
            // Nothing in it was authentic: no state is kept for it.
            load.onJunk(nowNs);
            entry.connection.abandon();
            endpoint.remove(entry);
            return;
        }
        tokens.onUsed(entry.proof);
        ConnectionListener target = listener.onConnection(entry.connection);
        if (target == null) {
            refused++;
            entry.connection.refuse(nowNs);
            return;
        }
        accepted++;
        first.target(target);
        if (!entry.connection.isOpen()) {
            target.onClosed(entry.connection, entry.connection.closeReason());
        }
    }

    void onRemoved(ConnectionEntry entry) {
        if (entry.handshaking) {
            endHandshake(entry);
        }
        if (entry.firstDestinationId != null) {
            byFirstId.remove(entry.firstDestinationId, entry);
        }
    }

    private void endHandshake(ConnectionEntry entry) {
        entry.handshaking = false;
        if (entry.connection.isServer()) {
            load.onHandshakeOver();
            unproved(entry, 0);
        }
    }

    /** What the handshake of a client without proof holds. */
    private void unproved(ConnectionEntry entry, long bytes) {
        load.onUnprovedBytes(bytes - entry.unprovedBytes);
        entry.unprovedBytes = bytes;
    }

    /** The client received what was sent to this address: it gets tokens to show when it comes again. RFC 9000 §8.1.3. */
    void onAddressProved(long nowNs, Connection connection) {
        for (int i = 0; i < config.tokens().perConnection(); i++) {
            connection.offerToken(tokens.forLater(nowNs, connection.remote()));
        }
    }

    /** From now on whoever comes is refused. */
    void stop() {
        stopped = true;
    }

    long accepted() {
        return accepted;
    }

    long refused() {
        return refused;
    }

    AddressTokens tokens() {
        return tokens;
    }

    boolean isBusy() {
        return load.isBusy();
    }

    private static byte[] token(Datagram datagram, PacketHeader header) {
        byte[] token = new byte[header.tokenLength];
        MemorySegment.copy(datagram.memory, ValueLayout.JAVA_BYTE, header.tokenAt, token, 0, token.length);
        return token;
    }

    private void sendRetry(long nowNs, Datagram datagram, PacketHeader header, byte[] destination) {
        byte[] retryId = new byte[Connection.LOCAL_ID_BYTES];
        crypto.entropy().fill(retryId, 0, retryId.length);
        byte[] token = tokens.forRetry(nowNs, datagram.remote, destination, retryId);
        replies.retry(header, retryId, token, datagram.remote, datagram.local);
    }
}
