package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqConnection;
import io.stoq.config.ConnectionConfig;
import io.stoq.congestion.CongestionAlgorithm;
import io.stoq.congestion.CongestionController;
import io.stoq.congestion.CongestionControllerFactory;
import io.stoq.congestion.CongestionParameters;
import io.stoq.congestion.Cubic;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which controller a connection has is its configuration's choice, at either end. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class OwnControllerTest {

    private static final int MIB = 1 << 20;

    /** Makes controllers, and remembers them; the engine makes one for each path. */
    private static final class Remembering implements CongestionControllerFactory {

        private final CongestionControllerFactory factory;
        private final Queue<CongestionController> made = new ConcurrentLinkedQueue<>();

        Remembering(CongestionControllerFactory factory) {
            this.factory = factory;
        }

        @Override
        public CongestionController create(CongestionParameters parameters) {
            CongestionController controller = factory.create(parameters);
            made.add(controller);
            return controller;
        }

        List<String> names() {
            return made.stream().map(CongestionController::name).toList();
        }
    }

    private static ConnectionConfig config(CongestionControllerFactory factory) {
        return ConnectionConfig.builder().congestion(factory).build();
    }

    @Test
    void clientAndServerHaveControllersOfTheirOwn() throws Exception {
        Remembering client = new Remembering(Aimd::new);
        Remembering server = new Remembering(parameters -> new Cubic(parameters, false));
        try (Pair pair = new Pair("auto", config(client), config(server), builder -> builder)) {
            Pair.exchange(pair.client, pair.peer(), 8 * MIB);
            Pair.exchange(pair.peer(), pair.client, 8 * MIB);
            assertEquals(List.of("aimd"), client.names());
            assertEquals(List.of("cubic"), server.names());
        }
    }

    @Test
    void itsWindowIsTheConnectionsWindow() throws Exception {
        long bytes = 99_999;
        CongestionControllerFactory fixed = parameters -> new Aimd(parameters) {
            @Override
            public long windowBytes() {
                return bytes;
            }
        };
        try (Pair pair = new Pair("auto", config(fixed), ConnectionConfig.defaults(), builder -> builder)) {
            Pair.exchange(pair.client, pair.peer(), MIB);
            assertEquals(bytes, pair.client.statistics().path().windowBytes());
            assertNotEquals(bytes, pair.peer().statistics().path().windowBytes());
            assertTrue(pair.client.statistics().path().bytesInFlight() <= bytes);
        }
    }

    @Test
    void connectionsOfOneClientMayDiffer() throws Exception {
        Remembering aimd = new Remembering(Aimd::new);
        Remembering reno = new Remembering(CongestionAlgorithm.NEW_RENO.factory());
        try (Pair pair = new Pair("auto")) {
            pair.peer();
            for (Remembering factory : List.of(aimd, reno)) {
                try (StoqConnection connection = pair.connect(config(factory))) {
                    Pair.exchange(connection, pair.nextPeer(), MIB);
                }
            }
            assertEquals(List.of("aimd"), aimd.names());
            assertEquals(List.of("newreno"), reno.names());
        }
    }

    @ParameterizedTest
    @EnumSource(CongestionAlgorithm.class)
    void eachAlgorithmMovesData(CongestionAlgorithm algorithm) throws Exception {
        Remembering factory = new Remembering(algorithm.factory());
        try (Pair pair = new Pair("auto", config(factory), config(factory), builder -> builder)) {
            Pair.exchange(pair.client, pair.peer(), 16 * MIB);
            Pair.exchange(pair.peer(), pair.client, 16 * MIB);
            assertEquals(List.of(algorithm.label(), algorithm.label()), factory.names());
        }
    }
}
