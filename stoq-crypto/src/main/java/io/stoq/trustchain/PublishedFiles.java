package io.stoq.trustchain;

import io.stoq.pem.Pem;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;

/** What others may have of an authority: signed tree head and revocation list. They follow from the log. */
final class PublishedFiles {

    private final CaFolder folder;
    private final IssuanceLog log;
    private volatile Instant listDue = Instant.MIN;

    PublishedFiles(CaFolder folder, IssuanceLog log) {
        this.folder = folder;
        this.log = log;
    }

    /**
     * Compares the log with the head that was signed last. Heads are written after the log, so it has all of that.
     *
     * @throws TrustChainException where it has not
     */
    void checkLog(PublicKey issuing) throws TrustChainException {
        Optional<SignedTreeHead> head = folder.readHead();
        if (head.isEmpty()) {
            return;
        }
        SignedTreeHead signed = head.get();
        if (!signed.isSignedBy(issuing)) {
            throw new TrustChainException(
                    folder.head() + " is not signed by " + folder.issuing() + "; restore both from the same backup");
        }
        if (signed.size() > log.size() || !log.root(signed.size()).equals(signed.root())) {
            throw new TrustChainException(folder.log() + " has " + log.size() + " entries and does not begin with the "
                    + signed.size() + " that were signed at " + signed.at() + "; it was changed, restore a backup");
        }
    }

    boolean isRevocationListDue(Instant now) {
        return now.isAfter(listDue);
    }

    /** Writes what is not as it should be. */
    synchronized SignedTreeHead write(Authority issuing, Instant now) throws TrustChainException {
        // First the head: its size may be less than the log's a moment later, but never more.
        SignedTreeHead head = writeHead(issuing, now);
        writeRevocationList(issuing, now);
        return head;
    }

    private SignedTreeHead writeHead(Authority issuing, Instant now) throws TrustChainException {
        Optional<SignedTreeHead> last = folder.readHead();
        long size = log.size();
        TreeHash root = log.root(size);
        if (last.isPresent() && last.get().size() == size && last.get().root().equals(root)) {
            return last.get();
        }
        SignedTreeHead head = SignedTreeHead.sign(issuing, size, now, root);
        folder.replace(folder.head(), head.text());
        return head;
    }

    private void writeRevocationList(Authority issuing, Instant now) throws TrustChainException {
        Instant forgotten = now.minus(TrustChain.REVOCATION_LIST_LIFETIME);
        Collection<Revocation> revoked = log.revocations().stream()
                .filter(revocation -> revocation.expires().isAfter(forgotten))
                .toList();
        Optional<X509CRL> last = folder.readRevocationList();
        Instant due = last.map(PublishedFiles::due).orElse(Instant.MIN);
        if (last.isEmpty() || now.isAfter(due) || !serials(last.get()).containsAll(serials(revoked))) {
            BigInteger number = BigInteger.valueOf(now.getEpochSecond())
                    .max(last.map(PublishedFiles::number)
                            .orElse(BigInteger.ZERO)
                            .add(BigInteger.ONE));
            X509CRL list = issuing.revocationList(revoked, number, now, now.plus(TrustChain.REVOCATION_LIST_LIFETIME));
            try {
                folder.replace(folder.revocationList(), Pem.block("X509 CRL", list.getEncoded()));
            } catch (CRLException e) {
                throw new TrustChainException("a revocation list has no encoding", e);
            }
            due = due(list);
        }
        listDue = due;
    }

    private static Instant due(X509CRL list) {
        return list.getThisUpdate().toInstant().plus(TrustChain.REVOCATION_LIST_LIFETIME.dividedBy(2));
    }

    private static Set<BigInteger> serials(Collection<Revocation> revoked) {
        return revoked.stream().map(Revocation::serial).collect(Collectors.toSet());
    }

    private static Set<BigInteger> serials(X509CRL list) {
        Set<? extends X509CRLEntry> entries = list.getRevokedCertificates();
        return entries == null
                ? Set.of()
                : entries.stream().map(X509CRLEntry::getSerialNumber).collect(Collectors.toSet());
    }

    private static BigInteger number(X509CRL list) {
        byte[] extension = list.getExtensionValue(Extension.cRLNumber.getId());
        return extension == null
                ? BigInteger.ZERO
                : ASN1Integer.getInstance(ASN1OctetString.getInstance(extension).getOctets())
                        .getValue();
    }
}
