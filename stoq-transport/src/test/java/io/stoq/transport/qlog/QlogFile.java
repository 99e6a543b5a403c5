package io.stoq.transport.qlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A qlog file read back, each record checked against the schema: what must be there is, and nothing else is. */
public final class QlogFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Members of events' data that must be there, then those that may; quic-events-12, main-schema-13. */
    private static final Map<String, Members> EVENTS = Map.ofEntries(
            Map.entry("quic:connection_started", new Members("local remote", "")),
            Map.entry(
                    "quic:connection_closed",
                    new Members(
                            "",
                            "initiator connection_error application_error error_code internal_code reason trigger")),
            Map.entry("quic:connection_state_updated", new Members("new", "old")),
            Map.entry("quic:tuple_assigned", new Members("tuple_id", "tuple_remote tuple_local")),
            Map.entry("quic:alpn_information", new Members("", "server_alpns client_alpns chosen_alpn")),
            Map.entry(
                    "quic:parameters_set",
                    new Members(
                            "",
                            "initiator original_destination_connection_id initial_source_connection_id"
                                    + " retry_source_connection_id disable_active_migration max_idle_timeout"
                                    + " max_udp_payload_size ack_delay_exponent max_ack_delay active_connection_id_limit"
                                    + " initial_max_data initial_max_stream_data_bidi_local"
                                    + " initial_max_stream_data_bidi_remote initial_max_stream_data_uni"
                                    + " initial_max_streams_bidi initial_max_streams_uni max_datagram_frame_size")),
            Map.entry("quic:packet_sent", new Members("header", "frames raw is_mtu_probe_packet trigger")),
            Map.entry("quic:packet_received", new Members("header", "frames raw trigger")),
            Map.entry("quic:packet_dropped", new Members("", "header raw trigger")),
            Map.entry("quic:packet_lost", new Members("", "header frames is_mtu_probe_packet trigger")),
            Map.entry("quic:timer_updated", new Members("event_type", "timer_type timer_id packet_number_space delta")),
            Map.entry(
                    "quic:recovery_metrics_updated",
                    new Members(
                            "",
                            "min_rtt smoothed_rtt latest_rtt rtt_variance pto_count congestion_window bytes_in_flight"
                                    + " ssthresh packets_in_flight pacing_rate")),
            Map.entry("quic:congestion_state_updated", new Members("new", "old trigger")),
            Map.entry("loglevel:warning", new Members("", "code message")));

    private static final Map<String, Members> FRAMES = Map.ofEntries(
            Map.entry("padding", new Members("", "raw")),
            Map.entry("ping", new Members("", "raw")),
            Map.entry("ack", new Members("", "ack_delay acked_ranges ect1 ect0 ce raw")),
            Map.entry("reset_stream", new Members("stream_id error final_size", "error_code raw")),
            Map.entry("stop_sending", new Members("stream_id error", "error_code raw")),
            Map.entry("crypto", new Members("offset raw", "")),
            Map.entry("new_token", new Members("token", "raw")),
            Map.entry("stream", new Members("stream_id", "offset fin raw")),
            Map.entry("max_data", new Members("maximum", "raw")),
            Map.entry("max_stream_data", new Members("stream_id maximum", "raw")),
            Map.entry("max_streams", new Members("stream_type maximum", "raw")),
            Map.entry("data_blocked", new Members("limit", "raw")),
            Map.entry("stream_data_blocked", new Members("stream_id limit", "raw")),
            Map.entry("streams_blocked", new Members("stream_type limit", "raw")),
            Map.entry(
                    "new_connection_id",
                    new Members("sequence_number retire_prior_to connection_id", "connection_id_length raw")),
            Map.entry("retire_connection_id", new Members("sequence_number", "raw")),
            Map.entry("path_challenge", new Members("", "data raw")),
            Map.entry("path_response", new Members("", "data raw")),
            Map.entry(
                    "connection_close",
                    new Members("", "error_space error error_code reason reason_bytes trigger_frame_type raw")),
            Map.entry("handshake_done", new Members("", "raw")),
            Map.entry("datagram", new Members("", "raw")));

    private final JsonNode header;
    private final List<JsonNode> events = new ArrayList<>();

    private record Members(Set<String> required, Set<String> allowed) {

        Members(String required, String optional) {
            this(words(required), words(required + " " + optional));
        }

        private static Set<String> words(String list) {
            Set<String> words = new TreeSet<>(List.of(list.trim().split(" +")));
            words.remove("");
            return words;
        }

        void check(JsonNode object, JsonNode within) {
            Set<String> names = new TreeSet<>();
            object.fieldNames().forEachRemaining(names::add);
            assertTrue(names.containsAll(required), () -> required + " are required: " + within);
            assertTrue(allowed.containsAll(names), () -> "only " + allowed + " are known: " + within);
        }
    }

    private QlogFile(JsonNode header) {
        this.header = header;
    }

    /** Reads a file; checks the form of the sequence (RFC 7464) but not the schema. */
    public static QlogFile read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        assertEquals('\u001e', text.charAt(0), "begins with a record separator");
        QlogFile read = null;
        for (String record : text.substring(1).split("\u001e")) {
            assertTrue(record.endsWith("}\n"), () -> "a whole record with its line feed: " + record);
            JsonNode node = JSON.readTree(record);
            if (read == null) {
                read = new QlogFile(node);
            } else {
                read.events.add(node);
            }
        }
        return read;
    }

    /** The files of a folder whose names end so. */
    public static List<Path> in(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .toList();
        }
    }

    public JsonNode header() {
        return header;
    }

    public List<JsonNode> events() {
        return events;
    }

    public List<JsonNode> events(String name) {
        return events.stream()
                .filter(event -> event.get("name").asText().equals(name))
                .toList();
    }

    /** All records follow the IETF's schema. */
    public QlogFile requireSchema() {
        assertEquals(
                "urn:ietf:params:qlog:file:sequential",
                header.get("file_schema").asText());
        assertEquals(
                "application/qlog+json-seq", header.get("serialization_format").asText());
        assertTrue(header.at("/trace/event_schemas").isArray(), header::toString);
        assertTrue(Set.of("client", "server")
                .contains(header.at("/trace/vantage_point/type").asText()));
        assertEquals(
                "unknown",
                header.at("/trace/common_fields/reference_time/epoch").asText());
        double last = 0;
        for (JsonNode event : events) {
            assertTrue(event.get("time").isNumber() && event.get("data").isObject(), event::toString);
            assertTrue(event.get("time").asDouble() >= last, () -> "back in time: " + event);
            last = event.get("time").asDouble();
            Members members = EVENTS.get(event.get("name").asText());
            assertTrue(members != null, () -> "unknown event: " + event);
            members.check(event.get("data"), event);
            if (event.get("data").has("frames")) {
                requireFrames(event);
            }
        }
        return this;
    }

    private static void requireFrames(JsonNode event) {
        JsonNode packet = event.at("/data/header");
        assertTrue(
                Set.of("initial", "handshake", "1RTT")
                        .contains(packet.get("packet_type").asText()),
                event::toString);
        assertTrue(packet.get("packet_number").isIntegralNumber(), event::toString);
        assertTrue(event.at("/data/frames").size() > 0, event::toString);
        for (Iterator<JsonNode> frames = event.at("/data/frames").elements(); frames.hasNext(); ) {
            JsonNode frame = frames.next();
            Members members = FRAMES.get(frame.get("frame_type").asText());
            assertTrue(members != null, () -> "unknown frame: " + event);
            com.fasterxml.jackson.databind.node.ObjectNode rest = frame.deepCopy();
            rest.remove("frame_type");
            members.check(rest, event);
        }
    }
}
