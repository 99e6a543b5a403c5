package io.stoq.trustchain;

import java.util.List;

/**
 * Shows that a tree begins with all of an older one: nothing was taken out or changed. RFC 6962 §2.1.2.
 *
 * @param oldSize entries of the older tree
 * @param newSize entries of the tree
 */
public record ConsistencyProof(long oldSize, long newSize, List<TreeHash> path) {

    public ConsistencyProof {
        path = List.copyOf(path);
    }

    /** Whether the tree with the new root continues the one with the old root. RFC 9162 §2.1.4.2. */
    public boolean verifies(TreeHash oldRoot, TreeHash newRoot) {
        if (oldSize < 0 || oldSize > newSize) {
            return false;
        }
        if (oldSize == newSize) {
            return path.isEmpty() && oldRoot.equals(newRoot);
        }
        if (oldSize == 0) {
            return path.isEmpty() && oldRoot.equals(TreeHash.EMPTY);
        }
        int levels = Long.numberOfTrailingZeros(oldSize);
        boolean oldIsComplete = Long.bitCount(oldSize) == 1;
        if (!oldIsComplete && path.isEmpty()) {
            return false;
        }
        return climb(
                (oldSize - 1) >> levels,
                (newSize - 1) >> levels,
                oldIsComplete ? oldRoot : path.getFirst(),
                oldIsComplete ? path : path.subList(1, path.size()),
                oldRoot,
                newRoot);
    }

    private static boolean climb(
            long from, long lastOfAll, TreeHash start, List<TreeHash> path, TreeHash oldRoot, TreeHash newRoot) {
        long node = from;
        long last = lastOfAll;
        TreeHash oldHash = start;
        TreeHash newHash = start;
        for (TreeHash neighbour : path) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                oldHash = TreeHash.ofNode(neighbour, oldHash);
                newHash = TreeHash.ofNode(neighbour, newHash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                newHash = TreeHash.ofNode(newHash, neighbour);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
    }
}
