package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stoq serve} and {@code stoq get} over real sockets. */
class FilesTest {

    @TempDir
    Path temporary;

    private Path served;
    private Path got;

    @BeforeEach
    void folders() throws IOException {
        served = Files.createDirectory(temporary.resolve("served"));
        got = temporary.resolve("got");
    }

    private Session serve(String... more) {
        return Session.start(
                Stream.concat(Stream.of("serve", served.toString(), "--listen", "::1", "--port", "0"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private static String port(Session server) throws InterruptedException {
        return server.awaitLine("on \\[::1]:(\\d+),");
    }

    private Session get(String port, String path, String... more) throws Exception {
        return Session.run(Stream.concat(
                        Stream.of("get", "https://[::1]:" + port + path, "--out", got.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    private byte[] fill(String name, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new SplittableRandom(bytes).nextBytes(content);
        Files.write(served.resolve(name), content);
        return content;
    }

    private static byte[] sha256(Path file) throws IOException, GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    }

    private static void assertFailed(Session session, String... sentences) throws Exception {
        assertEquals(1, session.exit(), session::err);
        for (String sentence : sentences) {
            assertTrue(session.err().contains(sentence), session::err);
        }
        assertFalse(session.err().contains("\tat "), session::err);
    }

    @Test
    void aLargeFileArrivesUnchanged() throws Exception {
        fill("large", 20 << 20);
        try (Session server = serve()) {
            String port = port(server);
            Session client = get(port, "/large", "--fingerprint", server.awaitLine("--fingerprint ([0-9a-f]{64})"));
            assertEquals(0, client.exit(), client::err);
            assertArrayEquals(sha256(served.resolve("large")), sha256(got.resolve("large")));
            assertTrue(client.err().contains("/large  21.0 MB in "), client::err);
            assertEquals("", client.out());
        }
    }

    @Test
    void severalFilesComeOverOneConnectionAndOldOnesAreReplaced() throws Exception {
        byte[] first = fill("first", 100_000);
        byte[] second = fill("second", 1);
        fill("empty", 0);
        Files.createDirectory(got);
        Files.writeString(got.resolve("second"), "what was there before");
        try (Session server = serve()) {
            String base = "https://[::1]:" + port(server) + "/";
            Session client = Session.run(
                    "get",
                    base + "first",
                    base + "second",
                    base + "empty",
                    "--out",
                    got.toString(),
                    "--insecure",
                    "-q");
            assertEquals(0, client.exit(), client::err);
            assertEquals("", client.err());
            assertArrayEquals(first, Files.readAllBytes(got.resolve("first")));
            assertArrayEquals(second, Files.readAllBytes(got.resolve("second")));
            assertEquals(0, Files.size(got.resolve("empty")));
        }
    }

    @Test
    void theCertificateOfAFileIsTrustedByFile() throws Exception {
        byte[] content = fill("file", 5000);
        Certificates files = Certificates.of(temporary, "::1");
        try (Session server = serve(
                "--cert", files.certificate().toString(), "--key", files.key().toString())) {
            Session client =
                    get(port(server), "/file", "--trust", files.certificate().toString());
            assertEquals(0, client.exit(), client::err);
            assertArrayEquals(content, Files.readAllBytes(got.resolve("file")));
        }
    }

    @Test
    void theKeyLogHasTheSecretsOfBothSides() throws Exception {
        fill("file", 1);
        Path log = temporary.resolve("keys.log");
        try (Session server = serve()) {
            Session client = get(port(server), "/file", "--insecure", "--keylog", log.toString());
            assertEquals(0, client.exit(), client::err);
        }
        List<String> lines = Files.readAllLines(log);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("CLIENT_TRAFFIC_SECRET_0 ")), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("SERVER_TRAFFIC_SECRET_0 ")), lines::toString);
    }

    @Test
    void qlogFilesOfBothSidesTellOfTheTransfer() throws Exception {
        fill("file", 100_000);
        Path folder = temporary.resolve("made").resolve("qlog");
        try (Session server = Session.start(
                "serve", served.toString(), "--listen", "::1", "--port", "0", "--qlog", folder.toString())) {
            Session client = get(port(server), "/file", "--insecure", "--qlog", folder.toString());
            assertEquals(0, client.exit(), client::err);
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> both = files.sorted(
                            Comparator.comparing(file -> file.toString().contains("server")))
                    .toList();
            assertEquals(2, both.size(), both::toString);
            assertTrue(Files.readString(both.getFirst()).contains("\"type\":\"client\""), both::toString);
            assertTrue(Files.readString(both.getLast()).contains("\"quic:packet_sent\""), both::toString);
        }
    }

    @Test
    void whatIsNotThereIsRefusedAndTheRestStillCome() throws Exception {
        byte[] content = fill("file", 5000);
        Files.writeString(temporary.resolve("secret"), "secret");
        try (Session server = serve()) {
            String base = "https://[::1]:" + port(server) + "/";
            Session client = Session.run(
                    "get", base + "missing", base + "file", base + "../secret", "--out", got.toString(), "--insecure");
            assertFailed(
                    client,
                    "stoq: /missing: the server refused: there is no such file",
                    "stoq: /../secret: the server refused: there is no such file");
            assertArrayEquals(content, Files.readAllBytes(got.resolve("file")));
            assertFalse(Files.exists(got.resolve("secret")));
            assertFalse(Files.exists(got.resolve("missing.part")));
            assertTrue(server.err().contains("/missing is no file here"), server::err);
        }
    }

    @Test
    void aSelfSignedCertificateIsNotTrustedUnasked() throws Exception {
        try (Session server = serve()) {
            String port = port(server);
            String fingerprint = server.awaitLine("--fingerprint ([0-9a-f]{64})");
            assertFailed(
                    get(port, "/file"),
                    "cannot connect to [::1]:" + port,
                    "untrusted issuer",
                    "its fingerprint is " + fingerprint,
                    "give --trust FILE");
            assertFailed(get(port, "/file", "--fingerprint", "0".repeat(64)), "certificate", "--fingerprint HEX");
        }
    }

    @Test
    void aCertificateForAnotherNameIsNotTrusted() throws Exception {
        Certificates files = Certificates.of(temporary, "other.example");
        try (Session server = serve(
                "--cert", files.certificate().toString(), "--key", files.key().toString())) {
            assertFailed(
                    get(port(server), "/file", "--trust", files.certificate().toString()),
                    "the server's certificate is refused",
                    "::1",
                    "other.example");
        }
    }

    /** That clients refuse one is a story of the handshake; a server does not even begin with it. */
    @Test
    void anExpiredCertificateIsNotServed() throws Exception {
        Certificates files = Certificates.expired(temporary);
        assertFailed(
                serve(
                        "--cert",
                        files.certificate().toString(),
                        "--key",
                        files.key().toString()),
                "cert.pem",
                "expired at",
                "renew it");
    }

    @Test
    void anotherProtocolIsRefusedByName() throws Exception {
        try (Session server = serve()) {
            Session client = Session.run("perf", "client", "[::1]:" + port(server), "--insecure", "--seconds", "1");
            assertFailed(
                    client, "as perf client", "no application protocol (ALPN)", "hq-interop", "right kind of server");
        }
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (Session server = serve()) {
            String port = port(server);
            Session second = Session.run("serve", served.toString(), "--listen", "::1", "--port", port);
            assertFailed(second, "[::1]:" + port, "is in use", "choose another");
        }
    }

    @Test
    void aServerThatEndsInMidTransferIsToldOf() throws Exception {
        // Sparse: more than can be sent, and nothing to store.
        try (var file = new RandomAccessFile(served.resolve("huge").toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        Files.createDirectories(got);
        Session client;
        try (Session server = serve();
                WatchService folder = got.getFileSystem().newWatchService()) {
            got.register(folder, StandardWatchEventKinds.ENTRY_CREATE);
            String url = "https://[::1]:" + port(server) + "/huge";
            client = Session.start("get", url, "--out", got.toString(), "--insecure");
            assertNotNull(folder.poll(30, TimeUnit.SECONDS), client::err);
        }
        assertFailed(client, "stoq: /huge: ", "the peer");
        assertTrue(Files.exists(got.resolve("huge.part")));
        assertFalse(Files.exists(got.resolve("huge")));
    }

    @Test
    void filesThatCannotBeReadAreNamed() throws Exception {
        Path text = Files.writeString(temporary.resolve("text"), "no PEM");
        String name = text.toString();
        assertFailed(Session.run("serve", served.toString(), "--cert", name, "--key", name), name, "CERTIFICATE");
        assertFailed(Session.run("get", "https://[::1]:1/x", "--trust", name), name, "CERTIFICATE");
        assertFailed(Session.run("get", "https://[::1]:1/x", "--trust", name + "2"), name + "2");
        assertFailed(Session.run("serve", name + "3"), name + "3 does not exist");
        assertFailed(Session.run("serve", name), name + " is no folder");
        assertFailed(
                Session.run("serve", served.toString(), "--keylog", name + "/log"), name + "/log", "cannot be written");
        assertFailed(Session.run("serve", served.toString(), "--qlog", name), name + " is a file, no folder");
        assertFailed(Session.run("get", "https://[::1]:1/x", "--fingerprint", "abc"), "\"abc\"", "64 hex digits");
    }

    @Test
    void addressesThatThisMachineLacksAreNamed() throws Exception {
        assertFailed(
                Session.run("serve", served.toString(), "--listen", "2001:db8::1"),
                "[2001:db8::1]:4433",
                "no interface of this machine");
        assertFailed(Session.run("get", "https://no.such.name.invalid/x"), "no.such.name.invalid", "IPv6");
    }

    @Test
    void aServerWithTrustLetsInWhoShowsACertificateOfIt() throws Exception {
        byte[] content = fill("file", 5000);
        Certificates ours = Certificates.of(Files.createDirectory(temporary.resolve("ours")), "::1");
        Certificates theirs = Certificates.of(Files.createDirectory(temporary.resolve("theirs")), "theirs.example");
        String trust = ours.certificate().toString();
        try (Session server = serve("--cert", trust, "--key", ours.key().toString(), "--trust", trust)) {
            String port = port(server);
            Session client = get(
                    port,
                    "/file",
                    "--trust",
                    trust,
                    "--cert",
                    trust,
                    "--key",
                    ours.key().toString());
            assertEquals(0, client.exit(), client::err);
            assertArrayEquals(content, Files.readAllBytes(got.resolve("file")));
            assertFailed(get(port, "/file", "--trust", trust), "/file", "the client sent no certificate");
            assertFailed(
                    get(
                            port,
                            "/file",
                            "--trust",
                            trust,
                            "--cert",
                            theirs.certificate().toString(),
                            "--key",
                            theirs.key().toString()),
                    "/file",
                    "untrusted issuer");
        }
    }
}
