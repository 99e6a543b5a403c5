package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stoq lab relay} between other commands. */
class LabRelayTest {

    @TempDir
    private Path folder;

    @Test
    void aFileComesThroughALinkThatLosesAndReordersAndRebinds() throws Exception {
        // At 20 Mbit/s it takes longer than the changes of the port, which must not come before the handshake is over.
        byte[] content = new byte[4_000_000];
        new SplittableRandom(1).nextBytes(content);
        Files.write(folder.resolve("file"), content);
        Path got = folder.resolve("got");
        try (Session server = Session.start("serve", folder.toString(), "--listen", "::1", "--port", "0");
                Session relay = Session.start(
                        "lab",
                        "relay",
                        "--listen",
                        "[::1]",
                        "--to",
                        "[::1]:" + server.awaitLine("on \\[::1]:(\\d+),"),
                        "--rate",
                        "20mbit",
                        "--delay",
                        "5ms",
                        "--queue",
                        "2bdp",
                        "--loss",
                        "1%",
                        "--reorder",
                        "1%",
                        "--reorder-by",
                        "3ms",
                        "--rebind-after",
                        "1s,1300ms")) {
            String port = relay.awaitLine("relay on \\[::1]:(\\d+) to");
            assertTrue(
                    relay.awaitLine("  up    (.*)")
                            .equals("20.0 Mbit/s, queue 50.0 kB, 5.00 ms, 1 % lost, 1 % late by 3.00 ms"),
                    relay::err);
            Session client = Session.run(
                    "get",
                    "https://[::1]:" + port + "/file",
                    "--out",
                    got.toString(),
                    "--fingerprint",
                    server.awaitLine("--fingerprint ([0-9a-f]{64})"));
            assertEquals(0, client.exit(), client::err);
            assertEquals(-1, Files.mismatch(folder.resolve("file"), got.resolve("file")));
        }
    }

    @Test
    void theCountsAreOneJsonObject() throws Exception {
        Session session = Session.run(
                "lab",
                "relay",
                "--listen",
                "[::1]",
                "--to",
                "[::1]:9",
                "--up-rate",
                "1mbit",
                "--queue",
                "9packets",
                "--seconds",
                "1",
                "--quiet",
                "--json");
        assertEquals(0, session.exit(), session::err);
        assertEquals("", session.err());
        JsonNode counts = new ObjectMapper().readTree(session.out());
        assertEquals(9 * 1452, counts.get("up").get("queue_bytes").asInt());
        assertEquals(0, counts.get("down").get("queue_bytes").asInt());
        assertEquals(0, counts.get("clients").asInt());
        assertEquals(1, counts.get("routes").size());
        assertEquals(1, counts.get("at_ns").asLong() / 1_000_000_000);
    }

    @Test
    void whatWasRelayedIsToldInAFewLines() throws Exception {
        Session session = Session.run(
                "lab", "relay", "--listen", "[::1]", "--to", "[::1]:9", "--rate", "1mbit", "--seconds", "1");
        assertEquals(0, session.exit(), session::err);
        assertTrue(session.out().startsWith("relayed for 1."), session::out);
        assertTrue(session.out().contains("  up       0 datagrams passed, 0 B"), session::out);
    }
}
