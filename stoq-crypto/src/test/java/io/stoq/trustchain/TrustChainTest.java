package io.stoq.trustchain;

import static io.stoq.trustchain.Fleet.assertRefused;
import static io.stoq.trustchain.Fleet.request;
import static io.stoq.trustchain.Fleet.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.tls.TestAuthority;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CRLReason;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TrustChainTest {

    @TempDir
    Path temporary;

    private Fleet fleet;

    @BeforeEach
    void fleet() {
        fleet = new Fleet(temporary.resolve("ca"));
    }

    private CaFolder files() {
        return new CaFolder(new FileDisk(), fleet.folder);
    }

    private X509CRL list() {
        return files().readRevocationList().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    void aNodeGetsACertificateForItsNamesAndADay(KeyAlgorithm algorithm) throws Exception {
        try (TrustChain authority = fleet.create(AuthorityProfile.named("Fleet").withAlgorithm(algorithm))) {
            KeyPair node = algorithm.generate();
            X509Certificate certificate = authority
                    .issue(IssueRequest.of(CertificateRequest.create(node, List.of("node.example", "fd00::1"))))
                    .certificate();
            assertEquals(node.getPublic(), certificate.getPublicKey());
            certificate.verify(authority.issuing().getPublicKey());
            authority.issuing().verify(authority.root().getPublicKey());
            assertEquals(List.of("node.example", "fd00:0:0:0:0:0:0:1"), Subject.namesOf(certificate));
            assertEquals(
                    fleet.now().plus(Duration.ofHours(24)).truncatedTo(ChronoUnit.SECONDS),
                    certificate.getNotAfter().toInstant());
            assertTrue(
                    certificate.getNotBefore().toInstant().isBefore(fleet.now().minus(Duration.ofMinutes(4))));
            assertEquals(-1, certificate.getBasicConstraints());
            assertEquals(0, authority.issuing().getBasicConstraints());
            assertEquals(1, authority.root().getBasicConstraints());
            assertEquals(List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"), certificate.getExtendedKeyUsage());
        }
    }

    @Test
    void serialNumbersArePositiveLongAndDifferent() throws Exception {
        Set<BigInteger> serials = new HashSet<>();
        try (TrustChain authority = fleet.create()) {
            for (IssuedCertificate issued : authority.issue(Collections.nCopies(50, wanted("node.example")))) {
                BigInteger serial = issued.certificate().getSerialNumber();
                assertEquals(159, serial.bitLength());
                serials.add(serial);
            }
        }
        assertEquals(50, serials.size());
    }

    @Test
    void whatWasIssuedIsInTheLogAfterReopening() throws Exception {
        IssuedCertificate first;
        try (TrustChain authority = fleet.create()) {
            first = authority.issue(wanted("node1.example"));
        }
        try (TrustChain authority = fleet.open()) {
            IssuedCertificate second = authority.issue(wanted("node2.example"));
            assertEquals(0, authority.log().indexOf(first.certificate()).orElseThrow());
            assertEquals(1, second.index());
            assertEquals(1, authority.log().indexOf(second.certificate()).orElseThrow());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "node.other.example, node.other.example",
        "fleet.example.org, fleet.example.org",
        "notfleet.example, notfleet.example",
        "fd00:2::1, fd00:2:0:0:0:0:0:1"
    })
    void namesThatAreNotPermittedAreRefused(String name, String said) throws Exception {
        try (TrustChain authority =
                fleet.create(AuthorityProfile.named("Fleet").withPermitted(List.of("fleet.example", "fd00:1::/32")))) {
            authority.issue(wanted("fleet.example", "a.b.fleet.example", "fd00:1:ffff::1"));
            assertRefused(() -> authority.issue(wanted("a.fleet.example", name)), said, "may not certify", "fd00:1:");
            assertEquals(1, authority.log().size());
        }
    }

    @Test
    void whereOnlyDomainsArePermittedNoAddressIsAndTheOtherWayRound() throws Exception {
        try (TrustChain authority =
                fleet.create(AuthorityProfile.named("Fleet").withPermitted(List.of("fleet.example")))) {
            assertRefused(() -> authority.issue(wanted("::1")), "may not certify");
        }
        Fleet addresses = new Fleet(temporary.resolve("addresses"));
        try (TrustChain authority =
                addresses.create(AuthorityProfile.named("Fleet").withPermitted(List.of("fd00::/8")))) {
            assertRefused(() -> authority.issue(wanted("fleet.example")), "may not certify");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, IPv6 only",
        "::ffff:192.0.2.1, IPv6 only",
        "*.fleet.example, neither a DNS name",
        "under score, neither a DNS name",
        "fd00::g, no IPv6 address"
    })
    void namesThatAreNoneAreRefused(String name, String reason) {
        assertRefused(() -> request(name), name, reason);
    }

    @ParameterizedTest
    @CsvSource({"fd00::1/32", "fd00::/129", "fd00::/x", "10.0.0.0/8", "*.fleet.example"})
    void whatCannotBePermittedIsRefused(String permitted) {
        AuthorityProfile profile = AuthorityProfile.named("Fleet");
        String message = assertThrows(IllegalArgumentException.class, () -> profile.withPermitted(List.of(permitted)))
                .getMessage();
        assertTrue(message.contains(permitted), message);
    }

    @Test
    void aRequestThatItsKeyDidNotSignIsRefused() throws Exception {
        String[] lines = request("node.example").pem().split("\n");
        // The last characters of the last line but one are in the signature.
        String base64 = lines[lines.length - 3];
        lines[lines.length - 3] =
                base64.substring(0, 20) + (base64.charAt(20) == 'A' ? 'B' : 'A') + base64.substring(21);
        assertRefused(() -> CertificateRequest.parse("node.csr", String.join("\n", lines)), "node.csr", "sign");
    }

    @Test
    void renewingKeepsNamesAndKeyAndGivesAnotherSerial() throws Exception {
        try (TrustChain authority = fleet.create()) {
            X509Certificate first =
                    authority.issue(wanted("node.example", "fd00::1")).certificate();
            fleet.pass(Duration.ofHours(16));
            X509Certificate second = authority
                    .renew(first, request("node.example", "fd00::1"), Duration.ofHours(24))
                    .certificate();
            assertEquals(Subject.namesOf(first), Subject.namesOf(second));
            assertEquals(first.getPublicKey(), second.getPublicKey());
            assertNotEquals(first.getSerialNumber(), second.getSerialNumber());
            assertTrue(second.getNotAfter().after(first.getNotAfter()));
        }
    }

    @Test
    void renewingIsNoWayToOtherNamesOrPastAnEnd() throws Exception {
        try (TrustChain authority = fleet.create()) {
            X509Certificate current = authority.issue(wanted("node.example")).certificate();
            Duration day = Duration.ofDays(1);
            assertRefused(
                    () -> authority.renew(current, request("other.example"), day), "other.example", "node.example");
            X509Certificate stranger = TestAuthority.root("stranger")
                    .issue("node.example")
                    .certificates()
                    .getFirst();
            assertRefused(
                    () -> authority.renew(stranger, request("node.example"), day), "not issued by", "CN=stranger");
            authority.revoke(current, RevocationReason.KEY_COMPROMISE);
            assertRefused(() -> authority.renew(current, request("node.example"), day), "was revoked");
            X509Certificate other = authority.issue(wanted("node.example")).certificate();
            fleet.pass(Duration.ofHours(25));
            assertRefused(() -> authority.renew(other, request("node.example"), day), "expired at");
        }
    }

    @Test
    void whatIsRevokedIsListedUntilItWouldHaveExpiredAnyway() throws Exception {
        try (TrustChain authority = fleet.create()) {
            X509Certificate kept = authority.issue(wanted("kept.example")).certificate();
            X509Certificate taken = authority.issue(wanted("taken.example")).certificate();
            Revocation revocation = authority.revoke(taken.getSerialNumber(), RevocationReason.SUPERSEDED);
            assertEquals(revocation, authority.revoke(taken, RevocationReason.KEY_COMPROMISE));
            list().verify(authority.issuing().getPublicKey());
            assertTrue(list().isRevoked(taken));
            assertFalse(list().isRevoked(kept));
            assertEquals(
                    CRLReason.SUPERSEDED, list().getRevokedCertificate(taken).getRevocationReason());
            BigInteger unknown = BigInteger.valueOf(77);
            assertRefused(() -> authority.revoke(unknown, RevocationReason.UNSPECIFIED), "4d", "no certificate");
            fleet.pass(Duration.ofDays(9));
            authority.issue(wanted("late.example"));
            assertFalse(list().isRevoked(taken));
        }
    }

    @Test
    void theRevocationListIsRenewedBeforeItIsOver() throws Exception {
        try (TrustChain authority = fleet.create()) {
            X509CRL first = list();
            fleet.pass(Duration.ofDays(3));
            authority.issue(wanted("node.example"));
            assertEquals(first, list());
            fleet.pass(Duration.ofDays(1));
            authority.issue(wanted("node.example"));
            assertTrue(list().getNextUpdate().after(first.getNextUpdate()));
        }
    }

    @Test
    void certificatesDoNotOutliveTheIssuingAuthorityWhichCanBeRenewed() throws Exception {
        try (TrustChain authority = fleet.create()) {
            fleet.pass(Duration.ofDays(1825));
            X509Certificate before = authority.issuing();
            assertRefused(
                    () -> authority.issue(wanted("node.example").withLifetime(Duration.ofDays(30))),
                    "issuing.pem ends at");
            authority.renewIssuing(Fleet.PASSWORD, Duration.ofDays(1826));
            assertEquals(before.getPublicKey(), authority.issuing().getPublicKey());
            assertEquals(before.getSubjectX500Principal(), authority.issuing().getSubjectX500Principal());
            authority.issue(wanted("node.example").withLifetime(Duration.ofDays(30)));
        }
    }

    @Test
    void keysAreEncryptedAndTheOwnersOnly() throws Exception {
        fleet.create().close();
        for (Path key : List.of(files().rootKey(), files().issuingKey())) {
            assertTrue(Files.readString(key).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
            if (Files.getFileStore(key).supportsFileAttributeView("posix")) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
            }
        }
    }

    @Test
    void aWrongPasswordIsSaidToBe() throws Exception {
        fleet.create().close();
        // Now and then the padding is right by chance, and what comes out is no key.
        for (int i = 0; i < 600; i++) {
            char[] wrong = ("wrong" + i).toCharArray();
            assertRefused(() -> TrustChain.open(fleet.folder, wrong, fleet.environment()), "issuing.key", "password");
        }
        assertRefused(
                () -> TrustChain.create(
                        temporary.resolve("open"), AuthorityProfile.named("x"), new char[0], fleet.environment()),
                "empty password");
    }

    @Test
    void oneProcessAtATimeHasIt() throws Exception {
        try (TrustChain _ = fleet.create()) {
            assertRefused(fleet::open, "in use");
        }
        fleet.open().close();
    }

    @Test
    void whatIsNoAuthorityIsSaidToBe() throws Exception {
        assertRefused(fleet::open, "ca", "no authority", "stoq ca init");
        Path file = Files.writeString(temporary.resolve("file"), "x");
        assertRefused(() -> new Fleet(file).open(), "file", "is a file");
        assertRefused(() -> new Fleet(file).create(), "file");
        fleet.create().close();
        assertRefused(fleet::create, "has an authority already");
    }

    @Test
    void filesOfAnotherAuthorityAreSaidToBe() throws Exception {
        fleet.create().close();
        Fleet other = new Fleet(temporary.resolve("other"));
        other.create().close();
        CaFolder others = new CaFolder(new FileDisk(), other.folder);
        Path key = files().issuingKey();
        byte[] own = Files.readAllBytes(key);
        Files.copy(others.issuingKey(), key, StandardCopyOption.REPLACE_EXISTING);
        assertRefused(fleet::open, "issuing.key", "not the key of its certificate");
        Files.write(key, own);
        Files.copy(others.head(), files().head(), StandardCopyOption.REPLACE_EXISTING);
        assertRefused(fleet::open, "issued.head", "not signed by");
    }

    @Test
    void brokenFilesAreNamed() throws Exception {
        fleet.create().close();
        for (Path file : List.of(files().root(), files().issuing(), files().issuingKey(), files().head())) {
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            assertRefused(fleet::open, file.getFileName().toString());
            Files.write(file, whole);
        }
        Files.delete(files().revocationList());
        fleet.open().close();
        assertTrue(Files.exists(files().revocationList()), "what follows from the log is made again");
    }

    @Test
    void aNewAuthorityDoesNotReplaceALogWithEntries() throws Exception {
        try (TrustChain authority = fleet.create()) {
            authority.issue(wanted("node.example"));
        }
        Files.delete(files().issuing());
        assertRefused(fleet::create, "issued.log", "issuing.pem is missing");
    }

    @Test
    void anyNumberOfThreadsMayIssue() throws Exception {
        try (TrustChain authority = fleet.create();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<IssuedCertificate>> futures =
                    threads.invokeAll(Collections.nCopies(40, () -> authority.issue(wanted("node.example"))));
            for (Future<IssuedCertificate> future : futures) {
                IssuedCertificate issued = future.get();
                assertEquals(
                        issued.index(),
                        authority.log().indexOf(issued.certificate()).orElseThrow());
            }
            assertEquals(40, authority.log().size());
        }
        assertEquals(List.of(), Audit.of(fleet.folder).run().findings());
    }

    @Test
    void afterTheDiskFailedNothingIsIssuedUntilTheAuthorityIsOpenedAgain() throws Exception {
        fleet.create().close();
        FullDisk disk = new FullDisk();
        Environment real = fleet.environment();
        try (TrustChain authority = TrustChain.open(
                fleet.folder, Fleet.PASSWORD, new Environment(disk, real.clock(), real.random(), real.iterations()))) {
            disk.full = true;
            assertRefused(() -> authority.issue(wanted("node.example")), "issued.log", "No space left");
            disk.full = false;
            assertRefused(() -> authority.issue(wanted("node.example")), "open it again");
        }
        try (TrustChain authority = fleet.open()) {
            assertEquals(0, authority.issue(wanted("node.example")).index());
        }
    }

    /** Has room for the first half only. */
    private static final class FullDisk implements Disk {

        private final FileDisk disk = new FileDisk();
        private boolean full;

        @Override
        public void append(Path file, byte[] bytes) throws IOException {
            disk.append(file, full ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
            if (full) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public boolean exists(Path file) {
            return disk.exists(file);
        }

        @Override
        public byte[] read(Path file) throws IOException {
            return disk.read(file);
        }

        @Override
        public void write(Path file, byte[] bytes, boolean secret) throws IOException {
            disk.write(file, bytes, secret);
        }

        @Override
        public void truncate(Path file, long bytes) throws IOException {
            disk.truncate(file, bytes);
        }

        @Override
        public void sync(Path file) throws IOException {
            disk.sync(file);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void syncFolder(Path folder) throws IOException {
            disk.syncFolder(folder);
        }

        @Override
        public void createFolder(Path folder) throws IOException {
            disk.createFolder(folder);
        }

        @Override
        public Lock lock(Path file) throws IOException {
            return disk.lock(file);
        }
    }
}
