package io.stoq.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Identities are swapped while handshakes run; the one over sockets is the transport's test. */
class SwapTest {

    private static final int HANDSHAKES = 300;
    private static final String NAME = "server.example";
    private static final TestAuthority AUTHORITY = TestAuthority.root("authority");

    private final List<Identity> identities =
            List.of(AUTHORITY.issue(NAME), AUTHORITY.issue(NAME), AUTHORITY.issue(NAME));
    private final VirtualTime time = new VirtualTime(Instant.now(), 1);
    private int loaded;

    private void swap(LiveIdentity live) {
        live.reload();
        time.pass(Duration.ZERO);
    }

    /** A handful of handshakes at any time, each at another point, and another identity after each step. */
    @Test
    void eachHandshakeShowsOneWholeIdentityAndSucceeds() {
        IdentitySource source =
                new LoadedSource("three in turn", List.of(), () -> identities.get(loaded++ % identities.size()));
        LiveIdentity live = time.keep(source);
        StoqTls server =
                StoqTls.builder().identity(live).applicationProtocols("echo").build();
        StoqTls client = StoqTls.builder()
                .trust(Trust.certificates(AUTHORITY.certificate()))
                .applicationProtocols("echo")
                .build();
        List<TlsPair> running = new ArrayList<>();
        Set<X509Certificate> shown = new HashSet<>();
        int complete = 0;
        for (int seed = 0; complete < HANDSHAKES; seed++) {
            if (seed < HANDSHAKES) {
                TlsPair pair = new TlsPair(client, server, NAME, seed);
                pair.client.run();
                running.add(pair);
            }
            TlsPair turn = running.get(seed % running.size());
            swap(live);
            turn.pass(turn.client, turn.server);
            swap(live);
            turn.pass(turn.server, turn.client);
            if (turn.server.complete() != null) {
                shown.add(turn.client.complete().peerCertificates().getFirst());
                running.remove(turn);
                complete++;
            }
            assertNull(turn.client.alert(), () -> "" + turn.client.alert());
            assertNull(turn.server.alert(), () -> "" + turn.server.alert());
        }
        assertEquals(identities.size(), shown.size());
    }
}
