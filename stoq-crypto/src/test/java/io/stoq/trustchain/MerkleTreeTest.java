package io.stoq.trustchain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tree beside one that is written down as RFC 6962 defines it. */
class MerkleTreeTest {

    private static final int SIZES = 70;

    private final MerkleTree tree = new MerkleTree();
    private final List<byte[]> entries = new ArrayList<>();

    private void grow(int size) {
        while (entries.size() < size) {
            byte[] entry = ByteBuffer.allocate(4).putInt(entries.size()).array();
            entries.add(entry);
            tree.append(TreeHash.ofLeaf(entry));
        }
    }

    /** RFC 6962 §2.1, word by word. */
    private static TreeHash naiveRoot(List<byte[]> entries) {
        int size = entries.size();
        if (size == 0) {
            return TreeHash.EMPTY;
        }
        if (size == 1) {
            return TreeHash.ofLeaf(entries.getFirst());
        }
        int k = 1;
        while (2 * k < size) {
            k *= 2;
        }
        return TreeHash.ofNode(naiveRoot(entries.subList(0, k)), naiveRoot(entries.subList(k, size)));
    }

    @Test
    void rootsAreThoseOfTheReferenceLog() {
        // The entries and roots that certificate transparency's own implementations are tested with.
        String[] entry = {
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
        };
        String[] root = {
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        };
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                tree.root(0).toString());
        for (int i = 0; i < entry.length; i++) {
            tree.append(TreeHash.ofLeaf(HexFormat.of().parseHex(entry[i])));
            assertEquals(root[i], tree.root(i + 1).toString());
        }
    }

    @Test
    void everyRootIsTheDefinitionsRoot() {
        grow(SIZES);
        for (int size = 0; size <= SIZES; size++) {
            assertEquals(naiveRoot(entries.subList(0, size)), tree.root(size), "size " + size);
        }
    }

    @Test
    void everyInclusionIsProvedAndNothingElse() {
        grow(SIZES);
        for (int size = 1; size <= SIZES; size++) {
            TreeHash root = tree.root(size);
            for (int index = 0; index < size; index++) {
                InclusionProof proof = tree.inclusion(index, size);
                assertTrue(proof.verifies(tree.leaf(index), root), proof::toString);
                assertFalse(proof.verifies(tree.leaf((index + 1) % SIZES), root), proof::toString);
                assertFalse(proof.verifies(tree.leaf(index), tree.root(size - 1)), proof::toString);
                InclusionProof elsewhere = new InclusionProof((index + 1) % (size + 1), size, proof.path());
                assertFalse(elsewhere.verifies(tree.leaf(index), root), elsewhere::toString);
                for (InclusionProof broken : broken(proof)) {
                    assertFalse(broken.verifies(tree.leaf(index), root), broken::toString);
                }
            }
        }
    }

    @Test
    void everyConsistencyIsProvedAndNothingElse() {
        grow(SIZES);
        TreeHash other = TreeHash.ofLeaf(new byte[] {9});
        for (int size = 0; size <= SIZES; size++) {
            for (int old = 0; old <= size; old++) {
                ConsistencyProof proof = tree.consistency(old, size);
                assertTrue(proof.verifies(tree.root(old), tree.root(size)), proof::toString);
                assertFalse(proof.verifies(other, tree.root(size)), proof::toString);
                assertEquals(
                        old == 0 && size > 0, proof.verifies(tree.root(old), other), "an empty tree begins every tree");
                if (old > 0 && old < size) {
                    for (ConsistencyProof broken : broken(proof)) {
                        assertFalse(broken.verifies(tree.root(old), tree.root(size)), broken::toString);
                    }
                }
            }
        }
    }

    private static List<InclusionProof> broken(InclusionProof proof) {
        return brokenPaths(proof.path()).stream()
                .map(path -> new InclusionProof(proof.index(), proof.treeSize(), path))
                .toList();
    }

    private static List<ConsistencyProof> broken(ConsistencyProof proof) {
        return brokenPaths(proof.path()).stream()
                .map(path -> new ConsistencyProof(proof.oldSize(), proof.newSize(), path))
                .toList();
    }

    /** One hash less, one more, and each changed. */
    private static List<List<TreeHash>> brokenPaths(List<TreeHash> path) {
        List<List<TreeHash>> paths = new ArrayList<>();
        TreeHash other = TreeHash.ofLeaf(new byte[] {9});
        List<TreeHash> longer = new ArrayList<>(path);
        longer.add(other);
        paths.add(longer);
        for (int i = 0; i < path.size(); i++) {
            List<TreeHash> changed = new ArrayList<>(path);
            changed.set(i, other);
            paths.add(changed);
            List<TreeHash> shorter = new ArrayList<>(path);
            shorter.remove(i);
            paths.add(shorter);
        }
        return paths;
    }
}
