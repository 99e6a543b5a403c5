package io.stoq.trustchain;

import java.util.List;

/**
 * Shows that an entry is in a tree to those who know its root only. RFC 6962 §2.1.1.
 *
 * @param index of the entry, from 0
 * @param treeSize entries of the tree
 * @param path hashes from the leaf's neighbour to the root's child
 */
public record InclusionProof(long index, long treeSize, List<TreeHash> path) {

    public InclusionProof {
        path = List.copyOf(path);
    }

    /** Whether the leaf is at this index of the tree with this root. RFC 9162 §2.1.3.2. */
    public boolean verifies(TreeHash leaf, TreeHash root) {
        if (index < 0 || index >= treeSize) {
            return false;
        }
        long node = index;
        long last = treeSize - 1;
        TreeHash hash = leaf;
        for (TreeHash neighbour : path) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = TreeHash.ofNode(neighbour, hash);
                // A last node without a neighbour is its parent.
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = TreeHash.ofNode(hash, neighbour);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && hash.equals(root);
    }
}
