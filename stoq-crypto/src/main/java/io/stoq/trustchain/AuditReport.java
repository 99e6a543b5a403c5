package io.stoq.trustchain;

import java.util.List;

/**
 * What an audit found.
 *
 * @param head that the log was compared with: the newest one signed
 * @param entries of the log, which may be more than the head's
 * @param root of the Merkle tree of all entries
 * @param issued certificates in the log
 * @param revoked of them
 * @param findings a sentence for each thing that is wrong; none where all is right
 */
public record AuditReport(
        SignedTreeHead head, long entries, TreeHash root, long issued, long revoked, List<String> findings) {

    public AuditReport {
        findings = List.copyOf(findings);
    }

    /** Whether nothing was found wrong. */
    public boolean isClean() {
        return findings.isEmpty();
    }
}
