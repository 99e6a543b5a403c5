package io.stoq.trustchain;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What an authority says its log is: an auditor who keeps one finds out later whether the log still begins so. RFC 6962
 * §3.5.
 *
 * @param size entries of the log
 * @param at when it was signed, whole milliseconds
 * @param root of the Merkle tree
 * @param signature in base64, of the issuing key
 */
public record SignedTreeHead(long size, Instant at, TreeHash root, String signature) {

    private static final String TITLE = "STOQ signed tree head";
    private static final byte VERSION_1 = 0;
    private static final byte TREE_HASH = 1;

    static SignedTreeHead sign(Authority issuing, long size, Instant at, TreeHash root) throws TrustChainException {
        byte[] signature = issuing.sign(message(size, at, root));
        Instant wholeMs = Instant.ofEpochMilli(at.toEpochMilli());
        return new SignedTreeHead(size, wholeMs, root, Base64.getEncoder().encodeToString(signature));
    }

    /**
     * Takes what {@link #text()} made.
     *
     * @param source what errors call it
     * @throws TrustChainException where it is no tree head
     */
    public static SignedTreeHead parse(String source, String text) throws TrustChainException {
        List<String> lines = text.lines().toList();
        try {
            if (lines.size() == 5 && lines.get(0).equals(TITLE)) {
                byte[] root = HexFormat.of().parseHex(lines.get(3));
                return new SignedTreeHead(
                        Long.parseLong(lines.get(1)),
                        Instant.ofEpochMilli(Long.parseLong(lines.get(2))),
                        TreeHash.of(root),
                        lines.get(4));
            }
        } catch (IllegalArgumentException e) {
            throw new TrustChainException(source + " is a broken signed tree head: " + e.getMessage(), e);
        }
        throw new TrustChainException(source + " is no signed tree head; its first line is not \"" + TITLE + "\"");
    }

    /** Five lines: title, size, milliseconds since 1970, root in hex, signature. */
    public String text() {
        return String.join(
                        "\n", TITLE, Long.toString(size), Long.toString(at.toEpochMilli()), root.toString(), signature)
                + "\n";
    }

    /** Whether this key signed it. */
    public boolean isSignedBy(PublicKey key) {
        try {
            Signature verifier = Signature.getInstance(
                    KeyAlgorithm.of(key).map(KeyAlgorithm::signature).orElse("unsupported"));
            verifier.initVerify(key);
            verifier.update(message(size, at, root));
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] message(long size, Instant at, TreeHash root) {
        return ByteBuffer.allocate(2 + 2 * Long.BYTES + TreeHash.BYTES)
                .put(VERSION_1)
                .put(TREE_HASH)
                .putLong(at.toEpochMilli())
                .putLong(size)
                .put(root.bytes())
                .array();
    }
}
