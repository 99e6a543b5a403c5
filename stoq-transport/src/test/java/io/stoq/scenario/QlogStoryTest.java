package io.stoq.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.stoq.ConnectionStatistics;
import io.stoq.sim.Blackout;
import io.stoq.sim.Delay;
import io.stoq.sim.Element;
import io.stoq.sim.Loss;
import io.stoq.sim.Rate;
import io.stoq.sim.Rebind;
import io.stoq.sim.Seeds;
import io.stoq.telemetry.Telemetry;
import io.stoq.transport.QlogOptions;
import io.stoq.transport.qlog.Disks;
import io.stoq.transport.qlog.Qlog;
import io.stoq.transport.qlog.QlogFile;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A bad path, as it stands in qlog files. */
class QlogStoryTest {

    private static final int MIB = 1 << 20;
    private static final int BYTES = 8 * MIB;

    @TempDir
    private Path folder;

    @Test
    void theFilesTellAllThatHappened() throws Exception {
        Story story;
        try (Qlog qlog = Qlog.open(QlogOptions.to(folder))) {
            story = transfer(qlog);
            story.client.connection.close(story.network.nowNs(), 77, "that is \"all\"\n\u2713");
            assertEquals(0, qlog.dropped());
        }
        QlogFile client = QlogFile.read(only("_client.sqlog")).requireSchema();
        QlogFile server = QlogFile.read(only("_server.sqlog")).requireSchema();
        assertEquals(
                client.header().at("/trace/common_fields/group_id"),
                server.header().at("/trace/common_fields/group_id"));
        ConnectionStatistics statistics = story.client.connection.statistics();
        assertEquals(statistics.packetsSent(), client.events("quic:packet_sent").size());
        assertEquals(
                statistics.packetsReceived(),
                client.events("quic:packet_received").size());
        assertEquals(
                statistics.losses().packets(),
                client.events("quic:packet_lost").stream()
                        .filter(lost -> !lost.at("/data/is_mtu_probe_packet").asBoolean())
                        .count());
        assertEquals(
                statistics.losses().probeTimeouts(),
                client.events("quic:timer_updated").size());
        assertTrue(statistics.losses().probeTimeouts() > 0, statistics.toString());
        assertEquals(
                BYTES + statistics.losses().bytesRetransmitted(),
                streamBytes(client),
                "each STREAM frame has its length");
        assertTrue(client.events("quic:congestion_state_updated").stream()
                .anyMatch(event -> event.at("/data/new").asText().equals("recovery")));
        assertEquals(2, client.events("quic:parameters_set").size());
        assertEquals(1, server.events("quic:tuple_assigned").size());
        JsonNode closed = client.events("quic:connection_closed").getFirst().get("data");
        assertEquals(77, closed.get("error_code").asInt());
        assertTrue(closed.get("reason").asText().endsWith("that is \"all\"\n\u2713"), closed::toString);
    }

    @Test
    void neitherDataNorResetTokensNorAnySecretStandsInThem() throws Exception {
        try (Qlog qlog = Qlog.open(QlogOptions.to(folder))) {
            transfer(qlog);
        }
        for (Path file : QlogFile.in(folder, ".sqlog")) {
            String text = Files.readString(file);
            assertTrue(text.contains("\"new_connection_id\""), "frames with reset tokens came by");
            assertFalse(text.contains("reset_token"));
            assertFalse(text.contains("\"data\":\""), "no bytes of frames");
        }
    }

    @Test
    void qvisKnowsTheEventsByTheirOlderNames() throws Exception {
        try (Qlog qlog = Qlog.open(QlogOptions.to(folder).withSchema(QlogOptions.Schema.QVIS))) {
            transfer(qlog);
        }
        QlogFile client = QlogFile.read(only("_client.sqlog"));
        // What its loader asks for.
        assertEquals("0.3", client.header().get("qlog_version").asText());
        assertEquals("JSON-SEQ", client.header().get("qlog_format").asText());
        assertEquals("client", client.header().at("/trace/vantage_point/type").asText());
        assertFalse(client.events("transport:packet_sent").isEmpty());
        assertFalse(client.events("transport:packet_received").isEmpty());
        assertFalse(client.events("recovery:metrics_updated").isEmpty());
        assertFalse(client.events("recovery:packet_lost").isEmpty());
    }

    @Test
    void oneConnectionOfSoManyIsRecorded() throws Exception {
        try (Qlog qlog = Qlog.open(QlogOptions.to(folder).withSampleEvery(2))) {
            transfer(qlog); // the client's connection is the first, the server's the second
        }
        assertEquals(1, QlogFile.in(folder, "_client.sqlog").size());
        assertEquals(0, QlogFile.in(folder, "_server.sqlog").size());
    }

    @Test
    void thereAreNoMoreFilesThanAllowed() throws Exception {
        try (Qlog qlog = Qlog.open(QlogOptions.to(folder).withMaxFiles(1))) {
            transfer(qlog);
        }
        assertEquals(1, QlogFile.in(folder, ".sqlog").size());
    }

    @Test
    void aFileEndsWhereItIsLongEnough() throws Exception {
        long limit = 64 << 10;
        try (Qlog qlog = Qlog.open(QlogOptions.to(folder).withMaxFileBytes(limit))) {
            transfer(qlog);
        }
        QlogFile client = QlogFile.read(only("_client.sqlog")).requireSchema();
        assertEquals(1, client.events("loglevel:warning").size(), "and says so");
        assertEquals("loglevel:warning", client.events().getLast().get("name").asText());
        assertTrue(Files.size(only("_client.sqlog")) > limit);
        assertTrue(Files.size(only("_client.sqlog")) < limit + (1 << 20), "by one block at most");
    }

    @Test
    void aFullDiskEndsTheRecordingWithOneWarningAndNothingElse() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "no device that is always full");
        Logger logger = (Logger) LoggerFactory.getLogger(Qlog.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        Qlog qlog = Disks.full(folder);
        try {
            Story story = transfer(qlog);
            assertEquals(BYTES, story.server.receivedBytes());
            qlog.close();
            assertTrue(qlog.isStopped());
            assertEquals(0, story.client.connection.statistics().packetsUndecryptable());
        } finally {
            logger.detachAppender(log);
            logger.setAdditive(true);
        }
        assertEquals(1, log.list.size(), log.list::toString);
        assertEquals(Level.WARN, log.list.getFirst().getLevel());
        assertTrue(log.list.getFirst().getFormattedMessage().contains(folder.toString()));
    }

    /** A transfer over a path that loses, goes dark for a while, and changes. */
    private static Story transfer(Telemetry telemetry) {
        Rebind rebind = new Rebind().at(Story.S, new InetSocketAddress("2001:db8::d", 50_002));
        List<Element> up = List.of(
                new Rate(40_000_000L, MIB),
                new Loss(0.01),
                new Blackout(1500 * Story.MS, 2500 * Story.MS),
                rebind.up(),
                new Delay(10 * Story.MS));
        Story story =
                new Story(Seeds.one(227), up, List.of(new Delay(10 * Story.MS), rebind.down()), telemetry).connect();
        story.client.send(true, BYTES);
        story.run(() -> story.server.finishedStreams() == 1, 60 * Story.S);
        return story;
    }

    private static long streamBytes(QlogFile file) {
        return file.events("quic:packet_sent").stream()
                .flatMap(sent -> StreamSupport.stream(sent.at("/data/frames").spliterator(), false))
                .filter(frame -> frame.get("frame_type").asText().equals("stream"))
                .mapToLong(frame -> frame.at("/raw/payload_length").asLong())
                .sum();
    }

    private Path only(String suffix) throws Exception {
        List<Path> files = QlogFile.in(folder, suffix);
        assertEquals(1, files.size(), files::toString);
        return files.getFirst();
    }
}
