package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.ConnectionStatistics;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Flight Recorder is told over real sockets, read back from a recording. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class FlightRecorderTest {

    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void aRecordingTellsTheLifeOfAConnection() throws Exception {
        ConnectionStatistics client;
        ConnectionStatistics server;
        List<RecordedEvent> events;
        try (Recording recording = new Recording()) {
            recording.enable("io.stoq.ConnectionOpened");
            recording.enable("io.stoq.ConnectionClosed");
            recording.enable("io.stoq.CongestionControllerState");
            recording.start();
            try (Pair pair = new Pair("auto")) {
                Pair.exchange(pair.client, pair.peer(), MIB);
                pair.client.close(42, "all done");
                pair.peer().closed().get();
                client = pair.client.statistics();
                server = pair.peer().statistics();
            }
            recording.stop();
            Path file = folder.resolve("life.jfr");
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
        }
        RecordedEvent opened = only(events, "io.stoq.ConnectionOpened", client);
        assertFalse(opened.getBoolean("server"));
        assertEquals(client.handshakeNs(), opened.getDuration("handshakeTime").toNanos());
        assertTrue(only(events, "io.stoq.ConnectionOpened", server).getBoolean("server"));
        RecordedEvent closed = only(events, "io.stoq.ConnectionClosed", client);
        assertEquals(42, closed.getLong("code"));
        assertFalse(closed.getBoolean("byPeer"));
        assertTrue(only(events, "io.stoq.ConnectionClosed", server).getBoolean("byPeer"));
        RecordedEvent first = of(events, "io.stoq.CongestionControllerState", client)
                .findFirst()
                .orElseThrow();
        assertEquals("cubic", first.getString("controller"));
        assertEquals("slow start", first.getString("newState"));
        assertTrue(first.getLong("window") > 0);
    }

    private static RecordedEvent only(List<RecordedEvent> events, String name, ConnectionStatistics connection) {
        List<RecordedEvent> found = of(events, name, connection).toList();
        assertEquals(1, found.size(), name);
        return found.getFirst();
    }

    private static Stream<RecordedEvent> of(List<RecordedEvent> events, String name, ConnectionStatistics connection) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .filter(event -> connection.localConnectionId().equals(event.getString("connectionId")));
    }
}
