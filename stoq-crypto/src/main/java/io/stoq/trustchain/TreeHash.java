package io.stoq.trustchain;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A hash in a Merkle tree: SHA-256 with a first byte that tells leaves from nodes, RFC 6962 §2.1. Immutable. */
public final class TreeHash {

    static final int BYTES = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    /** The root of the tree without entries. */
    public static final TreeHash EMPTY = new TreeHash(sha256().digest());

    private final byte[] hash;

    private TreeHash(byte[] hash) {
        this.hash = hash;
    }

    /** The leaf hash of an entry. */
    public static TreeHash ofLeaf(byte[] entry) {
        MessageDigest digest = sha256();
        digest.update(LEAF);
        return new TreeHash(digest.digest(entry));
    }

    /** The hash of the node above two others. */
    public static TreeHash ofNode(TreeHash left, TreeHash right) {
        MessageDigest digest = sha256();
        digest.update(NODE);
        digest.update(left.hash);
        return new TreeHash(digest.digest(right.hash));
    }

    /** @throws IllegalArgumentException where these are not 32 bytes */
    static TreeHash of(byte[] hash) {
        if (hash.length != BYTES) {
            throw new IllegalArgumentException("a tree hash has " + BYTES + " bytes, not " + hash.length);
        }
        return new TreeHash(hash.clone());
    }

    byte[] bytes() {
        return hash.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TreeHash that && Arrays.equals(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    /** 64 hex digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(hash);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform has no SHA-256", e);
        }
    }
}
