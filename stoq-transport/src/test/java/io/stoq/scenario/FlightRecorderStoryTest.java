package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.ConnectionStatistics;
import io.stoq.sim.Blackout;
import io.stoq.sim.Delay;
import io.stoq.sim.Loss;
import io.stoq.sim.Rate;
import io.stoq.sim.Rebind;
import io.stoq.sim.Seeds;
import io.stoq.transport.telemetry.FlightRecorder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bad path, as Flight Recorder sees it. */
class FlightRecorderStoryTest {

    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void aRecordingThatBeginsLateHearsOfLossesProbesMovesAndTheController() throws Exception {
        Rebind rebind = new Rebind().at(2 * Story.S, new InetSocketAddress("2001:db8::d", 50_002));
        Blackout up = new Blackout(4 * Story.S, 5 * Story.S);
        Story story = new Story(
                Seeds.one(211),
                List.of(new Rate(40_000_000L, MIB), new Loss(0.01), up, rebind.up(), new Delay(10 * Story.MS)),
                List.of(new Delay(10 * Story.MS), rebind.down()),
                FlightRecorder.telemetry());
        story.connect();
        List<RecordedEvent> events;
        try (Recording recording = new Recording()) {
            recording.enable("io.stoq.PacketLoss");
            recording.enable("io.stoq.ProbeTimeout");
            recording.enable("io.stoq.ConnectionMigrated");
            recording.enable("io.stoq.CongestionControllerState");
            recording.start();
            story.client.send(true, 24 * MIB);
            story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
            recording.stop();
            Path file = folder.resolve("story.jfr");
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
        }
        ConnectionStatistics client = story.client.connection.statistics();
        List<RecordedEvent> losses = named(events, "io.stoq.PacketLoss", client);
        assertTrue(client.losses().packets() > 20, client.toString());
        assertEquals(
                client.losses().packets(),
                losses.stream().mapToLong(loss -> loss.getInt("packets")).sum());
        assertEquals(
                client.losses().bytes(),
                losses.stream().mapToLong(loss -> loss.getLong("bytes")).sum());
        assertTrue(client.losses().probeTimeouts() > 0, client.toString());
        assertEquals(
                client.losses().probeTimeouts(),
                named(events, "io.stoq.ProbeTimeout", client).size());
        List<RecordedEvent> moves = named(events, "io.stoq.ConnectionMigrated", story.server.connection.statistics());
        assertEquals(1, moves.size());
        assertTrue(moves.getFirst().getString("oldRemote").endsWith(":50000"), moves::toString);
        assertTrue(moves.getFirst().getString("newRemote").endsWith(":50002"), moves::toString);
        assertTrue(
                named(events, "io.stoq.CongestionControllerState", client).stream()
                        .anyMatch(state -> state.getString("newState").equals("recovery")),
                "losses lead to recovery");
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name, ConnectionStatistics connection) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .filter(event -> connection.localConnectionId().equals(event.getString("connectionId")))
                .toList();
    }
}
