package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/guide/certificates.md, run by a shell in an empty folder, one page after the other. */
class CertificatesGuideTest {

    private static final long TIMEOUT_S = 120;
    private static final int MAX_COMMANDS = 9;
    private static final Pattern COMMANDS = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    private List<String> sections;

    @BeforeEach
    void guide() throws IOException {
        sections = new ArrayList<>();
        Matcher matcher = COMMANDS.matcher(Files.readString(root().resolve("docs/guide/certificates.md")));
        while (matcher.find()) {
            sections.add(matcher.group(1));
        }
        installStoq();
    }

    @Test
    void theCommandsOfThePageWork() throws Exception {
        assumeTrue(isHere("bash") && isHere("openssl"), "bash or openssl is not installed");
        assertEquals(4, sections.size());
        String first = sections.getFirst();
        assertTrue(first.lines().count() <= MAX_COMMANDS, first);
        // Any port, so that two runs do not meet; the client must not come before the server is there.
        int port = freePort();
        String withPort = first.replace(":4433/", ":" + port + "/")
                .replace("ca.pem &", "ca.pem --port " + port + " 2>serve.log & server=$!\n" + AWAIT_SERVER);
        assertFalse(withPort.equals(first));
        String output = run(withPort + "kill $server\n");
        assertTrue(output.endsWith("hello, beta\n"), output);

        output = run(sections.get(1));
        assertTrue(output.contains("gamma/cert.pem: OK"), output);
        assertTrue(output.contains("gamma/cert.pem is right for gamma.example"), output);

        output = run(sections.get(2));
        assertTrue(output.contains("alpha/cert.pem renewed"), output);
        assertTrue(output.lines().anyMatch(line -> line.contains("revoked") && line.endsWith("beta.example")), output);

        output = run(sections.get(3));
        assertTrue(output.contains("continues the head in head"), output);
        assertTrue(output.contains("delta/cert.pem is entry 5"), output);
        assertFalse(output.contains("WRONG"), output);
    }

    private static final String AWAIT_SERVER =
            "for i in $(seq 600); do grep -q serving serve.log && break; sleep 0.1; done\n";

    private String run(String commands) throws Exception {
        Path output = Files.createTempFile(folder, "output", ".log");
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-c", commands)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (old, bin) -> bin + ":" + old);
        Process shell = builder.start();
        if (!shell.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
            throw new AssertionError("the commands did not end:\n" + Files.readString(output));
        }
        String said = Files.readString(output);
        assertEquals(0, shell.exitValue(), said);
        return said;
    }

    /** A stoq command of the classes under test. */
    private void installStoq() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path stoq = Files.writeString(
                bin.resolve("stoq"),
                "#!/bin/sh\nexec '" + java + "' --enable-native-access=ALL-UNNAMED -Xmx256m -XX:+UseSerialGC"
                        + " -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp '"
                        + System.getProperty("java.class.path") + "' io.stoq.bench.cli.Stoq \"$@\"\n");
        Files.setPosixFilePermissions(stoq, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress("::1", 0))) {
            return socket.getLocalPort();
        }
    }

    private static boolean isHere(String command) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path, command)));
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mvnw"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
