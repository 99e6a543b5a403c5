package io.stoq.endpoint;

import io.stoq.TokenStatistics;
import io.stoq.config.TokenPolicy;
import io.stoq.crypto.CryptoProvider;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Issues and checks the tokens that prove addresses. Confined to the endpoint's loop. RFC 9000 §8.1.
 *
 * <pre>
 *   token:  kind (4) | sealed: issued, ms since 1970 (8) [ | length (1) | original id | length (1) | retry id ]
 *   sealed with it: kind | the address, and the port of a Retry token
 * </pre>
 *
 * <p>The kind is readable: what claims to be of a Retry packet and does not open ends the attempt, since its client would
 * ignore another Retry packet; any other token that does not open is no token. The two kinds differ in all bits, and are
 * long enough that tokens of other implementations are neither.
 */
final class AddressTokens {

    static final int RETRY = 0x51c4a90e;
    static final int NEW_TOKEN = ~RETRY;

    /** How long a client may take to come back after a Retry packet. */
    static final long RETRY_LIFETIME_MS = 15_000;

    /** How far the clocks of servers may differ that share a key. */
    static final long MAX_SKEW_MS = 5_000;

    private static final int KIND_BYTES = 4;
    private static final int MARK_BYTES = 8;
    private static final long NS_PER_MS = 1_000_000;

    private final CryptoProvider crypto;
    private final TokenPolicy policy;
    private final UsedTokens used = new UsedTokens();
    private long unixMsAtZero;
    private long issued;
    private long acceptedRetry;
    private long acceptedNew;
    private long unreadable;
    private long expired;
    private long reused;

    AddressTokens(CryptoProvider crypto, TokenPolicy policy) {
        this.crypto = crypto;
        this.policy = policy;
    }

    /** What time it is where servers share keys. */
    void unixTime(long nowNs, long unixMs) {
        unixMsAtZero = unixMs - nowNs / NS_PER_MS;
    }

    // ---- issuing

    /** For a Retry packet. */
    byte[] forRetry(long nowNs, InetSocketAddress client, byte[] originalId, byte[] retryId) {
        ByteBuffer content = ByteBuffer.allocate(Long.BYTES + 2 + originalId.length + retryId.length);
        content.putLong(unixMs(nowNs));
        content.put((byte) originalId.length).put(originalId);
        content.put((byte) retryId.length).put(retryId);
        return seal(nowNs, RETRY, content.array(), client);
    }

    /** For a NEW_TOKEN frame; unlike any other. */
    byte[] forLater(long nowNs, InetSocketAddress client) {
        issued++;
        byte[] content = ByteBuffer.allocate(Long.BYTES).putLong(unixMs(nowNs)).array();
        return seal(nowNs, NEW_TOKEN, content, client);
    }

    private byte[] seal(long nowNs, int kind, byte[] content, InetSocketAddress client) {
        byte[] sealed = crypto.tokens().seal(unixMs(nowNs), content, boundTo(kind, client));
        return ByteBuffer.allocate(KIND_BYTES + sealed.length)
                .putInt(kind)
                .put(sealed)
                .array();
    }

    // ---- checking

    /**
     * What a token proves.
     *
     * @param destination the id that the client sends to
     */
    AddressProof check(long nowNs, byte[] token, InetSocketAddress client, byte[] destination) {
        int kind = token.length < KIND_BYTES ? 0 : ByteBuffer.wrap(token).getInt();
        if (kind == RETRY) {
            return checkRetry(nowNs, open(nowNs, kind, token, client), destination);
        }
        byte[] content = kind == NEW_TOKEN ? open(nowNs, kind, token, client) : null;
        if (content == null) {
            unreadable++;
            return AddressProof.NONE;
        }
        long issuedMs = ByteBuffer.wrap(content).getLong();
        if (!isFresh(nowNs, issuedMs, policy.lifetime().toMillis())) {
            expired++;
            return AddressProof.NONE;
        }
        long mark = ByteBuffer.wrap(token).getLong(token.length - MARK_BYTES);
        if (used.contains(mark, issuedMs)) {
            reused++;
            return AddressProof.NONE;
        }
        return new AddressProof.Known(mark, issuedMs);
    }

    private AddressProof checkRetry(long nowNs, byte[] content, byte[] destination) {
        if (content == null) {
            unreadable++;
            return AddressProof.BAD_RETRY;
        }
        ByteBuffer in = ByteBuffer.wrap(content);
        long issuedMs = in.getLong();
        byte[] originalId = new byte[in.get()];
        in.get(originalId);
        byte[] retryId = new byte[in.get()];
        in.get(retryId);
        if (!isFresh(nowNs, issuedMs, RETRY_LIFETIME_MS)) {
            expired++;
            return AddressProof.BAD_RETRY;
        }
        if (!Arrays.equals(retryId, destination)) {
            unreadable++;
            return AddressProof.BAD_RETRY;
        }
        return new AddressProof.Retried(originalId, retryId);
    }

    /** A connection came of it: the Initial packet was authentic. */
    void onUsed(AddressProof proof) {
        switch (proof) {
            case AddressProof.Known known -> {
                acceptedNew++;
                used.add(known.mark(), known.issuedMs());
            }
            case AddressProof.Retried _ -> acceptedRetry++;
            case AddressProof.Nothing _, AddressProof.BadRetry _ -> {
                // Proved nothing.
            }
        }
    }

    private byte[] open(long nowNs, int kind, byte[] token, InetSocketAddress client) {
        byte[] sealed = Arrays.copyOfRange(token, KIND_BYTES, token.length);
        return crypto.tokens().open(unixMs(nowNs), sealed, boundTo(kind, client));
    }

    private boolean isFresh(long nowNs, long issuedMs, long lifetimeMs) {
        long ageMs = unixMs(nowNs) - issuedMs;
        return ageMs >= -MAX_SKEW_MS && ageMs <= lifetimeMs;
    }

    private byte[] boundTo(int kind, InetSocketAddress client) {
        AddressKey address = AddressKey.of(client);
        ByteBuffer bound = ByteBuffer.allocate(KIND_BYTES + 2 * Long.BYTES + Short.BYTES);
        bound.putInt(kind).putLong(address.high());
        if (kind == RETRY) {
            bound.putLong(address.low()).putShort((short) address.port());
        } else if (policy.binding() == TokenPolicy.Binding.ADDRESS) {
            bound.putLong(address.low());
        }
        return bound.array();
    }

    private long unixMs(long nowNs) {
        return unixMsAtZero + nowNs / NS_PER_MS;
    }

    TokenStatistics statistics() {
        return new TokenStatistics(issued, acceptedRetry, acceptedNew, unreadable, expired, reused);
    }
}
