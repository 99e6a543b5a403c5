package io.stoq.trustchain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.tls.Identity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Power fails at each call to the disk of a day in an authority's life, and each time the authority goes on. */
class PowerCutTest {

    private static final Path CA = Path.of("ca");
    private static final Path NODE = Path.of("node");
    private static final char[] PASSWORD = "correct horse".toCharArray();
    private static final AuthorityProfile PROFILE = AuthorityProfile.named("Fleet");
    private static final KeyPair KEYS = KeyAlgorithm.P256.generate();
    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

    /** How many ways each cut leaves the disk. */
    private static final int SEEDS = 3;

    private static Environment environment(Disk disk) {
        return new Environment(disk, InstantSource.fixed(NOW), new SecureRandom(), 1);
    }

    private static IssueRequest request(String... names) throws TrustChainException {
        return IssueRequest.of(CertificateRequest.create(KEYS, List.of(names)));
    }

    /** A day, and what was promised to others in its course. */
    private static final class Day {

        private final List<X509Certificate> issued = new ArrayList<>();
        private final List<Revocation> revoked = new ArrayList<>();
        private SignedTreeHead head;
        private boolean founded;

        void live(Disk disk) throws TrustChainException {
            try (TrustChain authority = TrustChain.create(CA, PROFILE, PASSWORD, environment(disk))) {
                founded = true;
                IssuedCertificate first = hand(authority.issue(request("node1.example", "fd00::1")));
                NodeFiles files = NodeFiles.in(disk, NODE);
                files.writeKey(KEYS.getPrivate(), first.certificate());
                files.write(first, authority.root());
                IssuedCertificate second = hand(authority.issue(request("node2.example")));
                revoked.add(authority.revoke(second.certificate(), RevocationReason.KEY_COMPROMISE));
                head = authority.publish();
                files.write(
                        hand(authority.renew(
                                first.certificate(),
                                CertificateRequest.create(KEYS, List.of("node1.example", "fd00::1")),
                                Duration.ofHours(12))),
                        authority.root());
            }
            try (TrustChain authority = TrustChain.open(CA, PASSWORD, environment(disk))) {
                authority
                        .issue(List.of(request("node3.example"), request("node4.example"), request("node5.example")))
                        .forEach(this::hand);
                authority.renewIssuing(PASSWORD, Duration.ofDays(400));
                revoked.add(authority.revoke(issued.getLast(), RevocationReason.SUPERSEDED));
            }
        }

        private IssuedCertificate hand(IssuedCertificate certificate) {
            issued.add(certificate.certificate());
            return certificate;
        }
    }

    @Test
    void whateverWasHandedOutIsStillThere() throws Exception {
        MortalDisk immortal = new MortalDisk(Long.MAX_VALUE);
        new Day().live(immortal);
        assertTrue(immortal.calls() > 50, () -> "only " + immortal.calls() + " calls");
        for (long call = 0; call < immortal.calls(); call++) {
            MortalDisk disk = new MortalDisk(call);
            Day day = new Day();
            try {
                day.live(disk);
                throw new AssertionError("no cut at call " + call);
            } catch (MortalDisk.PowerCut expected) {
                for (long seed = call * SEEDS; seed < (call + 1) * SEEDS; seed++) {
                    survive(day, disk.revived(new SplittableRandom(seed)), "call " + call + ", seed " + seed);
                }
            }
        }
    }

    /** Power fails again while the authority is opened after a cut. */
    @Test
    void aSecondCutDoesNoHarmEither() throws Exception {
        MortalDisk disk = new MortalDisk(Long.MAX_VALUE);
        Day day = new Day();
        day.live(disk);
        byte[] torn = {0, 0, 1, 0, 5};
        for (long call = 0; ; call++) {
            MortalDisk again = new MortalDisk(call);
            copy(disk, again);
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            log.write(disk.read(CA.resolve("issued.log")));
            log.write(torn);
            again.plant(CA.resolve("issued.log"), log.toByteArray());
            try (TrustChain authority = TrustChain.open(CA, PASSWORD, environment(again))) {
                authority.issue(request("late.example"));
            } catch (MortalDisk.PowerCut expected) {
                survive(day, again.revived(new SplittableRandom(call)), "call " + call);
                continue;
            }
            assertTrue(again.calls() > 5);
            return;
        }
    }

    private static void copy(MortalDisk from, MortalDisk to) throws Exception {
        CaFolder folder = new CaFolder(from, CA);
        for (Path file : List.of(
                folder.root(),
                folder.rootKey(),
                folder.issuing(),
                folder.issuingKey(),
                folder.log(),
                folder.head(),
                folder.revocationList())) {
            to.plant(file, from.read(file));
        }
    }

    private static void survive(Day day, MortalDisk disk, String what) throws Exception {
        CaFolder folder = new CaFolder(disk, CA);
        boolean there = disk.exists(folder.issuing());
        assertTrue(there || !day.founded, what);
        try (TrustChain authority = there
                ? TrustChain.open(CA, PASSWORD, environment(disk))
                : TrustChain.create(CA, PROFILE, PASSWORD, environment(disk))) {
            for (X509Certificate certificate : day.issued) {
                assertTrue(authority.log().indexOf(certificate).isPresent(), what);
            }
            X509CRL list = folder.readRevocationList().orElseThrow();
            for (Revocation revocation : day.revoked) {
                assertEquals(
                        revocation,
                        authority.log().revocation(revocation.serial()).orElseThrow(),
                        what);
                assertNotNull(list.getRevokedCertificate(revocation.serial()), what);
            }
            authority.issue(request("after.example"));
            authority.renewIssuing(PASSWORD, Duration.ofDays(400));
        }
        Audit audit = Audit.of(folder);
        AuditReport report = day.head == null ? audit.run() : audit.run(day.head);
        assertEquals(List.of(), report.findings(), what);
        NodeFiles files = NodeFiles.in(disk, NODE);
        if (disk.exists(files.certificate())) {
            Identity.ofPem(text(disk, files.certificate()), text(disk, files.key()));
        }
    }

    private static String text(Disk disk, Path file) throws Exception {
        return new String(disk.read(file), StandardCharsets.UTF_8);
    }
}
