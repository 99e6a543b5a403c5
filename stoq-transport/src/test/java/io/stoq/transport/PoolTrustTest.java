package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqException;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.pool.MemberState;
import io.stoq.pool.PoolConfig;
import io.stoq.pool.PoolEvent;
import io.stoq.tls.LiveEvent;
import io.stoq.tls.LiveIdentity;
import io.stoq.tls.LiveOptions;
import io.stoq.tls.LiveTrust;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import io.stoq.trustchain.AuthorityProfile;
import io.stoq.trustchain.IssueRequest;
import io.stoq.trustchain.KeyAlgorithm;
import io.stoq.trustchain.RevocationReason;
import io.stoq.trustchain.TrustChain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** B-29: a pool's connections are judged as fresh ones are, also when trust has changed since they were made. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class PoolTrustTest {

    private static final PoolConfig PATIENT = PoolConfig.builder()
            .backoff(Duration.ofMillis(5), Duration.ofMillis(50), 0.5)
            .breaker(1000, Duration.ofSeconds(1))
            .acquireTimeout(Duration.ofSeconds(30))
            .build();

    @TempDir
    private Path folder;

    private final BlockingQueue<PoolEvent> pooled = new LinkedBlockingQueue<>();
    private final BlockingQueue<LiveEvent> trusted = new LinkedBlockingQueue<>();
    private TrustChain authority;
    private StoqTransport transport;

    @BeforeEach
    void open() throws Exception {
        authority = TrustChain.create(folder, AuthorityProfile.named("Fleet"), "correct horse".toCharArray());
        transport = StoqTransport.builder().eventLoops(1).build();
    }

    @AfterEach
    void close() throws Exception {
        transport.close();
        authority.close();
    }

    private LiveIdentity identity(String name) {
        return LiveIdentity.start(
                authority.identities(KeyAlgorithm.P256, List.of(name), IssueRequest.DEFAULT_LIFETIME),
                LiveOptions.defaults().withListener(trusted::add));
    }

    private LiveTrust trust() {
        return LiveTrust.pem(
                folder.resolve("root.pem"),
                folder.resolve("crl.pem"),
                new LiveOptions(LiveOptions.MIN_INTERVAL, trusted::add));
    }

    private StoqServer server(LiveIdentity identity) throws StoqException {
        return transport
                .server()
                .tls(StoqTls.builder()
                        .identity(identity)
                        .applicationProtocols("test")
                        .build())
                .bind("::1", 0)
                .onStream(stream -> stream.inputStream().transferTo(stream.outputStream()))
                .start();
    }

    private static StoqTls client(LiveTrust trust) {
        return StoqTls.builder().trust(trust).applicationProtocols("test").build();
    }

    private StoqPool pool(StoqServer server, StoqTls tls) throws StoqException {
        return transport
                .pool("::1", server.localAddress().getPort())
                .tls(tls)
                .config(PATIENT)
                .events(pooled::add)
                .build();
    }

    private static void ask(StoqPool pool) throws Exception {
        pool.exchange(stream -> {
            stream.finish();
            return stream.inputStream().readAllBytes();
        });
    }

    private PoolEvent await(Predicate<PoolEvent> wanted) throws InterruptedException {
        for (PoolEvent event = pooled.poll(30, TimeUnit.SECONDS);
                event != null;
                event = pooled.poll(30, TimeUnit.SECONDS)) {
            if (wanted.test(event)) {
                return event;
            }
        }
        return null;
    }

    private static boolean failsBy(PoolEvent event, String words) {
        return event instanceof PoolEvent.DialFailed failed && failed.reason().contains(words);
    }

    @Test
    void aRevokedServerGetsNoMoreWorkAndComesBackWithAnotherCertificate() throws Exception {
        try (LiveIdentity identity = identity("::1");
                LiveTrust trust = trust();
                StoqServer server = server(identity);
                StoqPool pool = pool(server, client(trust))) {
            ask(pool);
            try (PoolLease lease = pool.acquire();
                    StoqStream running = lease.connection().openStream()) {
                running.outputStream().write(1);
                authority.revoke(identity.get().certificates().getFirst(), RevocationReason.KEY_COMPROMISE);
                PoolEvent parted = await(event ->
                        event instanceof PoolEvent.StateChanged changed && changed.to() == MemberState.DRAINING);
                assertNotNull(parted);
                assertTrue(((PoolEvent.StateChanged) parted).reason().contains("was revoked"), parted::toString);
                // What was begun may be finished.
                running.finish();
                assertEquals(1, running.inputStream().readAllBytes().length);
            }
            StoqException fresh = assertThrows(
                    StoqException.class,
                    () -> transport.client().tls(client(trust)).connect(server.localAddress()));
            assertTrue(fresh.getMessage().contains("was revoked"), fresh.getMessage());
            pool.acquireAsync().thenAccept(PoolLease::close); // so that the pool dials
            assertNotNull(await(event -> failsBy(event, "was revoked")));
            identity.reload();
            ask(pool);
        }
    }

    @Test
    void aSwapThatChangesNothingForAServerLeavesItsConnections() throws Exception {
        try (LiveIdentity identity = identity("::1");
                LiveIdentity other = identity("::2");
                LiveTrust trust = trust();
                StoqServer server = server(identity);
                StoqPool pool = pool(server, client(trust))) {
            ask(pool);
            authority.revoke(other.get().certificates().getFirst(), RevocationReason.SUPERSEDED);
            LiveEvent event = trusted.poll(30, TimeUnit.SECONDS);
            assertTrue(event instanceof LiveEvent.Swapped, () -> "" + event);
            for (int i = 0; i < 20; i++) {
                ask(pool);
            }
            assertEquals(1, pool.statistics().opened());
            assertEquals(0, pool.statistics().draining());
        }
    }

    @Test
    void aServerOfAnotherNameIsNeverLent() throws Exception {
        try (LiveIdentity identity = identity("elsewhere.example");
                LiveTrust trust = trust();
                StoqServer server = server(identity);
                StoqPool pool = pool(server, client(trust))) {
            pool.acquireAsync().thenAccept(PoolLease::close);
            assertNotNull(await(event -> failsBy(event, "wrong name")));
            assertEquals(0, pool.statistics().opened());
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsNeverLent() throws Exception {
        try (LiveIdentity identity = identity("::1");
                StoqServer server = server(identity);
                StoqPool pool = pool(
                        server,
                        StoqTls.builder()
                                .trust(Trust.platform())
                                .applicationProtocols("test")
                                .build())) {
            pool.acquireAsync().thenAccept(PoolLease::close);
            assertNotNull(await(event -> failsBy(event, "untrusted issuer")));
            assertEquals(0, pool.statistics().opened());
        }
    }
}
