package io.stoq.trustchain;

import static io.stoq.trustchain.Fleet.assertRefused;
import static io.stoq.trustchain.Fleet.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.tls.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor sees who kept a tree head, of an authority that is honest and of one that is not. */
class AuditTest {

    @TempDir
    Path temporary;

    private Fleet fleet;
    private CaFolder files;
    private List<IssuedCertificate> issued;
    private SignedTreeHead kept;

    @BeforeEach
    void authority() throws Exception {
        fleet = new Fleet(temporary.resolve("ca"));
        files = new CaFolder(new FileDisk(), fleet.folder);
        try (TrustChain authority = fleet.create()) {
            issued = authority.issue(List.of(wanted("a.example"), wanted("b.example"), wanted("c.example")));
            kept = SignedTreeHead.parse("kept", authority.publish().text());
            authority.issue(wanted("d.example"));
            authority.revoke(issued.get(1).certificate(), RevocationReason.SUPERSEDED);
        }
    }

    private AuditReport run() throws TrustChainException {
        return Audit.of(fleet.folder).run(kept);
    }

    private void assertFinds(String... words) throws TrustChainException {
        List<String> findings = run().findings();
        for (String word : words) {
            assertTrue(findings.stream().anyMatch(finding -> finding.contains(word)), findings::toString);
        }
    }

    /** What somebody writes who has the disk: check sums are right. */
    private void rewriteLog(List<byte[]> entries) throws Exception {
        Files.write(files.log(), LogFile.MAGIC);
        LogFile.read(files.disk(), files.log()).append(entries);
    }

    private List<byte[]> entries() throws Exception {
        return new ArrayList<>(LogFile.read(files.disk(), files.log()).entries());
    }

    /** The authority itself signs what the log has become. */
    private void signAnew() throws Exception {
        Files.delete(files.head());
        fleet.open().close();
    }

    @Test
    void anHonestLogIsClean() throws Exception {
        AuditReport report = run();
        assertEquals(List.of(), report.findings());
        assertEquals(5, report.entries());
        assertEquals(4, report.issued());
        assertEquals(1, report.revoked());
        assertEquals(5, report.head().size());
    }

    @Test
    void everyCertificateIsProvedAndAStrangersIsNot() throws Exception {
        Audit audit = Audit.of(fleet.folder);
        for (IssuedCertificate certificate : issued) {
            InclusionProof proof = audit.prove(certificate.certificate()).orElseThrow();
            assertEquals(certificate.index(), proof.index());
        }
        X509Certificate stranger =
                TestAuthority.root("stranger").issue("a.example").certificates().getFirst();
        assertTrue(audit.prove(stranger).isEmpty());
    }

    @Test
    void anEntryThatWasTakenOutIsMissed() throws Exception {
        List<byte[]> entries = entries();
        entries.remove(1);
        rewriteLog(entries);
        assertRefused(fleet::open, "issued.log", "does not begin with");
        assertFinds("does not begin with the 5", "does not continue the one", "entry 3 revokes");
        signAnew();
        assertFinds("does not continue the one");
    }

    @Test
    void aLogThatWasCutShortIsMissed() throws Exception {
        rewriteLog(entries().subList(0, 2));
        assertRefused(fleet::open, "2 entries", "5");
        signAnew();
        assertFinds("had 3 entries", "has 2 now");
    }

    @Test
    void aCertificateOfAnotherAuthorityIsFound() throws Exception {
        List<byte[]> entries = entries();
        X509Certificate stranger =
                TestAuthority.root("stranger").issue("a.example").certificates().getFirst();
        entries.add(new LogEntry.Issued(stranger).encoded());
        entries.add(entries.getFirst());
        entries.add(new byte[] {7});
        rewriteLog(entries);
        assertFinds(
                "entry 5 is a certificate that this authority did not sign",
                "entry 6 has the serial number of",
                "entry 7 is unreadable");
    }

    @Test
    void aHeadOfAnotherAuthorityIsFound() throws Exception {
        Fleet other = new Fleet(temporary.resolve("other"));
        other.create().close();
        kept = Audit.of(other.folder).head();
        assertFinds("is not signed by this authority");
        Files.copy(new CaFolder(files.disk(), other.folder).head(), files.head(), StandardCopyOption.REPLACE_EXISTING);
        assertFinds("issued.head is not signed by");
    }

    @Test
    void aRevocationListWithGapsIsFound() throws Exception {
        byte[] list = Files.readAllBytes(files.revocationList());
        Fleet other = new Fleet(temporary.resolve("other"));
        other.create().close();
        Files.copy(
                new CaFolder(files.disk(), other.folder).revocationList(),
                files.revocationList(),
                StandardCopyOption.REPLACE_EXISTING);
        assertFinds("crl.pem is not signed by", "crl.pem lacks the revoked certificate");
        Files.write(files.revocationList(), Arrays.copyOf(list, list.length / 2));
        assertFinds("crl.pem is missing or unreadable");
    }

    @Test
    void whatIsNoTreeHeadIsSaidToBe() {
        assertRefused(() -> SignedTreeHead.parse("head", ""), "head", "no signed tree head");
        String text = kept.text();
        assertRefused(
                () -> SignedTreeHead.parse("head", text.replace(kept.root().toString(), "abcd")), "head", "broken");
        assertRefused(() -> SignedTreeHead.parse("head", text.replace("\n3\n", "\nx\n")), "head", "broken");
    }
}
