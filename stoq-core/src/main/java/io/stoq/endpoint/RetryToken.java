package io.stoq.endpoint;

import io.stoq.crypto.CryptoProvider;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** What a Retry token says, sealed and bound to the client's address. RFC 9000 §8.1.2, §8.1.4. */
record RetryToken(byte[] originalDestinationId, byte[] retryId, long issuedNs) {

    /** How long a client may take to come back. */
    static final long LIFETIME_NS = 10_000_000_000L;

    private static final byte TYPE_RETRY = 1;

    static byte[] seal(CryptoProvider crypto, byte[] originalId, byte[] retryId, long nowNs, InetSocketAddress client) {
        ByteBuffer content = ByteBuffer.allocate(1 + 8 + 2 + originalId.length + retryId.length);
        content.put(TYPE_RETRY).putLong(nowNs);
        content.put((byte) originalId.length).put(originalId);
        content.put((byte) retryId.length).put(retryId);
        return crypto.tokens().seal(content.array(), AddressKey.of(client).bytes());
    }

    /** The content, or null where the token is not one of ours for this address, or too old. */
    static RetryToken open(CryptoProvider crypto, byte[] token, long nowNs, InetSocketAddress client) {
        byte[] content = crypto.tokens().open(token, AddressKey.of(client).bytes());
        if (content == null || content.length < 11 || content[0] != TYPE_RETRY) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(content, 1, content.length - 1);
        long issuedNs = in.getLong();
        byte[] originalId = new byte[in.get()];
        in.get(originalId);
        byte[] retryId = new byte[in.get()];
        in.get(retryId);
        long ageNs = nowNs - issuedNs;
        return ageNs >= 0 && ageNs <= LIFETIME_NS ? new RetryToken(originalId, retryId, issuedNs) : null;
    }
}
