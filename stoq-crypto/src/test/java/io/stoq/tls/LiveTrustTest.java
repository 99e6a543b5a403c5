package io.stoq.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.pem.Pem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.tls.AlertDescription;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Authorities and revocation lists in files that are replaced, and what follows for handshakes and for sessions resumed. */
class LiveTrustTest {

    private static final String NAME = "server.example";
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration SETTLED = Duration.ofSeconds(6);
    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final TestAuthority SUCCESSOR = TestAuthority.root("successor");
    private static final Identity GOOD = both(AUTHORITY, NAME);
    private static final Identity BAD = both(AUTHORITY, NAME);

    @TempDir
    Path folder;

    private final VirtualTime time = new VirtualTime(Instant.now(), 1);
    private Path authorities;
    private Path lists;
    private long seed;

    @BeforeEach
    void files() throws Exception {
        authorities = folder.resolve("ca.pem");
        lists = folder.resolve("crl.pem");
        trusted(AUTHORITY);
        revoked(Duration.ZERO);
    }

    private static Identity both(TestAuthority authority, String name) {
        return authority.issue("P-256", Duration.ZERO, KeyPurposeId.anyExtendedKeyUsage, name);
    }

    private void trusted(TestAuthority... all) throws Exception {
        Files.writeString(
                authorities,
                Pem.blocks(List.of(all).stream().map(TestAuthority::certificate).toList()));
    }

    /** @param age how long ago the list was made; it is good for a week */
    private void revoked(Duration age, Identity... identities) throws Exception {
        Files.writeString(lists, AUTHORITY.revocationList(time.now().minus(age), WEEK, identities));
    }

    private LiveTrust live(UnknownRevocation unknown) {
        return time.keep(authorities, lists, unknown);
    }

    private static TlsPair shake(LiveTrust trust, Identity client, Identity server) {
        return new TlsPair(
                        tls(client, trust).build(),
                        tls(server, trust).requireClientCertificate(true).build(),
                        NAME,
                        1)
                .run();
    }

    private static StoqTls.Builder tls(Identity identity, LiveTrust trust) {
        return StoqTls.builder().identity(identity).trust(trust).applicationProtocols("echo");
    }

    /** On every path there is: a handshake of either side, a check, and a chain that was accepted before. */
    private static void assertAccepted(LiveTrust trust, Identity identity) throws Exception {
        TlsPair pair = shake(trust, GOOD, identity);
        assertNotNull(pair.client.complete(), () -> "" + pair.client.alert());
        trust.get().check(identity.certificates(), NAME);
        trust.get().recheck(identity.certificates(), NAME, Instant.now());
        trust.get().recheck(identity.certificates(), null, Instant.now());
    }

    private static void assertRefused(LiveTrust trust, Identity identity, int alert, String words) {
        TlsPair.Side client = shake(trust, GOOD, identity).client;
        assertNull(client.complete());
        assertEquals(alert, client.alert().description());
        assertTrue(client.alert().message().contains(words), client.alert().message());
        List<X509Certificate> chain = identity.certificates();
        for (String asked : new String[] {NAME, null}) {
            assertRefused(() -> trust.get().check(chain, asked), words);
            assertRefused(() -> trust.get().recheck(chain, asked, Instant.now()), words);
        }
    }

    private static void assertRefused(org.junit.jupiter.api.function.Executable check, String words) {
        String message = assertThrows(CertificateException.class, check).getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    void whatIsRevokedIsRefusedFromTheNextListOn() throws Exception {
        try (LiveTrust trust = live(UnknownRevocation.REFUSED)) {
            assertAccepted(trust, BAD);
            revoked(Duration.ZERO, BAD);
            time.pass(SETTLED);
            assertInstanceOf(LiveEvent.Swapped.class, time.told.getLast());
            assertRefused(trust, BAD, AlertDescription.certificate_revoked, "was revoked");
            assertNull(shake(trust, BAD, GOOD).server.complete());
            assertAccepted(trust, GOOD);
        }
    }

    /** B-29: a ticket is no way round a revocation, on either side; who is not revoked goes on. */
    @Test
    void aSessionDoesNotGoOnWithWhoWasRevokedMeanwhile() throws Exception {
        try (LiveTrust trust = live(UnknownRevocation.REFUSED)) {
            StoqTls good = tls(GOOD, trust).build();
            StoqTls careful = tls(GOOD, trust).build();
            StoqTls bad = tls(BAD, trust).build();
            StoqTls asking = tls(GOOD, trust).requireClientCertificate(true).build();
            StoqTls badServer = tls(BAD, trust).build();
            for (boolean resumed : new boolean[] {false, true}) {
                assertEquals(
                        resumed, shake(careful, badServer).client.complete().resumed());
                assertEquals(resumed, shake(bad, asking).server.complete().resumed());
                assertEquals(resumed, shake(good, asking).server.complete().resumed());
            }
            revoked(Duration.ZERO, BAD);
            time.pass(SETTLED);
            TlsPair.Side refusing = shake(careful, badServer).client;
            assertNull(refusing.complete());
            assertEquals(AlertDescription.certificate_revoked, refusing.alert().description());
            refusing = shake(bad, asking).server;
            assertNull(refusing.complete());
            assertEquals(AlertDescription.certificate_revoked, refusing.alert().description());
            assertTrue(shake(good, asking).server.complete().resumed());
        }
    }

    private TlsPair shake(StoqTls client, StoqTls server) {
        return new TlsPair(client, server, NAME, seed++).run();
    }

    @Test
    void aListOutOfDateRefusesAllWhereNothingElseIsSaid() throws Exception {
        revoked(WEEK.plusDays(1));
        try (LiveTrust trust = live(UnknownRevocation.REFUSED)) {
            assertRefused(trust, GOOD, AlertDescription.certificate_unknown, "revoked is unknown");
            time.pass(SETTLED);
            LiveEvent.Expiring told = assertInstanceOf(LiveEvent.Expiring.class, time.told.getFirst());
            assertTrue(told.source().contains("crl.pem"), told.source());
            revoked(Duration.ZERO);
            time.pass(SETTLED);
            assertAccepted(trust, GOOD);
        }
    }

    @Test
    void aListOutOfDateMayBeLetPassButWhatItNamesIsRefused() throws Exception {
        revoked(WEEK.plusDays(1), BAD);
        try (LiveTrust trust = live(UnknownRevocation.ACCEPTED)) {
            assertAccepted(trust, GOOD);
            assertRefused(trust, BAD, AlertDescription.certificate_revoked, "was revoked");
            revoked(Duration.ZERO, BAD);
            time.pass(SETTLED);
            assertAccepted(trust, GOOD);
            assertRefused(trust, BAD, AlertDescription.certificate_revoked, "was revoked");
        }
    }

    @Test
    void aBrokenListReplacesNothing() throws Exception {
        revoked(Duration.ZERO, BAD);
        try (LiveTrust trust = live(UnknownRevocation.REFUSED)) {
            String whole = Files.readString(lists);
            for (String broken : List.of("", whole.substring(0, 100), Files.readString(authorities))) {
                Files.writeString(lists, broken);
                time.pass(SETTLED);
                LiveEvent.Refused told = assertInstanceOf(LiveEvent.Refused.class, time.told.getLast());
                assertTrue(told.reason().contains("crl.pem"), told.reason());
                assertRefused(trust, BAD, AlertDescription.certificate_revoked, "was revoked");
                assertAccepted(trust, GOOD);
            }
        }
    }

    /** The new authority is added, then the old one taken out. */
    @Test
    void authoritiesAreReplaced() throws Exception {
        Identity next = both(SUCCESSOR, NAME);
        try (LiveTrust trust = time.keep(authorities, null, null)) {
            assertRefused(trust, next, AlertDescription.unknown_ca, "untrusted issuer");
            trusted(AUTHORITY, SUCCESSOR);
            time.pass(SETTLED);
            assertAccepted(trust, next);
            assertAccepted(trust, GOOD);
            trusted(SUCCESSOR);
            time.pass(SETTLED);
            assertRefused(trust, GOOD, AlertDescription.unknown_ca, "untrusted issuer");
        }
    }

    @ParameterizedTest
    @EnumSource(UnknownRevocation.class)
    void theEndOfAListIsToldAhead(UnknownRevocation unknown) throws Exception {
        try (LiveTrust trust = live(unknown)) {
            // The authority's certificate of these tests ends before the list does.
            revoked(WEEK.minusMinutes(30));
            time.pass(SETTLED);
            assertEquals(
                    Duration.ofMinutes(30).toMinutes(),
                    Duration.between(time.now(), trust.expires().plusSeconds(60))
                            .toMinutes());
            assertInstanceOf(LiveEvent.Expiring.class, time.told.getLast());
            int told = time.told.size();
            time.pass(Duration.ofHours(1));
            assertEquals(told + 1, time.told.size());
        }
    }

    /** B-29: what was right at the handshake need not be any more when its session is resumed. */
    @Test
    void aChainThatWasAcceptedIsLookedAtAgain() throws Exception {
        Trust trust = Trust.certificates(AUTHORITY.certificate());
        List<X509Certificate> chain = GOOD.certificates();
        Instant now = Instant.now();
        trust.recheck(chain, NAME, now);
        assertRefused(() -> trust.recheck(chain, NAME, now.plus(Duration.ofHours(2))), "expired at");
        assertRefused(() -> trust.recheck(chain, NAME, now.minus(Duration.ofHours(2))), "valid only from");
        assertRefused(() -> trust.recheck(chain, "other.example", now), "wrong name");
        assertRefused(() -> trust.recheck(chain, "2001:db8::1", now), "wrong name");
        assertRefused(() -> trust.recheck(List.of(), null, now), "there is no certificate");
        Trust other = Trust.certificates(SUCCESSOR.certificate());
        assertRefused(() -> other.recheck(chain, NAME, now), "untrusted issuer");
        Identity forServers = AUTHORITY.issue(NAME);
        assertRefused(() -> trust.recheck(forServers.certificates(), null, now), "key usage");
        Trust pinned = Trust.fingerprint(BAD.sha256Fingerprint());
        assertRefused(() -> pinned.recheck(chain, NAME, now), "not pinned");
        Trust.insecure().recheck(chain, "other.example", now.plus(Duration.ofDays(9)));
    }
}
