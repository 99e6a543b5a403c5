package io.stoq.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.config.EndpointConfig;
import io.stoq.protection.Aead;
import io.stoq.protection.IpsecMbPacketProtection;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.transport.StoqTransport;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against ngtcp2's example programs (Debian packages ngtcp2-client and ngtcp2-server), in both roles; skipped where they are
 * not installed. They speak HTTP/3, of which the test brings the few bytes that a file needs.
 */
@ParameterizedClass
@EnumSource(
        value = Aead.class,
        names = {"IPSEC_MB", "JCA"})
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class Ngtcp2InteropTest {

    private static final Identity IDENTITY = Identity.selfSigned("localhost", "::1");
    private static final byte[] FILE = new byte[10 << 20];

    static {
        new Random(10).nextBytes(FILE);
    }

    @TempDir
    Path directory;

    private final Aead aead;

    Ngtcp2InteropTest(Aead aead) {
        this.aead = aead;
        String reason = aead == Aead.IPSEC_MB ? IpsecMbPacketProtection.unavailableReason() : null;
        assumeTrue(reason == null, () -> "interop with ipsec-mb is skipped: " + reason);
    }

    /** Arguments of the client, separated by spaces. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--tx-loss=0.03 --rx-loss=0.03",
                "--key-update=5ms",
                "--change-local-addr=20ms",
                "--groups=-GROUP-ALL:+GROUP-SECP521R1:+GROUP-SECP384R1",
                "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305",
                "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM",
                "retry"
            })
    void itsClientFetchesFiles(String options) throws Exception {
        String client = find("gtlsclient");
        boolean retry = options.equals("retry");
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = transport
                        .server()
                        .tls(StoqTls.builder()
                                .aead(aead)
                                .identity(IDENTITY)
                                .applicationProtocols("h3")
                                .build())
                        .retry(retry ? EndpointConfig.Retry.ALWAYS : EndpointConfig.Retry.NEVER)
                        .bind("::1", 0)
                        .onConnection(Ngtcp2InteropTest::serve)
                        .start()) {
            List<String> command = new ArrayList<>(List.of(client, "--quiet", "--exit-on-all-streams-close"));
            if (!retry && !options.isEmpty()) {
                command.addAll(List.of(options.split(" ")));
            }
            command.addAll(List.of("--download", directory.toString(), "::1"));
            command.add(Integer.toString(server.localAddress().getPort()));
            command.addAll(List.of("https://localhost/a", "https://localhost/b"));
            Process process = start(command, "client.log");
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the client does not end");
            assertEquals(0, process.exitValue());
            assertArrayEquals(FILE, Files.readAllBytes(directory.resolve("a")));
            assertArrayEquals(FILE, Files.readAllBytes(directory.resolve("b")));
        }
    }

    private static void serve(StoqConnection connection) throws Exception {
        StoqStream control = connection.openUnidirectionalStream();
        control.write(Http3Bytes.settings(), 0, 3);
        byte[] response = Http3Bytes.response(FILE);
        while (true) {
            StoqStream stream = connection.acceptStream();
            if (stream.isBidirectional()) {
                Thread.ofVirtual().start(() -> answer(stream, response));
            }
        }
    }

    private static void answer(StoqStream stream, byte[] response) {
        try {
            stream.inputStream().readAllBytes();
            stream.write(response, 0, response.length);
            stream.finish();
        } catch (IOException ended) {
            stream.close(); // the client tells by its exit code
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--validate-addr", "--tx-loss=0.03 --rx-loss=0.03"})
    void aFileIsFetchedFromItsServer(String options) throws Exception {
        String program = find("gtlsserver");
        Files.write(directory.resolve("file"), FILE);
        QuichePeer.write(IDENTITY, directory);
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(program, "--quiet"));
        if (!options.isEmpty()) {
            command.addAll(List.of(options.split(" ")));
        }
        command.addAll(List.of("--htdocs", directory.toString(), "::1", Integer.toString(port)));
        command.addAll(List.of(
                directory.resolve("key.pem").toString(),
                directory.resolve("cert.pem").toString()));
        Process process = start(command, "server.log");
        try (StoqTransport transport = StoqTransport.create();
                StoqConnection connection = connect(transport, port)) {
            StoqStream control = connection.openUnidirectionalStream();
            control.write(Http3Bytes.settings(), 0, 3);
            for (int i = 0; i < 2; i++) {
                try (StoqStream stream = connection.openStream()) {
                    byte[] request = Http3Bytes.request("localhost", "/file");
                    stream.write(request, 0, request.length);
                    stream.finish();
                    assertArrayEquals(FILE, Http3Bytes.body(stream.inputStream().readAllBytes()));
                }
                connection.updateKeys().get();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The client's own retransmissions wait for a server that is still starting. */
    private StoqConnection connect(StoqTransport transport, int port) throws StoqException {
        return transport
                .client()
                .tls(StoqTls.builder()
                        .aead(aead)
                        .trust(Trust.fingerprint(IDENTITY.sha256Fingerprint()))
                        .applicationProtocols("h3")
                        .build())
                .connect("::1", port);
    }

    private Process start(List<String> command, String log) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(log).toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (DatagramChannel probe =
                DatagramChannel.open(StandardProtocolFamily.INET6).bind(new InetSocketAddress("::1", 0))) {
            return ((InetSocketAddress) probe.getLocalAddress()).getPort();
        }
    }

    private static String find(String program) {
        List<String> folders =
                new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)));
        folders.addAll(List.of("/usr/sbin", "/usr/local/sbin"));
        for (String folder : folders) {
            Path candidate = Path.of(folder, program);
            if (Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        assumeTrue(
                false,
                program + " is not installed: interop with ngtcp2 is skipped (Debian: ngtcp2-client, ngtcp2-server)");
        return null;
    }
}
