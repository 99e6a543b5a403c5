package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stoq.bench.perf.SiblingJvm;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What size datagrams get between two JVMs with a router in between, whose other link may carry less than the first. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RoutedPathTest {

    private static final String PORT = "5443";

    @BeforeAll
    static void requireNamespaces() {
        assumeTrue(RoutedNetwork.isPossible(), "needs root, ip and network namespaces");
    }

    /** The largest UDP payload is 48 bytes below the smaller MTU; the search may stop a step short of it. */
    @ParameterizedTest
    @CsvSource({"9000, 1300, 1233, 1252", "1300, 9000, 1233, 1252", "9000, 9000, 8900, 8952"})
    void datagramsGrowToWhatBothLinksCarry(int clientMtu, int serverMtu, int atLeast, int atMost) throws Exception {
        try (RoutedNetwork network = new RoutedNetwork(clientMtu, serverMtu)) {
            // The server says on standard error where it is, as soon as it is there.
            Process server = new ProcessBuilder(
                            network.atServer(stoq("perf", "server", "--listen", RoutedNetwork.SERVER, "--port", PORT)))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
                assertNotNull(lines.readLine(), "the server did not start");
                JsonNode result = measure(network);
                int size = result.get("datagram_bytes").asInt();
                assertTrue(size >= atLeast && size <= atMost, () -> "datagrams of " + size + " bytes: " + result);
                assertTrue(result.get("bytes").asLong() > 0, result::toString);
            } finally {
                server.destroy();
                assertTrue(server.waitFor(20, TimeUnit.SECONDS), "the server does not end");
            }
        }
    }

    /** Long enough for the search behind a queue that this very load keeps full: each step takes round trips. */
    private static JsonNode measure(RoutedNetwork network) throws Exception {
        String target = "[" + RoutedNetwork.SERVER + "]:" + PORT;
        Process client = new ProcessBuilder(network.atClient(stoq(
                        "perf",
                        "client",
                        target,
                        "--insecure",
                        "--payload",
                        "65487",
                        "--seconds",
                        "4",
                        "--warmup",
                        "1",
                        "--json",
                        "--quiet")))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(client.waitFor(60, TimeUnit.SECONDS), "the client does not end");
        assertEquals(0, client.exitValue(), output);
        return new ObjectMapper().readTree(output);
    }

    private static List<String> stoq(String... arguments) {
        return SiblingJvm.command(List.of("-Xmx512m"), Stoq.class, List.of(arguments));
    }
}
