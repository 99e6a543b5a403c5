package io.stoq.transport.qlog;

import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.frame.FrameType;
import java.util.Iterator;
import java.util.Locale;

/** Turns the frames that {@link FrameNotes} noted into JSON. Confined to the thread that writes. */
final class FrameText {

    private final JsonText json;
    private final EventNames names;
    private long[] words;
    private int at;
    private Iterator<Object> objects;

    FrameText(JsonText json, EventNames names) {
        this.json = json;
        this.names = names;
    }

    /** All frames of a packet, noted in {@code [from, end)}. */
    void write(long[] noted, int from, int end, Iterator<Object> notedObjects) {
        words = noted;
        at = from;
        objects = notedObjects;
        json.key("frames").beginArray();
        while (at < end) {
            json.beginObject();
            frame((int) next());
            json.endObject();
        }
        json.endArray();
    }

    private long next() {
        return words[at++];
    }

    private void frame(int type) {
        switch (type) {
            case FrameType.PADDING -> type("padding").raw("length", next());
            case FrameType.PING -> type("ping");
            case FrameType.ACK -> ack();
            case FrameType.STREAM -> stream();
            case FrameType.CRYPTO -> {
                type("crypto").json.member("offset", next());
                raw("payload_length", next());
            }
            case FrameType.DATAGRAM -> type("datagram").raw("payload_length", next());
            case FrameType.RESET_STREAM -> {
                type("reset_stream").json.member("stream_id", next());
                error(next());
                json.member("final_size", next());
            }
            case FrameType.STOP_SENDING -> {
                type("stop_sending").json.member("stream_id", next());
                error(next());
            }
            case FrameType.NEW_TOKEN -> {
                type("new_token").json.key("token").beginObject();
                raw("length", next());
                json.endObject();
            }
            case FrameType.CONNECTION_CLOSE -> close(false);
            case FrameType.CONNECTION_CLOSE_APPLICATION -> close(true);
            case FrameType.HANDSHAKE_DONE -> type("handshake_done");
            case FrameType.PATH_CHALLENGE -> type("path_challenge");
            case FrameType.PATH_RESPONSE -> type("path_response");
            default -> limit(type);
        }
    }

    /** Flow control and connection ids. */
    private void limit(int type) {
        switch (type) {
            case FrameType.MAX_DATA -> type("max_data").json.member("maximum", next());
            case FrameType.MAX_STREAM_DATA ->
                type("max_stream_data").json.member("stream_id", next()).member("maximum", next());
            case FrameType.MAX_STREAMS_BIDI -> streams("max_streams", "bidirectional", "maximum");
            case FrameType.MAX_STREAMS_UNI -> streams("max_streams", "unidirectional", "maximum");
            case FrameType.DATA_BLOCKED -> type("data_blocked").json.member("limit", next());
            case FrameType.STREAM_DATA_BLOCKED ->
                type("stream_data_blocked").json.member("stream_id", next()).member("limit", next());
            case FrameType.STREAMS_BLOCKED_BIDI -> streams("streams_blocked", "bidirectional", "limit");
            case FrameType.STREAMS_BLOCKED_UNI -> streams("streams_blocked", "unidirectional", "limit");
            case FrameType.NEW_CONNECTION_ID ->
                type("new_connection_id")
                        .json
                        .member("sequence_number", next())
                        .member("retire_prior_to", next())
                        .member("connection_id", (String) objects.next());
            case FrameType.RETIRE_CONNECTION_ID ->
                type("retire_connection_id").json.member("sequence_number", next());
            default -> throw new IllegalStateException("no frame of type " + type + " was noted");
        }
    }

    private FrameText type(String name) {
        json.member("frame_type", name);
        return this;
    }

    private void raw(String name, long bytes) {
        if (names == EventNames.QVIS) {
            json.member("length", bytes);
        }
        json.key("raw").beginObject().member(name, bytes).endObject();
    }

    private void ack() {
        type("ack").json.key("ack_delay").milliseconds(next());
        boolean ecn = next() != 0;
        long ect0 = next();
        long ect1 = next();
        long ce = next();
        long ranges = next();
        json.key("acked_ranges").beginArray();
        for (long i = 0; i < ranges; i++) {
            long smallest = next();
            long largest = next();
            json.beginArray().value(smallest);
            if (largest != smallest) {
                json.value(largest);
            }
            json.endArray();
        }
        json.endArray();
        if (ecn) {
            json.member("ect0", ect0).member("ect1", ect1).member("ce", ce);
        }
    }

    private void stream() {
        type("stream").json.member("stream_id", next()).member("offset", next());
        long lengthAndFin = next();
        json.key("fin").value((lengthAndFin & 1) != 0);
        raw("payload_length", lengthAndFin >>> 1);
    }

    private void streams(String name, String type, String value) {
        type(name).json.member("stream_type", type).member(value, next());
    }

    /** An application's code has no name here. */
    private void error(long code) {
        json.member("error", "unknown").member("error_code", code);
    }

    private void close(boolean application) {
        type("connection_close").json.member("error_space", application ? "application" : "transport");
        long code = next();
        long frameType = next();
        if (application) {
            error(code);
        } else {
            transportError(json, "error", code);
            json.member("trigger_frame_type", frameType);
        }
    }

    /** The schema's name of a transport error, or {@code unknown} and its code. */
    static void transportError(JsonText json, String member, long code) {
        String name = TransportErrorCode.nameOf(code);
        if (name.startsWith("CRYPTO_ERROR")) {
            json.member(member, "crypto_error_0x" + Long.toHexString(code));
        } else if (name.startsWith("0x")) {
            json.member(member, "unknown").member("error_code", code);
        } else {
            json.member(member, name.toLowerCase(Locale.ROOT));
        }
    }
}
