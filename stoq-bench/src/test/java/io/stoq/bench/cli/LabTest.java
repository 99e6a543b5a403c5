package io.stoq.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stoq.bench.lab.Scenario;
import io.stoq.bench.lab.scenario.Scenarios;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabTest {

    @TempDir
    private Path folder;

    @Test
    void listNamesEveryScenarioWithItsBounds() throws Exception {
        try (Session list = Session.run("lab", "list")) {
            for (Scenario scenario : Scenarios.all()) {
                assertTrue(list.out().contains(scenario.name() + " "), scenario.name());
                assertTrue(list.out().contains(scenario.what()), scenario.name());
            }
            assertTrue(list.out().contains("goodput ≥ 85 Mbit/s (bbr2, bbr3)"), list.out());
        }
    }

    @Test
    void runSaysWhatCameOutAndWritesAPage() throws Exception {
        Path page = folder.resolve("page.html");
        try (Session run =
                Session.run("lab", "run", "never-reads", "--cc", "cubic,newreno", "--report", page.toString())) {
            assertTrue(run.out().contains("cubic:"), run.out());
            assertTrue(run.out().contains("ok       packets sent"), run.out());
            assertTrue(Files.readString(page).contains("stoq lab run never-reads --cc cubic,newreno"));
        }
    }

    @Test
    void runPrintsJson() throws Exception {
        try (Session run = Session.run("lab", "run", "never-reads", "--cc", "cubic", "--seed", "5", "--json")) {
            JsonNode array = new ObjectMapper().readTree(run.out());
            assertEquals(5, array.get(0).get("seed").asInt());
            assertTrue(array.get(0).get("passed").asBoolean());
        }
    }

    @Test
    void wrongArgumentsAreRefused() throws Exception {
        refused("a command is missing", "lab");
        refused("unknown scenario 'mars'", "lab", "run", "mars");
        refused("unknown congestion control 'vegas'", "lab", "run", "slow", "--cc", "cubic,vegas");
        refused("cannot be written", "lab", "run", "slow", "--report", folder.toString());
        refused("no whole number", "lab", "run", "slow", "--seed", "x");
    }

    private static void refused(String words, String... arguments) throws Exception {
        Session session = Session.start(arguments);
        assertEquals(2, session.exit());
        assertTrue(session.err().contains(words), session.err());
    }
}
