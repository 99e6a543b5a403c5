package io.stoq.trustchain;

import java.util.ArrayList;
import java.util.List;

/**
 * A Merkle tree that grows at its right side. RFC 6962 §2.1. Not thread-safe.
 *
 * <p>All complete subtrees are kept, two hashes for each entry, so that roots and proofs of any size cost the square of
 * the tree's height and nothing is hashed twice.
 */
final class MerkleTree {

    /** Level k has the roots of the complete subtrees of 2^k leaves, from the left. */
    private final List<List<TreeHash>> levels = new ArrayList<>();

    void append(TreeHash leaf) {
        TreeHash hash = leaf;
        for (int level = 0; ; level++) {
            if (level == levels.size()) {
                levels.add(new ArrayList<>());
            }
            List<TreeHash> hashes = levels.get(level);
            hashes.add(hash);
            if (hashes.size() % 2 != 0) {
                return;
            }
            hash = TreeHash.ofNode(hashes.get(hashes.size() - 2), hash);
        }
    }

    int size() {
        return levels.isEmpty() ? 0 : levels.getFirst().size();
    }

    TreeHash leaf(int index) {
        return levels.getFirst().get(index);
    }

    /** The root when the tree had {@code size} entries. */
    TreeHash root(int size) {
        return size == 0 ? TreeHash.EMPTY : hash(0, size);
    }

    /** RFC 6962 §2.1.1. */
    InclusionProof inclusion(int index, int size) {
        List<TreeHash> path = new ArrayList<>();
        addInclusion(index, 0, size, path);
        return new InclusionProof(index, size, path);
    }

    /** RFC 6962 §2.1.2. */
    ConsistencyProof consistency(int oldSize, int newSize) {
        List<TreeHash> path = new ArrayList<>();
        if (oldSize > 0) {
            addConsistency(oldSize, 0, newSize, true, path);
        }
        return new ConsistencyProof(oldSize, newSize, path);
    }

    private void addInclusion(int index, int start, int leaves, List<TreeHash> path) {
        if (leaves == 1) {
            return;
        }
        int left = leftLeaves(leaves);
        if (index < left) {
            addInclusion(index, start, left, path);
            path.add(hash(start + left, leaves - left));
        } else {
            addInclusion(index - left, start + left, leaves - left, path);
            path.add(hash(start, left));
        }
    }

    /** @param known whether the verifier has the hash of just these leaves: the old root */
    private void addConsistency(int oldLeaves, int start, int leaves, boolean known, List<TreeHash> path) {
        if (oldLeaves == leaves) {
            if (!known) {
                path.add(hash(start, leaves));
            }
            return;
        }
        int left = leftLeaves(leaves);
        if (oldLeaves <= left) {
            addConsistency(oldLeaves, start, left, known, path);
            path.add(hash(start + left, leaves - left));
        } else {
            addConsistency(oldLeaves - left, start + left, leaves - left, false, path);
            path.add(hash(start, left));
        }
    }

    /** Of {@code leaves} leaves from {@code start}, which is a multiple of the next power of two. */
    private TreeHash hash(int start, int leaves) {
        if (Integer.bitCount(leaves) == 1) {
            return levels.get(Integer.numberOfTrailingZeros(leaves)).get(start / leaves);
        }
        int left = leftLeaves(leaves);
        return TreeHash.ofNode(hash(start, left), hash(start + left, leaves - left));
    }

    /** The largest power of two below {@code leaves}. */
    private static int leftLeaves(int leaves) {
        return Integer.highestOneBit(leaves - 1);
    }
}
