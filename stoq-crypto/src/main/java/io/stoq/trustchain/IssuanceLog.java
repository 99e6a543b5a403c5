package io.stoq.trustchain;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that an authority has done, in order: certificates issued and revoked. Its entries are the leaves of a Merkle tree,
 * RFC 6962 §2.1, so that anybody who kept a {@link SignedTreeHead} can tell whether something was taken out or changed.
 *
 * <p>Reading it needs no password. For any number of threads; entries are kept in memory, a million of them in about
 * 1 GB.
 */
public final class IssuanceLog {

    private final LogFile file;
    private final List<byte[]> entries = new ArrayList<>();
    private final MerkleTree tree = new MerkleTree();
    private final Map<TreeHash, Integer> indexes = new HashMap<>();
    private final Map<BigInteger, Revocation> revocations = new LinkedHashMap<>();

    private IssuanceLog(LogFile file) {
        this.file = file;
        file.entries().forEach(this::add);
    }

    /**
     * Reads the log of an authority as it is now.
     *
     * @throws TrustChainException where the folder has no authority, or the log is damaged
     */
    public static IssuanceLog read(Path folder) throws TrustChainException {
        return read(new CaFolder(new FileDisk(), folder));
    }

    static IssuanceLog read(CaFolder folder) throws TrustChainException {
        folder.requireAuthority();
        try {
            return new IssuanceLog(LogFile.read(folder.disk(), folder.log()));
        } catch (IOException e) {
            throw CaFolder.cannot("be read", folder.log(), e);
        } catch (IllegalArgumentException e) {
            throw new TrustChainException(folder.log() + " is damaged: " + e.getMessage() + "; restore a backup", e);
        }
    }

    /** How many entries there are: certificates and revocations. */
    public synchronized long size() {
        return entries.size();
    }

    /** The root of the Merkle tree. */
    public synchronized TreeHash root() {
        return tree.root(tree.size());
    }

    /**
     * The root that the tree had with its first entries only.
     *
     * @throws IllegalArgumentException where the log has fewer
     */
    public synchronized TreeHash root(long size) {
        return tree.root(checkSize(size));
    }

    /** @throws IllegalArgumentException where there is no such entry */
    public LogEntry entry(long index) {
        return LogEntry.decode(bytes(index));
    }

    /** The leaf hash of an entry. */
    public TreeHash leaf(long index) {
        return TreeHash.ofLeaf(bytes(index));
    }

    /** Where the entry of a certificate is; empty where this authority did not issue it. */
    public synchronized OptionalLong indexOf(X509Certificate certificate) {
        Integer index = indexes.get(TreeHash.ofLeaf(new LogEntry.Issued(certificate).encoded()));
        return index == null ? OptionalLong.empty() : OptionalLong.of(index);
    }

    /** That the entry is in the tree of the first {@code treeSize} entries. */
    public synchronized InclusionProof inclusionProof(long index, long treeSize) {
        if (index < 0 || index >= treeSize) {
            throw new IllegalArgumentException("entry " + index + " is not among the first " + treeSize);
        }
        return tree.inclusion((int) index, checkSize(treeSize));
    }

    /** That the tree of {@code newSize} entries continues the one of {@code oldSize}. */
    public synchronized ConsistencyProof consistencyProof(long oldSize, long newSize) {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IllegalArgumentException("a tree of " + newSize + " entries continues none of " + oldSize);
        }
        return tree.consistency((int) oldSize, checkSize(newSize));
    }

    /** Empty where the certificate with this serial number was not revoked. */
    public synchronized Optional<Revocation> revocation(BigInteger serial) {
        return Optional.ofNullable(revocations.get(serial));
    }

    /** All certificates, oldest first. */
    public List<LoggedCertificate> certificates() {
        List<LoggedCertificate> certificates = new ArrayList<>();
        for (long index = 0; index < size(); index++) {
            if (bytes(index)[0] == LogEntry.ISSUED && entry(index) instanceof LogEntry.Issued(var certificate)) {
                certificates.add(new LoggedCertificate(index, certificate, revocation(certificate.getSerialNumber())));
            }
        }
        return certificates;
    }

    /** Bytes of a batch at the end of the file that is not there as a whole. */
    long tornBytes() {
        return file.tornBytes();
    }

    void cutTornBatch() throws IOException {
        file.cutTornBatch();
    }

    synchronized Collection<Revocation> revocations() {
        return List.copyOf(revocations.values());
    }

    /**
     * Returns the index of the first when all outlast a power cut.
     *
     * @throws IOException after which the log must be read again
     */
    synchronized long append(List<? extends LogEntry> batch) throws IOException, TrustChainException {
        long first = entries.size();
        List<byte[]> encoded = batch.stream().map(LogEntry::encoded).toList();
        file.append(encoded);
        encoded.forEach(this::add);
        return first;
    }

    private void add(byte[] entry) {
        TreeHash leaf = TreeHash.ofLeaf(entry);
        indexes.putIfAbsent(leaf, entries.size());
        tree.append(leaf);
        entries.add(entry);
        if (entry.length > 0
                && entry[0] == LogEntry.REVOKED
                && LogEntry.decode(entry) instanceof LogEntry.Revoked(Revocation revocation)) {
            revocations.putIfAbsent(revocation.serial(), revocation);
        }
    }

    private synchronized byte[] bytes(long index) {
        if (index < 0 || index >= entries.size()) {
            throw new IllegalArgumentException("the log has " + entries.size() + " entries, none " + index);
        }
        return entries.get((int) index);
    }

    private int checkSize(long size) {
        if (size < 0 || size > entries.size()) {
            throw new IllegalArgumentException("the log has " + entries.size() + " entries, not " + size);
        }
        return (int) size;
    }
}
