package io.stoq.trustchain;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Checks an authority's folder from outside, without its password: that the log is what was signed, that it continues what
 * an auditor saw before, and that each of its certificates is the authority's, has a serial number of its own, and only
 * names that the authority may certify.
 */
public final class Audit {

    private final CaFolder folder;
    private final X509Certificate issuing;
    private final IssuanceLog log;
    private final SignedTreeHead head;

    private Audit(CaFolder folder) throws TrustChainException {
        folder.requireAuthority();
        this.folder = folder;
        this.issuing = folder.certificate(folder.issuing());
        // First the head: entries may be added meanwhile, but none is taken away.
        this.head = folder.readHead()
                .orElseThrow(() -> new TrustChainException(folder.head()
                        + " is missing; the authority writes it when it is opened, with stoq ca issue for one"));
        this.log = IssuanceLog.read(folder);
    }

    /** @throws TrustChainException where the folder has no authority or a file of it is unreadable */
    public static Audit of(Path folder) throws TrustChainException {
        return of(new CaFolder(new FileDisk(), folder));
    }

    static Audit of(CaFolder folder) throws TrustChainException {
        return new Audit(folder);
    }

    /** What the authority has issued and revoked, in order; read once, when the audit was opened. */
    public IssuanceLog log() {
        return log;
    }

    /** The newest head that the authority signed. */
    public SignedTreeHead head() {
        return head;
    }

    /** Looks at everything. */
    public AuditReport run() {
        return report(new ArrayList<>());
    }

    /** Looks at everything, and whether the log continues the one that this head was signed for. */
    public AuditReport run(SignedTreeHead since) {
        List<String> findings = new ArrayList<>();
        if (!since.isSignedBy(issuing.getPublicKey())) {
            findings.add("the head of " + since.at() + " is not signed by this authority");
        } else if (since.size() > log.size()) {
            findings.add(
                    "the log had " + since.size() + " entries at " + since.at() + " and has " + log.size() + " now");
        } else if (!log.consistencyProof(since.size(), log.size()).verifies(since.root(), log.root())) {
            findings.add("the log does not continue the one of " + since.at() + ": one of its first " + since.size()
                    + " entries was changed");
        }
        return report(findings);
    }

    /**
     * Proves that a certificate is in the log.
     *
     * @return verified against the newest signed head; empty where the certificate is not in the log, or was added after
     *     the head was signed
     */
    public Optional<InclusionProof> prove(X509Certificate certificate) {
        OptionalLong index = log.indexOf(certificate);
        if (index.isEmpty() || index.getAsLong() >= head.size() || head.size() > log.size()) {
            return Optional.empty();
        }
        InclusionProof proof = log.inclusionProof(index.getAsLong(), head.size());
        return proof.verifies(log.leaf(index.getAsLong()), head.root()) ? Optional.of(proof) : Optional.empty();
    }

    private AuditReport report(List<String> findings) {
        checkHead(findings);
        long issued = checkCertificates(findings);
        checkRevocationList(findings);
        return new AuditReport(
                head, log.size(), log.root(), issued, log.revocations().size(), findings);
    }

    private void checkHead(List<String> findings) {
        if (!head.isSignedBy(issuing.getPublicKey())) {
            findings.add(folder.head() + " is not signed by " + folder.issuing());
        }
        if (head.size() > log.size() || !log.root(head.size()).equals(head.root())) {
            findings.add(folder.log() + " has " + log.size() + " entries and does not begin with the " + head.size()
                    + " that were signed at " + head.at());
        }
    }

    /** @return how many there are */
    private long checkCertificates(List<String> findings) {
        PublicKey key = issuing.getPublicKey();
        NamePolicy policy = NamePolicy.of(issuing);
        Set<BigInteger> serials = new HashSet<>();
        long issued = 0;
        for (long index = 0; index < log.size(); index++) {
            String source = "entry " + index;
            LogEntry entry;
            try {
                entry = log.entry(index);
            } catch (IllegalArgumentException e) {
                findings.add(source + " is unreadable: " + e.getMessage());
                continue;
            }
            switch (entry) {
                case LogEntry.Issued(X509Certificate certificate) -> {
                    issued++;
                    checkCertificate(source, certificate, key, policy, findings);
                    if (!serials.add(certificate.getSerialNumber())) {
                        findings.add(source + " has the serial number of an earlier certificate");
                    }
                }
                case LogEntry.Revoked(Revocation revocation) -> {
                    if (!serials.contains(revocation.serial())) {
                        findings.add(source + " revokes a certificate that is not in the log before");
                    }
                }
            }
        }
        return issued;
    }

    private static void checkCertificate(
            String source, X509Certificate certificate, PublicKey key, NamePolicy policy, List<String> findings) {
        try {
            certificate.verify(key);
        } catch (GeneralSecurityException e) {
            findings.add(source + " is a certificate that this authority did not sign: "
                    + certificate.getSubjectX500Principal());
        }
        try {
            policy.check(source, Subject.names(source, Subject.namesOf(certificate)));
        } catch (TrustChainException e) {
            findings.add(e.getMessage());
        }
    }

    private void checkRevocationList(List<String> findings) {
        Optional<X509CRL> list = folder.readRevocationList();
        if (list.isEmpty()) {
            findings.add(folder.revocationList() + " is missing or unreadable");
            return;
        }
        try {
            list.get().verify(issuing.getPublicKey());
        } catch (GeneralSecurityException e) {
            findings.add(folder.revocationList() + " is not signed by " + folder.issuing());
        }
        for (Revocation revocation : log.revocations()) {
            boolean current =
                    revocation.expires().isAfter(list.get().getThisUpdate().toInstant());
            if (current && list.get().getRevokedCertificate(revocation.serial()) == null) {
                findings.add(folder.revocationList() + " lacks the revoked certificate "
                        + revocation.serial().toString(16));
            }
        }
    }
}
