package io.stoq.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.protection.Aead;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class StoqTlsTest {

    private static final Identity IDENTITY = Identity.selfSigned("server.example");

    private static void assertRefused(Executable action, String... words) {
        String message = assertThrows(IllegalArgumentException.class, action).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    @Test
    void whatIsMissingOrMakesNoSenseIsRefusedWithARemedy() {
        StoqTls.Builder builder = StoqTls.builder();
        assertRefused(builder::build, "applicationProtocols");
        assertRefused(() -> builder.applicationProtocols("a", "a"), "none twice");
        assertRefused(() -> builder.applicationProtocols(""), "0 bytes", "1 to 255");
        assertRefused(() -> builder.applicationProtocols("x".repeat(256)), "256 bytes");
        assertRefused(builder::cipherSuites, "at least one");
        assertRefused(() -> builder.keyExchangeGroups("x448"), "x448", "x25519", "X25519MLKEM768");
        assertRefused(() -> builder.tokenKey(new byte[15]), "15 bytes", "16");
        assertRefused(() -> builder.resetKey(null), "0 bytes", "32");
        builder.applicationProtocols("echo").requireClientCertificate(true);
        assertRefused(builder::build, "trust");
        assertRefused(builder.trust(Trust.insecure())::build, "identity");
        StoqTls.Builder wanting = StoqTls.builder()
                .applicationProtocols("echo")
                .identity(IDENTITY)
                .wantClientCertificate(true);
        assertRefused(wanting::build, "wantClientCertificate", "trust");
        assertRefused(Trust::publicKey, "publicKeySha256");
        assertRefused(() -> Trust.publicKey("abc"), "abc", "openssl pkey");
        assertRefused(() -> LiveOptions.defaults().withInterval(Duration.ZERO), "PT0S", "PT0.01S");
        assertRefused(Trust::certificates, "Trust.platform()");
        assertRefused(Trust::fingerprint, "sha256Fingerprint");
        assertRefused(() -> Trust.fingerprint("abc"), "abc", "openssl x509");
        assertRefused(() -> Trust.manager(null), "Trust.platform()");
    }

    @Test
    void aServerNeedsAnIdentityAndAClientDoesNot() {
        StoqTls client = StoqTls.builder().applicationProtocols("echo").build();
        assertTrue(client.supportsClient());
        assertFalse(client.supportsServer());
        String message = assertThrows(IllegalStateException.class, () -> client.serverSession(new byte[0]))
                .getMessage();
        assertTrue(message.contains("identity"), message);
        assertTrue(StoqTls.builder()
                .identity(IDENTITY)
                .applicationProtocols("echo")
                .build()
                .supportsServer());
    }

    @Test
    void namesThatNoServerCanHaveAreRefused() {
        StoqTls client = StoqTls.builder().applicationProtocols("echo").build();
        assertRefused(() -> client.clientSession("192.0.2.1", new byte[0]), "192.0.2.1", "IPv6 only");
        assertRefused(() -> client.clientSession("not a name", new byte[0]), "not a name");
    }

    @Test
    void groupNamesMayHaveAnyCase() {
        StoqTls tls = StoqTls.builder()
                .identity(IDENTITY)
                .trust(Trust.insecure())
                .applicationProtocols("echo")
                .keyExchangeGroups("X25519mlkem768")
                .build();
        TlsPair pair = new TlsPair(tls, tls, "server.example", 1).run();
        assertEquals("X25519MLKEM768", pair.server.complete().keyExchangeGroup());
    }

    @Test
    void entropyTokensAndResetTokensAreThere() {
        StoqTls tls = StoqTls.builder()
                .applicationProtocols("echo")
                .tokenKey(new byte[16])
                .resetKey(new byte[32])
                .build();
        byte[] drawn = new byte[64];
        tls.entropy().fill(drawn, 1, 62);
        assertEquals(0, drawn[0]);
        assertEquals(0, drawn[63]);
        assertFalse(Arrays.equals(new byte[64], drawn));
        byte[] bound = {1};
        assertArrayEquals(drawn, tls.tokens().open(1, tls.tokens().seal(1, drawn, bound), bound));
        byte[] token = new byte[16];
        tls.resetTokens().derive(drawn, 0, 8, token, 0);
        assertFalse(Arrays.equals(new byte[16], token));
        assertNotNull(tls.protection().initialKeys(new byte[8], true));
    }

    @Test
    void theKeyLogIsAppendedToItsFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.log");
        Files.writeString(file, "# before\n");
        StoqTls tls = StoqTls.builder()
                .identity(IDENTITY)
                .trust(Trust.insecure())
                .applicationProtocols("echo")
                .keyLog(file)
                .build();
        new TlsPair(tls, tls, "server.example", 1).run();
        List<String> lines = Files.readAllLines(file);
        assertEquals("# before", lines.getFirst());
        assertEquals(1 + 2 * 5, lines.size());
    }

    @Test
    void packetsAreSealedByWhatTheBuilderIsTold() {
        assertEquals("jca SunJCE", protection(StoqTls.builder().aead(Aead.JCA)));
        assertEquals("jca BC", protection(StoqTls.builder().provider("BC")));
        assertEquals("jca BC", protection(StoqTls.builder().aead(Aead.JCA).provider("BC")));
        assertEquals(Aead.AUTO.protection().toString(), protection(StoqTls.builder()));
    }

    private static String protection(StoqTls.Builder tls) {
        return tls.applicationProtocols("x").build().protection().toString();
    }

    @Test
    void aProviderAndIpsecMbExcludeEachOther() {
        StoqTls.Builder tls =
                StoqTls.builder().applicationProtocols("x").aead(Aead.IPSEC_MB).provider("BC");
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, tls::build);
        assertEquals("provider BC and the AEAD ipsec-mb exclude each other; leave one out", e.getMessage());
    }

    @Test
    void aProviderThatNobodyKnowsIsRefused() {
        StoqTls.Builder tls = StoqTls.builder().applicationProtocols("x").provider("Acme");
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, tls::build);
        assertTrue(e.getMessage().startsWith("unknown security provider 'Acme'; there are "), e.getMessage());
    }
}
