package io.stoq.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.pem.Pem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real files in virtual time: what replaces an identity, and what does not. */
class LiveIdentityTest {

    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");
    private static final Identity FIRST = AUTHORITY.issue("server.example");
    private static final Identity SECOND = AUTHORITY.issue("server.example");
    private static final Duration TURN = Duration.ofSeconds(5);

    /** Two turns: the change is seen, and the files have come to rest. */
    private static final Duration SETTLED = TURN.plusSeconds(1);

    @TempDir
    Path folder;

    private final VirtualTime time = new VirtualTime(Instant.now(), 1);

    private Path chain() {
        return folder.resolve("chain.pem");
    }

    private Path key() {
        return folder.resolve("key.pem");
    }

    private LiveIdentity first() {
        FIRST.writePem(chain(), key());
        return time.keep(IdentitySource.pem(chain(), key()));
    }

    private static void assertShows(Identity expected, LiveIdentity live) {
        assertEquals(expected.certificates(), live.get().certificates());
    }

    private String refusal() {
        return assertInstanceOf(LiveEvent.Refused.class, time.told.getLast()).reason();
    }

    @Test
    void filesWrittenAnewAreTaken() {
        try (LiveIdentity live = first()) {
            assertShows(FIRST, live);
            SECOND.writePem(chain(), key());
            time.pass(SETTLED);
            assertShows(SECOND, live);
            LiveEvent.Swapped swapped = assertInstanceOf(LiveEvent.Swapped.class, time.told.getFirst());
            assertEquals(1, time.told.size());
            assertTrue(swapped.source().contains(chain().toString()), swapped.source());
            assertEquals(SECOND.toString(), swapped.what());
            assertEquals(SECOND.certificates().getFirst().getNotAfter().toInstant(), live.expires());
        }
    }

    @Test
    void filesRenamedOverAreTakenThoughSizeAndTimeAreTheSame() throws Exception {
        Path both = folder.resolve("both.pem");
        Path next = folder.resolve("next.pem");
        write(both, FIRST);
        write(next, SECOND);
        FileTime same = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(both, same);
        Files.setLastModifiedTime(next, same);
        try (LiveIdentity live = time.keep(IdentitySource.pem(both, both))) {
            Files.move(next, both, StandardCopyOption.ATOMIC_MOVE);
            time.pass(SETTLED);
            assertShows(SECOND, live);
        }
    }

    /** A secret of Kubernetes: names lead through the link ..data to a folder, and that link is swapped. */
    @Test
    void aSwappedLinkIsTaken() throws Exception {
        for (Identity identity : List.of(FIRST, SECOND)) {
            Path version = Files.createDirectory(folder.resolve(identity == FIRST ? "..1" : "..2"));
            identity.writePem(version.resolve("tls.crt"), version.resolve("tls.key"));
        }
        Path data = folder.resolve("..data");
        Files.createSymbolicLink(data, Path.of("..1"));
        Path crt = Files.createSymbolicLink(folder.resolve("tls.crt"), Path.of("..data", "tls.crt"));
        Path pemKey = Files.createSymbolicLink(folder.resolve("tls.key"), Path.of("..data", "tls.key"));
        try (LiveIdentity live = time.keep(IdentitySource.pem(crt, pemKey))) {
            assertShows(FIRST, live);
            Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("..2"));
            Files.move(folder.resolve("..tmp"), data, StandardCopyOption.ATOMIC_MOVE);
            time.pass(SETTLED);
            assertShows(SECOND, live);
            assertEquals(1, time.told.size());
        }
    }

    @Test
    void touchedFilesAreNoChange() throws Exception {
        try (LiveIdentity live = first()) {
            Identity before = live.get();
            Files.setLastModifiedTime(chain(), FileTime.from(Instant.now().plusSeconds(5)));
            time.pass(Duration.ofMinutes(1));
            assertSame(before, live.get());
            assertEquals(List.of(), time.told);
        }
    }

    @Test
    void filesThatAreBeingWrittenAreLeftAloneUntilTheyAreWhole() throws Exception {
        Path both = folder.resolve("both.pem");
        write(both, FIRST);
        try (LiveIdentity live = time.keep(IdentitySource.pem(both, both))) {
            Path whole = folder.resolve("whole.pem");
            write(whole, SECOND);
            byte[] bytes = Files.readAllBytes(whole);
            try (OutputStream out = Files.newOutputStream(both, StandardOpenOption.TRUNCATE_EXISTING)) {
                time.pass(TURN);
                for (int at = 0; at < bytes.length; at += 200) {
                    out.write(bytes, at, Math.min(200, bytes.length - at));
                    time.pass(Duration.ofSeconds(1));
                    assertShows(FIRST, live);
                }
            }
            time.pass(TURN);
            assertShows(SECOND, live);
            assertEquals(1, time.told.size(), time.told::toString);
        }
    }

    /** As it is where links are swapped between the reading of the chain and that of the key. */
    @Test
    void filesThatAreReplacedWhileTheyAreReadAreReadAgain() throws Exception {
        FIRST.writePem(chain(), key());
        List<Runnable> meanwhile = new ArrayList<>();
        IdentitySource source = new LoadedSource("node", List.of(chain(), key()), () -> {
            String read = readString(chain());
            meanwhile.forEach(Runnable::run);
            meanwhile.clear();
            return Identity.ofPem(read, readString(key()));
        });
        try (LiveIdentity live = time.keep(source)) {
            Identity third = AUTHORITY.issue("server.example");
            SECOND.writePem(chain(), key());
            meanwhile.add(() -> third.writePem(chain(), key()));
            time.pass(SETTLED.plus(SETTLED));
            assertShows(third, live);
            assertEquals(1, time.told.size(), time.told::toString);
            assertInstanceOf(LiveEvent.Swapped.class, time.told.getFirst());
        }
    }

    private static String readString(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that may come instead of the next identity. */
    enum Broken {
        HALF_A_CERTIFICATE("chain.pem", "broken PEM") {
            @Override
            void write(Path chain, Path key) throws Exception {
                Files.writeString(chain, Files.readString(chain).substring(0, 300));
            }
        },
        EMPTY("chain.pem", "no certificate") {
            @Override
            void write(Path chain, Path key) throws Exception {
                Files.writeString(chain, "");
            }
        },
        GONE("key.pem", "does not exist") {
            @Override
            void write(Path chain, Path key) throws Exception {
                Files.delete(key);
            }
        },
        FOLDER("key.pem", "is a folder") {
            @Override
            void write(Path chain, Path key) throws Exception {
                Files.delete(key);
                Files.createDirectory(key);
            }
        },
        KEY_OF_ANOTHER("key.pem", "does not belong") {
            @Override
            void write(Path chain, Path key) throws Exception {
                SECOND.writePem(chain, key.resolveSibling("other.pem"));
            }
        },
        EXPIRED("chain.pem", "expired at") {
            @Override
            void write(Path chain, Path key) {
                dated(Duration.ofDays(-3)).writePem(chain, key);
            }
        },
        NOT_YET_VALID("chain.pem", "valid only from") {
            @Override
            void write(Path chain, Path key) {
                dated(Duration.ofDays(3)).writePem(chain, key);
            }
        },
        CHAIN_OUT_OF_ORDER("chain.pem", "put your own certificate first") {
            @Override
            void write(Path chain, Path key) throws Exception {
                Identity issued = AUTHORITY.intermediate("middle").issue("server.example");
                issued.writePem(chain, key);
                Files.writeString(chain, Pem.blocks(issued.certificates().reversed()));
            }
        },
        UNSUPPORTED_KEY("key.pem", "unsupported kind") {
            @Override
            void write(Path chain, Path key) throws Exception {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("DSA");
                generator.initialize(2048);
                Files.writeString(
                        key,
                        Pem.block(
                                "PRIVATE KEY",
                                generator.generateKeyPair().getPrivate().getEncoded()));
            }
        };

        private final String file;
        private final String reason;

        Broken(String file, String reason) {
            this.file = file;
            this.reason = reason;
        }

        abstract void write(Path chain, Path key) throws Exception;

        private static Identity dated(Duration shift) {
            return AUTHORITY.issue("P-256", shift, KeyPurposeId.id_kp_serverAuth, "server.example");
        }
    }

    @ParameterizedTest
    @EnumSource(Broken.class)
    void whatIsBrokenReplacesNothingAndIsToldOnceWithFileAndReason(Broken broken) throws Exception {
        try (LiveIdentity live = first()) {
            broken.write(chain(), key());
            time.pass(Duration.ofMinutes(5));
            assertShows(FIRST, live);
            assertEquals(1, time.told.size(), time.told::toString);
            assertTrue(refusal().contains(broken.file), refusal());
            assertTrue(refusal().contains(broken.reason), refusal());
            Files.deleteIfExists(key());
            SECOND.writePem(chain(), key());
            time.pass(SETTLED);
            assertShows(SECOND, live);
        }
    }

    @ParameterizedTest
    @EnumSource(Broken.class)
    void whatIsBrokenFromTheBeginningIsRefused(Broken broken) throws Exception {
        FIRST.writePem(chain(), key());
        broken.write(chain(), key());
        IdentitySource source = IdentitySource.pem(chain(), key());
        String message = assertThrows(IllegalArgumentException.class, () -> time.keep(source))
                .getMessage();
        assertTrue(message.contains(broken.file) && message.contains(broken.reason), message);
        assertEquals(0, time.pending());
    }

    @Test
    void theEndIsToldAheadAndWhenItIsThere() {
        try (LiveIdentity live = first()) {
            Duration left = Duration.between(time.now(), live.expires());
            time.pass(left.minus(Duration.ofMinutes(21)));
            assertEquals(List.of(), time.told);
            time.pass(Duration.ofMinutes(2)); // a sixth of two hours
            LiveEvent.Expiring soon = assertInstanceOf(LiveEvent.Expiring.class, time.told.getLast());
            assertEquals(live.expires(), soon.expires());
            time.pass(Duration.ofMinutes(18));
            assertEquals(1, time.told.size());
            time.pass(Duration.ofDays(1));
            assertEquals(2, time.told.size());
            assertInstanceOf(LiveEvent.Expiring.class, time.told.getLast());
            assertShows(FIRST, live);
        }
    }

    @Test
    void pkcs12FilesAreKept() throws Exception {
        char[] password = "secret".toCharArray();
        Path file = folder.resolve("node.p12");
        write(file, FIRST, password);
        try (LiveIdentity live = time.keep(IdentitySource.pkcs12(file, password))) {
            assertShows(FIRST, live);
            write(file, SECOND, password);
            time.pass(SETTLED);
            assertShows(SECOND, live);
            write(file, FIRST, "changed".toCharArray());
            time.pass(SETTLED);
            assertShows(SECOND, live);
            assertTrue(refusal().contains("node.p12 does not open with this password"), refusal());
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            time.pass(SETTLED);
            assertTrue(refusal().contains("node.p12 cannot be read as PKCS #12"), refusal());
        }
    }

    @Test
    void aKeyStoreInMemoryIsReadAgainWhenToldTo() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] password = "secret".toCharArray();
        put(store, FIRST, password);
        try (LiveIdentity live = time.keep(IdentitySource.keyStore(store, "node", password))) {
            put(store, SECOND, password);
            time.pass(Duration.ofMinutes(20));
            assertShows(FIRST, live);
            live.reload();
            time.pass(Duration.ZERO);
            assertShows(SECOND, live);
        }
    }

    @Test
    void aListenerThatFailsStopsNothing() {
        FIRST.writePem(chain(), key());
        LiveOptions options = time.options().withListener(event -> {
            throw new IllegalStateException("no");
        });
        try (LiveIdentity live = LiveIdentity.start(IdentitySource.pem(chain(), key()), options, time.clockwork())) {
            SECOND.writePem(chain(), key());
            time.pass(SETTLED);
            assertShows(SECOND, live);
            FIRST.writePem(chain(), key());
            time.pass(SETTLED);
            assertShows(FIRST, live);
        }
    }

    @Test
    void afterItIsClosedNothingHappens() {
        LiveIdentity live = first();
        live.close();
        SECOND.writePem(chain(), key());
        time.pass(Duration.ofDays(2));
        assertShows(FIRST, live);
        assertEquals(List.of(), time.told);
        assertEquals(0, time.pending());
    }

    @Test
    void flightRecorderIsTold() throws Exception {
        Path file = folder.resolve("live.jfr");
        try (Recording recording = new Recording();
                LiveIdentity live = first()) {
            recording.enable("io.stoq.Credentials");
            recording.start();
            SECOND.writePem(chain(), key());
            time.pass(SETTLED);
            Files.delete(key());
            time.pass(SETTLED);
            recording.stop();
            recording.dump(file);
            List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            assertEquals(
                    List.of("swapped", "refused"),
                    events.stream().map(event -> event.getString("change")).toList());
            assertEquals(live.expires().toString(), events.getFirst().getString("expires"));
            assertTrue(events.getLast().getString("detail").contains("key.pem does not exist"));
        }
    }

    /** The same on the real clock and thread. */
    @Test
    void itHappensByItself() throws Exception {
        FIRST.writePem(chain(), key());
        BlockingQueue<LiveEvent> told = new ArrayBlockingQueue<>(10);
        LiveOptions options = new LiveOptions(Duration.ofMillis(10), told::add);
        try (LiveIdentity live = LiveIdentity.start(IdentitySource.pem(chain(), key()), options)) {
            SECOND.writePem(chain(), key());
            LiveEvent event = told.poll(30, TimeUnit.SECONDS);
            while (event instanceof LiveEvent.Refused) { // between the two files
                event = told.poll(30, TimeUnit.SECONDS);
            }
            assertInstanceOf(LiveEvent.Swapped.class, event);
            assertShows(SECOND, live);
        }
    }

    private static void put(KeyStore store, Identity identity, char[] password) throws Exception {
        store.setKeyEntry(
                "node", identity.privateKey(), password, identity.certificates().toArray(X509Certificate[]::new));
    }

    private static void write(Path file, Identity identity, char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        put(store, identity, password);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
    }

    private static void write(Path file, Identity identity) throws Exception {
        KeyPair keys = new KeyPair(identity.certificates().getFirst().getPublicKey(), identity.privateKey());
        Files.writeString(file, Pem.block(keys.getPrivate(), keys.getPublic()) + Pem.blocks(identity.certificates()));
    }
}
