package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqException;
import io.stoq.pool.PoolConfig;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Names whose addresses are of no use, or not all of them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NamesTest {

    @Test
    void namesThatLeadNowhereAreExplained() throws Exception {
        try (StoqTransport transport = StoqTransport.create()) {
            ClientBuilder client = transport.client().tls(Pair.clientTls("test"));
            for (String name : List.of(TestNames.ONLY_IPV4, TestNames.NO_ADDRESS)) {
                String expected =
                        name.equals(TestNames.ONLY_IPV4) ? "has only IPv4 addresses (127.0.0.1)" : "not known";
                assertContains(expected, () -> client.connect(name, 4433));
                assertContains(expected, () -> await(client.connectAsync(name, 4433)));
                try (StoqPool pool =
                        transport.pool(name, 4433).tls(Pair.clientTls("test")).build()) {
                    assertContains(expected, pool::acquire);
                }
            }
        }
    }

    private static void await(CompletableFuture<?> future) throws Throwable {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static void assertContains(String expected, Executable call) {
        String message = assertThrows(StoqException.Address.class, call).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void aNameWithADeadAndALiveAddressLeadsToTheLiveOne() throws Exception {
        try (Pair pair = new Pair("auto")) {
            PoolBuilder builder = pair.clientTransport
                    .pool(TestNames.DEAD_AND_LIVE, pair.server.localAddress().getPort())
                    .tls(Pair.clientTls("test"))
                    .serverName("localhost")
                    .config(PoolConfig.builder().connections(2, 2).build());
            try (StoqPool pool = builder.build();
                    PoolLease lease = pool.acquire()) {
                assertFalse(lease.connection().remoteAddress().getHostString().contains("db8"));
                assertTrue(lease.connection().isOpen());
            }
        }
    }
}
