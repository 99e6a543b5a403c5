package io.stoq.protection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stoq.crypto.PacketProtection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What comes of what code, operator and machine say. */
class AeadTest {

    private static boolean hasIpsecMb() {
        return IpsecMbPacketProtection.unavailableReason() == null;
    }

    private static Class<? extends PacketProtection> best() {
        return hasIpsecMb() ? IpsecMbPacketProtection.class : JcaPacketProtection.class;
    }

    @Test
    void autoIsTheBestThatThereIs() {
        assertInstanceOf(best(), AeadSelection.of(Aead.AUTO, "auto"));
    }

    @Test
    void theOperatorReplacesAuto() {
        assertInstanceOf(JcaPacketProtection.class, AeadSelection.of(Aead.AUTO, "jca"));
        assumeTrue(hasIpsecMb(), "ipsec-mb is not available");
        assertInstanceOf(IpsecMbPacketProtection.class, AeadSelection.of(Aead.AUTO, "IPSEC-MB"));
    }

    @Test
    void codeThatAsksForThePlatformGetsIt() {
        assertInstanceOf(JcaPacketProtection.class, AeadSelection.of(Aead.JCA, "auto"));
        assertInstanceOf(JcaPacketProtection.class, AeadSelection.of(Aead.JCA, "ipsec-mb"));
    }

    @Test
    void whatTheOperatorForbidsCodeDoesNotGet() {
        UnsupportedOperationException e =
                assertThrows(UnsupportedOperationException.class, () -> AeadSelection.of(Aead.IPSEC_MB, "jca"));
        assertEquals("ipsec-mb is forbidden by -Dio.stoq.aead=jca; remove that, or choose auto or jca", e.getMessage());
    }

    @Test
    void aMisspeltPropertyIsNamed() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> AeadSelection.of(Aead.JCA, "openssl"));
        assertEquals(
                "system property io.stoq.aead: unknown AEAD 'openssl'; choose one of auto, ipsec-mb, jca",
                e.getMessage());
    }

    @Test
    void labelsAreFoundInAnyCase() {
        for (Aead aead : Aead.values()) {
            assertSame(aead, Aead.labelled(aead.label()));
            assertSame(aead, Aead.labelled(aead.label().toUpperCase(Locale.ROOT)));
        }
    }

    @Test
    void protectionsSayWhatTheyAre() {
        assertEquals("jca SunJCE", JcaPacketProtection.create().toString());
        assertEquals("jca BC", JcaPacketProtection.of("BC").toString());
        assumeTrue(hasIpsecMb(), "ipsec-mb is not available");
        assertTrue(new IpsecMbPacketProtection().toString().matches("ipsec-mb [12]\\.\\d+\\.\\d+ \\w+"));
    }

    @Test
    void anUnknownProviderIsToldOfWithThoseThatThereAre() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> JcaPacketProtection.of("Acme"));
        assertTrue(e.getMessage().startsWith("unknown security provider 'Acme'; there are "), e.getMessage());
        assertTrue(e.getMessage().contains("SunJCE"), e.getMessage());
        assertTrue(e.getMessage().contains("BC"), e.getMessage());
    }

    @Test
    void aJvmWithoutNativeAccessUsesThePlatformAndWarnsOnce() throws Exception {
        for (List<String> flags : List.of(List.<String>of(), List.of("--illegal-native-access=deny"))) {
            Run run = Run.of(flags, "auto", "auto", "jca");
            assertEquals(0, run.exit, run.text);
            assertEquals(List.of("jca SunJCE", "jca SunJCE", "jca SunJCE"), run.results());
            assertEquals(1, run.count("INFO"), run.text);
            assertEquals(0, run.count("restricted method"), run.text);
            assumeTrue(Aead.AUTO.protection() instanceof IpsecMbPacketProtection, "ipsec-mb is not available anyway");
            assertEquals(1, run.count("WARN"), run.text);
            assertEquals(1, run.count("allow it with --enable-native-access=ALL-UNNAMED"), run.text);
        }
    }

    @Test
    void aJvmWithoutNativeAccessRefusesToBeForced() throws Exception {
        Run run = Run.of(List.of("-Dio.stoq.aead=ipsec-mb"), "auto");
        assertEquals(1, run.exit, run.text);
        assertEquals(1, run.count("UnsupportedOperationException: ipsec-mb is not available: "), run.text);
    }

    @Test
    void aJvmToldToUseThePlatformDoesNotWarn() throws Exception {
        Run run = Run.of(List.of("-Dio.stoq.aead=jca"), "auto");
        assertEquals(0, run.exit, run.text);
        assertEquals(0, run.count("WARN"), run.text);
        assertEquals(1, run.count("INFO io.stoq.protection.Aead - packets are sealed by jca SunJCE"), run.text);
    }

    @Test
    void aJvmWithIpsecMbSaysSoOnce() throws Exception {
        assumeTrue(hasIpsecMb(), "ipsec-mb is not available");
        Run run = Run.of(List.of("--enable-native-access=ALL-UNNAMED"), "auto", "auto", "ipsec-mb");
        assertEquals(0, run.exit, run.text);
        assertEquals(0, run.count("WARN"), run.text);
        assertEquals(1, run.count("INFO io.stoq.protection.Aead - packets are sealed by ipsec-mb"), run.text);
    }

    /** Another JVM, which prints what each label comes to. */
    private record Run(int exit, String text) {

        private static final String RESULT = "result: ";

        static Run of(List<String> flags, String... labels) throws Exception {
            List<String> command = new ArrayList<>();
            command.add(ProcessHandle.current().info().command().orElseThrow());
            command.addAll(flags);
            command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "-cp"));
            command.addAll(List.of(System.getProperty("java.class.path"), Run.class.getName()));
            command.addAll(Arrays.asList(labels));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            return new Run(process.exitValue(), text);
        }

        public static void main(String[] labels) {
            for (String label : labels) {
                System.out.println(RESULT + Aead.labelled(label).protection());
            }
        }

        List<String> results() {
            return text.lines()
                    .filter(line -> line.startsWith(RESULT))
                    .map(line -> line.substring(RESULT.length()))
                    .toList();
        }

        long count(String part) {
            return text.lines().filter(line -> line.contains(part)).count();
        }
    }
}
