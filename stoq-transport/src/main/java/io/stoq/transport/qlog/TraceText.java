package io.stoq.transport.qlog;

import io.stoq.CloseReason;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportParameters;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Iterator;

/** Turns the events of blocks into the records of a qlog file. Confined to the thread that writes. */
final class TraceText {

    private static final HexFormat HEX = HexFormat.of();

    /** Names of levels and packet number spaces, as numbered by {@link io.stoq.crypto.EncryptionLevel}. */
    private static final String[] PACKET_TYPES = {"initial", "handshake", "1RTT", "0RTT"};

    private static final String[] SPACES = {"initial", "handshake", "application_data"};

    private static final int BITS = 8;

    private final EventNames names;
    private final JsonText json;
    private final FrameText frames;
    private long[] words;
    private int at;
    private int end;
    private long timeNs;
    private Iterator<Object> objects;

    TraceText(EventNames names, JsonText json) {
        this.names = names;
        this.json = json;
        this.frames = new FrameText(json, names);
    }

    /** The record that a file begins with. */
    void header(Trace trace) {
        json.beginRecord();
        if (names == EventNames.QVIS) {
            json.member("qlog_version", "0.3").member("qlog_format", "JSON-SEQ");
        } else {
            json.member("file_schema", "urn:ietf:params:qlog:file:sequential")
                    .member("serialization_format", "application/qlog+json-seq");
        }
        json.member("title", "STOQ").key("trace").beginObject();
        json.key("vantage_point").beginObject().member("type", trace.origin.server() ? "server" : "client");
        json.endObject();
        commonFields(trace);
        if (names == EventNames.IETF) {
            json.key("event_schemas")
                    .beginArray()
                    .value("urn:ietf:params:qlog:events:quic-12")
                    .value("urn:ietf:params:qlog:events:loglevel-13")
                    .endArray();
        }
        json.endObject().endRecord();
    }

    private void commonFields(Trace trace) {
        json.key("common_fields").beginObject();
        String group = HEX.formatHex(trace.origin.originalDestinationId());
        if (names == EventNames.QVIS) {
            json.member("ODCID", group)
                    .member("time_format", "relative")
                    .member("reference_time", trace.startedAt.toEpochMilli());
        } else {
            json.member("group_id", group).member("time_format", "relative_to_epoch");
            json.key("reference_time")
                    .beginObject()
                    .member("clock_type", "monotonic")
                    .member("epoch", "unknown")
                    .member("wall_clock_time", trace.startedAt.toString())
                    .endObject();
        }
        json.endObject();
    }

    /** All events of a block. */
    void events(EventBlock block) {
        words = block.words;
        objects = block.objects.iterator();
        int next = 0;
        while (next < block.length) {
            int kind = (int) words[next];
            end = next + (int) words[next + 1];
            at = next + 2;
            event(block.trace, kind);
            next = end;
        }
    }

    /** What a file ends with that has become too long. */
    void full(long bytes) {
        json.beginRecord().key("time").milliseconds(timeNs).member("name", names.warning);
        json.key("data").beginObject().member("message", "the file ends here: it has " + bytes + " bytes");
        json.endObject().endRecord();
    }

    private long next() {
        return words[at++];
    }

    private void event(Trace trace, int kind) {
        timeNs = next();
        json.beginRecord().key("time").milliseconds(timeNs);
        switch (kind) {
            case EventBlock.STARTED -> started(trace);
            case EventBlock.PARAMETERS -> parameters(next() != 0, (TransportParameters) objects.next());
            case EventBlock.HANDSHAKE_COMPLETE -> handshakeComplete((String) objects.next());
            case EventBlock.PACKET_SENT -> packet(names.packetSent);
            case EventBlock.PACKET_RECEIVED -> packet(names.packetReceived);
            case EventBlock.PACKET_DROPPED -> packetDropped();
            case EventBlock.PACKET_LOST -> packetLost();
            case EventBlock.PROBE_TIMEOUT ->
                data(names.timer)
                        .member("timer_type", "pto")
                        .member("event_type", "expired")
                        .member("packet_number_space", SPACES[(int) next()]);
            case EventBlock.METRICS -> metrics();
            case EventBlock.CONTROLLER_STATE -> controllerState((String) objects.next(), (String) objects.next());
            case EventBlock.PATH_CHANGED -> {
                InetSocketAddress remote = (InetSocketAddress) objects.next();
                data(names.pathAssigned).member("tuple_id", remote.toString());
                address("tuple_remote", remote);
                json.endObject();
            }
            case EventBlock.CLOSED -> closed((CloseReason) objects.next());
            case EventBlock.DROPPED ->
                data(names.warning).member("message", next() + " events were dropped: the disk did not keep up");
            default -> throw new IllegalStateException("no event of kind " + kind + " was noted");
        }
        json.endObject().endRecord();
    }

    private JsonText data(String name) {
        return json.member("name", name).key("data").beginObject();
    }

    /** Leaves the address's object open. */
    private void address(String member, InetSocketAddress address) {
        json.key(member)
                .beginObject()
                .member("ip_v6", address.getAddress().getHostAddress())
                .member("port_v6", address.getPort());
    }

    private void started(Trace trace) {
        data(names.connectionStarted).key("local").beginObject();
        if (trace.origin.local() != null) {
            json.member("ip_v6", trace.origin.local().getHostAddress());
        }
        json.key("connection_ids")
                .beginArray()
                .value(HEX.formatHex(trace.origin.localId()))
                .endArray()
                .endObject();
        address("remote", trace.origin.remote());
        json.endObject();
    }

    /** Without reset tokens, which are secrets. RFC 9000 §21.11 */
    private void parameters(boolean local, TransportParameters p) {
        data(names.parametersSet).member(names == EventNames.QVIS ? "owner" : "initiator", local ? "local" : "remote");
        id("original_destination_connection_id", p.originalDestinationConnectionId());
        id("initial_source_connection_id", p.initialSourceConnectionId());
        id("retry_source_connection_id", p.retrySourceConnectionId());
        json.key("disable_active_migration").value(p.disableActiveMigration());
        json.member("max_idle_timeout", p.maxIdleTimeoutMs())
                .member("max_udp_payload_size", p.maxUdpPayloadSize())
                .member("ack_delay_exponent", p.ackDelayExponent())
                .member("max_ack_delay", p.maxAckDelayMs())
                .member("active_connection_id_limit", p.activeConnectionIdLimit())
                .member("initial_max_data", p.initialMaxData())
                .member("initial_max_stream_data_bidi_local", p.initialMaxStreamDataBidiLocal())
                .member("initial_max_stream_data_bidi_remote", p.initialMaxStreamDataBidiRemote())
                .member("initial_max_stream_data_uni", p.initialMaxStreamDataUni())
                .member("initial_max_streams_bidi", p.initialMaxStreamsBidi())
                .member("initial_max_streams_uni", p.initialMaxStreamsUni())
                .member("max_datagram_frame_size", p.maxDatagramFrameSize());
    }

    private void id(String member, byte[] id) {
        if (id != null) {
            json.member(member, HEX.formatHex(id));
        }
    }

    /** Two records: one event tells of the protocol, another one of the state. */
    private void handshakeComplete(String protocol) {
        data(names.alpn).key("chosen_alpn").beginObject().member("string_value", protocol == null ? "" : protocol);
        json.endObject().endObject().endRecord();
        json.beginRecord().key("time").milliseconds(timeNs);
        data(names.connectionState).member("new", "handshake_complete");
    }

    private void packet(String name) {
        data(name);
        int level = (int) next();
        header(level, next());
        json.key("raw").beginObject().member("length", next()).endObject();
        frames.write(words, at, end, objects);
    }

    private void header(int level, long packetNumber) {
        json.key("header").beginObject().member("packet_type", PACKET_TYPES[level]);
        json.member("packet_number", packetNumber).endObject();
    }

    private void packetDropped() {
        data(names.packetDropped).key("header").beginObject().member("packet_type", PACKET_TYPES[(int) next()]);
        json.endObject().key("raw").beginObject().member("length", next()).endObject();
        json.member("trigger", next() != 0 ? "duplicate" : "decryption_failure");
    }

    private void packetLost() {
        data(names.packetLost);
        header((int) next(), next());
        json.key("is_mtu_probe_packet").value(next() != 0);
    }

    private void metrics() {
        data(names.metrics).key("min_rtt").milliseconds(next());
        json.key("smoothed_rtt").milliseconds(next());
        json.key("latest_rtt").milliseconds(next());
        json.key("rtt_variance").milliseconds(next());
        json.member("pto_count", next()).member("congestion_window", next()).member("bytes_in_flight", next());
        long bytesPerSecond = next();
        if (bytesPerSecond > 0) {
            json.member("pacing_rate", BITS * bytesPerSecond);
        }
    }

    private void controllerState(String before, String now) {
        data(names.congestionState);
        if (before != null) {
            json.member("old", before);
        }
        json.member("new", now);
    }

    private void closed(CloseReason reason) {
        data(names.connectionClosed);
        switch (reason) {
            case CloseReason.Application(long code, String _, boolean byPeer) -> {
                json.member("initiator", side(byPeer)).member("application_error", "unknown");
                json.member("error_code", code).member("trigger", "application");
            }
            case CloseReason.Transport(long code, long _, String _, boolean byPeer) -> {
                json.member("initiator", side(byPeer));
                FrameText.transportError(json, "connection_error", code);
                json.member("trigger", "error");
            }
            case CloseReason.Tls tls -> {
                json.member("initiator", side(tls.byPeer()));
                FrameText.transportError(json, "connection_error", TransportErrorCode.CRYPTO_ERROR + tls.alert());
                json.member("trigger", "error");
            }
            case CloseReason.IdleTimeout _ -> json.member("trigger", "idle_timeout");
            case CloseReason.HandshakeTimeout _ -> json.member("trigger", "aborted");
            case CloseReason.StatelessReset _ ->
                json.member("initiator", "remote").member("trigger", "stateless_reset");
            case CloseReason.VersionNegotiation _ -> json.member("trigger", "version_mismatch");
        }
        json.member("reason", reason.describe());
    }

    private static String side(boolean peer) {
        return peer ? "remote" : "local";
    }
}
