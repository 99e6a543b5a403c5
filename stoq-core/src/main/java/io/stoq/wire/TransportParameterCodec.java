package io.stoq.wire;

import io.stoq.buffer.ByteWriter;
import io.stoq.wire.TransportParameters.Builder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Writes and reads the list of transport parameters: id, length, value, each. RFC 9000 §18. */
final class TransportParameterCodec {

    /** Parameters of one peer, known or not; many times what is registered. */
    static final int MAX_PARAMETERS = 256;

    private static final long MIN_MAX_UDP_PAYLOAD_SIZE = 1200;
    private static final long MAX_ACK_DELAY_EXPONENT = 20;
    private static final long MAX_MAX_ACK_DELAY_MS = (1 << 14) - 1;
    private static final long MIN_ACTIVE_CONNECTION_ID_LIMIT = 2;
    private static final long MAX_STREAMS = 1L << 60;
    private static final int TOKEN_BYTES = 16;
    private static final int MAX_ENCODED_BYTES = 512;

    private TransportParameterCodec() {}

    static byte[] encode(TransportParameters p, long reservedId, byte[] reservedValue) {
        String mistake = mistakeIn(p);
        if (mistake != null) {
            throw new IllegalArgumentException(mistake);
        }
        ByteWriter out = new ByteWriter(MAX_ENCODED_BYTES + (reservedValue == null ? 0 : reservedValue.length));
        putBytes(out, TransportParameterId.ORIGINAL_DESTINATION_CONNECTION_ID, p.originalDestinationConnectionId());
        putNumber(out, TransportParameterId.MAX_IDLE_TIMEOUT, p.maxIdleTimeoutMs(), 0);
        putBytes(out, TransportParameterId.STATELESS_RESET_TOKEN, p.statelessResetToken());
        putNumber(
                out,
                TransportParameterId.MAX_UDP_PAYLOAD_SIZE,
                p.maxUdpPayloadSize(),
                TransportParameters.DEFAULT_MAX_UDP_PAYLOAD_SIZE);
        putCredit(out, p);
        putNumber(
                out,
                TransportParameterId.ACK_DELAY_EXPONENT,
                p.ackDelayExponent(),
                TransportParameters.DEFAULT_ACK_DELAY_EXPONENT);
        putNumber(
                out,
                TransportParameterId.MAX_ACK_DELAY,
                p.maxAckDelayMs(),
                TransportParameters.DEFAULT_MAX_ACK_DELAY_MS);
        putBytes(out, TransportParameterId.DISABLE_ACTIVE_MIGRATION, p.disableActiveMigration() ? new byte[0] : null);
        if (p.preferredAddress() != null) {
            out.putVarInt(TransportParameterId.PREFERRED_ADDRESS);
            out.putVarInt(p.preferredAddress().size());
            p.preferredAddress().write(out);
        }
        putNumber(
                out,
                TransportParameterId.ACTIVE_CONNECTION_ID_LIMIT,
                p.activeConnectionIdLimit(),
                TransportParameters.DEFAULT_ACTIVE_CONNECTION_ID_LIMIT);
        putBytes(out, TransportParameterId.INITIAL_SOURCE_CONNECTION_ID, p.initialSourceConnectionId());
        putBytes(out, TransportParameterId.RETRY_SOURCE_CONNECTION_ID, p.retrySourceConnectionId());
        putNumber(out, TransportParameterId.MAX_DATAGRAM_FRAME_SIZE, p.maxDatagramFrameSize(), 0);
        putBytes(out, reservedId, reservedValue);
        return Arrays.copyOf(out.array, out.position);
    }

    private static void putCredit(ByteWriter out, TransportParameters p) {
        putNumber(out, TransportParameterId.INITIAL_MAX_DATA, p.initialMaxData(), 0);
        putNumber(out, TransportParameterId.INITIAL_MAX_STREAM_DATA_BIDI_LOCAL, p.initialMaxStreamDataBidiLocal(), 0);
        putNumber(out, TransportParameterId.INITIAL_MAX_STREAM_DATA_BIDI_REMOTE, p.initialMaxStreamDataBidiRemote(), 0);
        putNumber(out, TransportParameterId.INITIAL_MAX_STREAM_DATA_UNI, p.initialMaxStreamDataUni(), 0);
        putNumber(out, TransportParameterId.INITIAL_MAX_STREAMS_BIDI, p.initialMaxStreamsBidi(), 0);
        putNumber(out, TransportParameterId.INITIAL_MAX_STREAMS_UNI, p.initialMaxStreamsUni(), 0);
    }

    private static void putNumber(ByteWriter out, int id, long value, long defaultValue) {
        if (value != defaultValue) {
            int size = VarInt.size(value);
            out.putVarInt(id);
            out.putVarInt(size);
            out.putVarInt(value);
        }
    }

    private static void putBytes(ByteWriter out, long id, byte[] value) {
        if (value != null) {
            out.putVarInt(id);
            out.putVarInt(value.length);
            out.putBytes(value, 0, value.length);
        }
    }

    static TransportParameters decode(byte[] bytes, boolean fromServer) {
        ByteReader in = new ByteReader(TransportErrorCode.TRANSPORT_PARAMETER_ERROR).reset(bytes, 0, bytes.length);
        Builder builder = TransportParameters.builder();
        Set<Long> seen = new HashSet<>();
        while (in.remaining() > 0) {
            long id = in.readVarInt();
            int length = in.readLength();
            if (!seen.add(id)) {
                // RFC 9000 §7.4
                throw in.malformed("transport parameter sent twice");
            }
            if (seen.size() > MAX_PARAMETERS) {
                throw in.malformed("too many transport parameters");
            }
            if (!fromServer && isServerOnly(id)) {
                // RFC 9000 §18.2
                throw in.malformed("client sent a server's transport parameter");
            }
            readValue(in, id, length, builder);
        }
        TransportParameters parameters = builder.build();
        String mistake = mistakeIn(parameters);
        if (mistake == null) {
            mistake = mistakeInIds(parameters, fromServer);
        }
        if (mistake != null) {
            throw in.malformed(mistake);
        }
        return parameters;
    }

    /** Reads a value from a window of its own, so that none can reach beyond its length, or fall short of it. */
    private static void readValue(ByteReader in, long id, int length, Builder builder) {
        int outerLimit = in.limit;
        in.limit = in.position + length;
        if (id <= TransportParameterId.MAX_DATAGRAM_FRAME_SIZE) {
            readKnown(in, (int) id, builder);
        } else {
            // RFC 9000 §7.4.2: what is unknown is ignored.
            in.position = in.limit;
        }
        if (in.remaining() > 0) {
            throw in.malformed("transport parameter longer than its value");
        }
        in.limit = outerLimit;
    }

    private static void readKnown(ByteReader in, int id, Builder builder) {
        switch (id) {
            case TransportParameterId.ORIGINAL_DESTINATION_CONNECTION_ID ->
                builder.originalDestinationConnectionId(readRest(in));
            case TransportParameterId.MAX_IDLE_TIMEOUT -> builder.maxIdleTimeoutMs(in.readVarInt());
            case TransportParameterId.STATELESS_RESET_TOKEN -> builder.statelessResetToken(readRest(in));
            case TransportParameterId.MAX_UDP_PAYLOAD_SIZE -> builder.maxUdpPayloadSize(in.readVarInt());
            case TransportParameterId.INITIAL_MAX_DATA -> builder.initialMaxData(in.readVarInt());
            case TransportParameterId.INITIAL_MAX_STREAM_DATA_BIDI_LOCAL ->
                builder.initialMaxStreamDataBidiLocal(in.readVarInt());
            case TransportParameterId.INITIAL_MAX_STREAM_DATA_BIDI_REMOTE ->
                builder.initialMaxStreamDataBidiRemote(in.readVarInt());
            case TransportParameterId.INITIAL_MAX_STREAM_DATA_UNI -> builder.initialMaxStreamDataUni(in.readVarInt());
            case TransportParameterId.INITIAL_MAX_STREAMS_BIDI -> builder.initialMaxStreamsBidi(in.readVarInt());
            case TransportParameterId.INITIAL_MAX_STREAMS_UNI -> builder.initialMaxStreamsUni(in.readVarInt());
            case TransportParameterId.ACK_DELAY_EXPONENT -> builder.ackDelayExponent(in.readVarInt());
            case TransportParameterId.MAX_ACK_DELAY -> builder.maxAckDelayMs(in.readVarInt());
            case TransportParameterId.DISABLE_ACTIVE_MIGRATION -> builder.disableActiveMigration(true);
            case TransportParameterId.PREFERRED_ADDRESS -> builder.preferredAddress(PreferredAddress.read(in));
            case TransportParameterId.ACTIVE_CONNECTION_ID_LIMIT -> builder.activeConnectionIdLimit(in.readVarInt());
            case TransportParameterId.INITIAL_SOURCE_CONNECTION_ID -> builder.initialSourceConnectionId(readRest(in));
            case TransportParameterId.RETRY_SOURCE_CONNECTION_ID -> builder.retrySourceConnectionId(readRest(in));
            case TransportParameterId.MAX_DATAGRAM_FRAME_SIZE -> builder.maxDatagramFrameSize(in.readVarInt());
            default -> in.position = in.limit;
        }
    }

    private static byte[] readRest(ByteReader in) {
        byte[] bytes = new byte[in.remaining()];
        in.readBytes(bytes, 0, bytes.length);
        return bytes;
    }

    private static boolean isServerOnly(long id) {
        return id == TransportParameterId.ORIGINAL_DESTINATION_CONNECTION_ID
                || id == TransportParameterId.STATELESS_RESET_TOKEN
                || id == TransportParameterId.PREFERRED_ADDRESS
                || id == TransportParameterId.RETRY_SOURCE_CONNECTION_ID;
    }

    /** What is wrong with the values themselves, or null. RFC 9000 §18.2, §4.6. */
    private static String mistakeIn(TransportParameters p) {
        if (p.statelessResetToken() != null && p.statelessResetToken().length != TOKEN_BYTES) {
            return "stateless_reset_token is not 16 bytes long";
        }
        if (isTooLong(p.originalDestinationConnectionId())
                || isTooLong(p.initialSourceConnectionId())
                || isTooLong(p.retrySourceConnectionId())) {
            return "connection id longer than 20 bytes";
        }
        if (p.maxUdpPayloadSize() < MIN_MAX_UDP_PAYLOAD_SIZE) {
            return "max_udp_payload_size below 1200";
        }
        if (p.initialMaxStreamsBidi() > MAX_STREAMS || p.initialMaxStreamsUni() > MAX_STREAMS) {
            return "initial_max_streams beyond 2^60";
        }
        if (p.ackDelayExponent() > MAX_ACK_DELAY_EXPONENT) {
            return "ack_delay_exponent above 20";
        }
        if (p.maxAckDelayMs() > MAX_MAX_ACK_DELAY_MS) {
            return "max_ack_delay of 2^14 or more";
        }
        if (p.activeConnectionIdLimit() < MIN_ACTIVE_CONNECTION_ID_LIMIT) {
            return "active_connection_id_limit below 2";
        }
        return null;
    }

    private static boolean isTooLong(byte[] connectionId) {
        return connectionId != null && connectionId.length > PacketHeader.MAX_CONNECTION_ID_BYTES;
    }

    /** What is wrong with the connection ids that are there or missing, or null. RFC 9000 §7.3, §18.2. */
    private static String mistakeInIds(TransportParameters p, boolean fromServer) {
        if (p.initialSourceConnectionId() == null) {
            return "initial_source_connection_id is missing";
        }
        if (fromServer && p.originalDestinationConnectionId() == null) {
            return "original_destination_connection_id is missing";
        }
        if (p.preferredAddress() != null && p.initialSourceConnectionId().length == 0) {
            return "preferred_address from a server with an empty connection id";
        }
        return null;
    }
}
