package io.stoq.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.crypto.EncryptionLevel;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One server with several identities: the name that is asked for chooses. */
class SniTest {

    /** The first byte of rsa_pss_rsae_sha256 and its like, and the last one of ECDSA's with SHA-256. RFC 8446 §4.2.3. */
    private static final int RSA_PSS = 8;

    private static final int ECDSA = 4;

    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final Identity DEFAULT = AUTHORITY.issue("default.example");
    private static final Identity A = AUTHORITY.issue("a.example");
    private static final Identity WILD = Identity.selfSigned("*.wild.example");
    private static final Identity INNER = AUTHORITY.issue("inner.wild.example");
    private static final Identity AGAIN = AUTHORITY.issue("a.example");

    private static StoqTls server(Identity... identities) {
        return StoqTls.builder()
                .identities(List.of(identities).stream()
                        .map(identity -> (Supplier<Identity>) () -> identity)
                        .toList())
                .applicationProtocols("echo")
                .build();
    }

    private static Identity shown(StoqTls server, String name) {
        StoqTls client = StoqTls.builder()
                .trust(Trust.insecure())
                .applicationProtocols("echo")
                .build();
        TlsPair pair = new TlsPair(client, server, name, 1).run();
        assertNotNull(pair.server.complete());
        var certificate = pair.client.complete().peerCertificates().getFirst();
        return List.of(DEFAULT, A, WILD, INNER, AGAIN).stream()
                .filter(identity -> identity.certificates().getFirst().equals(certificate))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "a.example,A",
        "A.Example,A",
        "x.wild.example,WILD",
        "inner.wild.example,INNER",
        "default.example,DEFAULT",
        "other.example,DEFAULT",
        "x.y.wild.example,DEFAULT",
        "wild.example,DEFAULT",
        "2001:db8::1,DEFAULT"
    })
    void exactBeforeWildcardBeforeTheFirst(String name, String expected) {
        Identity identity = switch (expected) {
            case "A" -> A;
            case "WILD" -> WILD;
            case "INNER" -> INNER;
            default -> DEFAULT;
        };
        assertEquals(identity, shown(server(DEFAULT, A, WILD, INNER, AGAIN), name));
    }

    @Test
    void ofTwoForOneNameTheFirstIsShown() {
        assertEquals(AGAIN, shown(server(DEFAULT, AGAIN, A), "a.example"));
    }

    /** A client that takes no ECDSA gets the RSA certificate, and the other way round. */
    @Test
    void ofTwoKindsOfKeysTheClientsSignaturesChoose() throws Exception {
        Identity ecdsa = issue("P-256");
        Identity rsa = issue("RSA");
        for (StoqTls server : List.of(server(DEFAULT, ecdsa, rsa), server(DEFAULT, rsa, ecdsa))) {
            assertTrue(showsTo(ECDSA, server, ecdsa));
            assertFalse(showsTo(ECDSA, server, rsa));
            assertTrue(showsTo(RSA_PSS, server, rsa));
            assertFalse(showsTo(RSA_PSS, server, ecdsa));
        }
    }

    @Test
    void aKeyThatFitsIsNotReplacedByOneOfAnotherName() {
        TlsPair.Side side = hello(RSA_PSS, server(issue("RSA"), A), "a.example");
        assertEquals(40, side.alert().description());
        assertTrue(side.alert().message().contains("no signature"), side.alert().message());
    }

    private static TlsPair.Side hello(int schemes, StoqTls server, String name) {
        StoqTls client = StoqTls.builder().applicationProtocols("echo").build();
        TlsPair pair = new TlsPair(client, server, name, 1);
        pair.client.run();
        byte[] hello = pair.client.sent(EncryptionLevel.INITIAL);
        pair.server.feed(EncryptionLevel.INITIAL, HelloEdit.clientHelloTaking(hello, schemes));
        return pair.server;
    }

    private static boolean showsTo(int schemes, StoqTls server, Identity identity) throws Exception {
        byte[] flight = hello(schemes, server, "server.example").sent(EncryptionLevel.HANDSHAKE);
        assertTrue(flight.length > 500);
        byte[] der = identity.certificates().getFirst().getEncoded();
        return new String(flight, ISO_8859_1).contains(new String(der, ISO_8859_1));
    }

    private static Identity issue(String kind) {
        return AUTHORITY.issue(kind, Duration.ZERO, KeyPurposeId.id_kp_serverAuth, "server.example");
    }
}
