package io.stoq.tls.s2n;

import static io.stoq.tls.s2n.S2nLibrary.ARENA;
import static io.stoq.tls.s2n.S2nLibrary.INT;
import static io.stoq.tls.s2n.S2nLibrary.POINTER;
import static io.stoq.tls.s2n.S2nLibrary.bytes;
import static io.stoq.tls.s2n.S2nLibrary.call;
import static io.stoq.tls.s2n.S2nLibrary.callback;
import static io.stoq.tls.s2n.S2nLibrary.check;
import static io.stoq.tls.s2n.S2nLibrary.string;

import io.stoq.crypto.EncryptionLevel;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/** One side of a handshake by s2n-tls in its QUIC mode: messages without levels in, messages with levels out. */
@SuppressWarnings("restricted") // native code is what it is for
final class S2nPeer {

    /** Kinds of secrets, as s2n_secret_type_t numbers them. */
    static final int CLIENT_HANDSHAKE = 1;

    static final int SERVER_HANDSHAKE = 2;
    static final int CLIENT_APPLICATION = 3;
    static final int SERVER_APPLICATION = 4;

    private static final int EAGAIN = 11;
    private static final byte NEW_SESSION_TICKET = 4;
    private static final byte SERVER_HELLO = 2;

    /** A message and the level that it goes out at. */
    record Message(int level, byte[] bytes) {}

    final Queue<Message> output = new ArrayDeque<>();
    final byte[][] secrets = new byte[8][];

    /** What a client got last, to go on from; null before. */
    byte[] session;

    private final MemorySegment connection;
    private byte[] input = {};
    private byte[] unfinished = {};
    private boolean done;

    private S2nPeer(boolean server, MemorySegment config, byte[] transportParameters) {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        check("s2n_config_enable_quic", config);
        check("s2n_config_append_protocol_preference", config, string("echo"), (byte) 4);
        MemorySegment none = MemorySegment.NULL;
        check(
                "s2n_config_set_session_ticket_cb",
                config,
                callback(lookup, this, "onTicket", POINTER, POINTER, POINTER),
                none);
        connection = (MemorySegment) call("s2n_connection_new", POINTER, server ? 0 : 1);
        check("s2n_connection_set_config", connection, config);
        check("s2n_connection_set_blinding", connection, 1);
        check("s2n_connection_set_quic_transport_parameters", connection, bytes(transportParameters), (short)
                transportParameters.length);
        check("s2n_connection_set_recv_cb", connection, callback(lookup, this, "read", POINTER, POINTER, INT));
        check("s2n_connection_set_send_cb", connection, callback(lookup, this, "write", POINTER, POINTER, INT));
        check(
                "s2n_connection_set_secret_callback",
                connection,
                callback(lookup, this, "onSecret", POINTER, POINTER, INT, POINTER, ValueLayout.JAVA_BYTE),
                none);
    }

    /** @param policy one of s2n's names for suites and groups */
    static S2nPeer client(String policy, String authorityPem, String serverName, byte[] transportParameters) {
        MemorySegment config = config(policy);
        check("s2n_config_wipe_trust_store", config);
        check("s2n_config_add_pem_to_trust_store", config, string(authorityPem));
        S2nPeer peer = new S2nPeer(false, config, transportParameters);
        check("s2n_set_server_name", peer.connection, string(serverName));
        return peer;
    }

    static S2nPeer server(String policy, String certificatePem, String keyPem, byte[] transportParameters) {
        MemorySegment config = config(policy);
        check("s2n_config_add_cert_chain_and_key", config, string(certificatePem), string(keyPem));
        MemorySegment key = ARENA.allocate(32);
        key.fill((byte) 7);
        check("s2n_config_add_ticket_crypto_key", config, string("key"), 3, key, 32, 0L);
        return new S2nPeer(true, config, transportParameters);
    }

    private static MemorySegment config(String policy) {
        MemorySegment config = (MemorySegment) call("s2n_config_new", POINTER);
        check("s2n_config_set_cipher_preferences", config, string(policy));
        check("s2n_config_set_session_tickets_onoff", config, (byte) 1);
        return config;
    }

    void resume(byte[] earlier) {
        check("s2n_connection_set_session", connection, bytes(earlier), (long) earlier.length);
    }

    void feed(byte[] messages) {
        input = Arrays.copyOf(input, input.length + messages.length);
        System.arraycopy(messages, 0, input, input.length - messages.length, messages.length);
    }

    /** Goes on as far as the input allows. */
    void run() {
        MemorySegment blocked = ARENA.allocate(INT);
        String step = done ? "s2n_recv_quic_post_handshake_message" : "s2n_negotiate";
        int result = (int) call(step, INT, connection, blocked);
        if (result == 0) {
            boolean more = !done;
            done = true;
            if (more && input.length > 0) {
                run();
            }
        } else if (blocked.get(INT, 0) == 0) {
            check(step, connection, blocked); // says what is wrong
        }
    }

    boolean isDone() {
        return done;
    }

    boolean isResumed() {
        return (int) call("s2n_connection_is_session_resumed", INT, connection) == 1;
    }

    /** RFC 8446 §7.5. */
    byte[] export(String label, byte[] context, int length) {
        MemorySegment out = ARENA.allocate(length);
        MemorySegment name = string(label);
        check(
                "s2n_connection_tls_exporter",
                connection,
                name,
                label.length(),
                bytes(context),
                context.length,
                out,
                length);
        return out.toArray(ValueLayout.JAVA_BYTE);
    }

    byte[] peerTransportParameters() {
        MemorySegment at = ARENA.allocate(POINTER);
        MemorySegment length = ARENA.allocate(ValueLayout.JAVA_SHORT);
        check("s2n_connection_get_quic_transport_parameters", connection, at, length);
        return at.get(POINTER, 0)
                .reinterpret(length.get(ValueLayout.JAVA_SHORT, 0))
                .toArray(ValueLayout.JAVA_BYTE);
    }

    // ---- called by s2n

    int read(MemorySegment context, MemorySegment buffer, int length) {
        int given = Math.min(length, input.length);
        if (given == 0) {
            S2nLibrary.setErrno(EAGAIN);
            return -1;
        }
        MemorySegment.copy(input, 0, buffer.reinterpret(length), ValueLayout.JAVA_BYTE, 0, given);
        input = Arrays.copyOfRange(input, given, input.length);
        return given;
    }

    int write(MemorySegment context, MemorySegment buffer, int length) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(unfinished);
        all.writeBytes(buffer.reinterpret(length).toArray(ValueLayout.JAVA_BYTE));
        byte[] bytes = all.toByteArray();
        int at = 0;
        while (bytes.length - at >= 4) {
            int end = at + 4 + ((bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff);
            if (end > bytes.length) {
                break;
            }
            output.add(new Message(levelOf(bytes[at]), Arrays.copyOfRange(bytes, at, end)));
            at = end;
        }
        unfinished = Arrays.copyOfRange(bytes, at, bytes.length);
        return length;
    }

    private static int levelOf(byte type) {
        return type <= SERVER_HELLO
                ? EncryptionLevel.INITIAL
                : type == NEW_SESSION_TICKET ? EncryptionLevel.APPLICATION : EncryptionLevel.HANDSHAKE;
    }

    int onSecret(MemorySegment context, MemorySegment of, int type, MemorySegment secret, byte size) {
        secrets[type] = secret.reinterpret(size & 0xff).toArray(ValueLayout.JAVA_BYTE);
        return 0;
    }

    int onTicket(MemorySegment of, MemorySegment context, MemorySegment ticket) {
        MemorySegment length = ARENA.allocate(ValueLayout.JAVA_LONG);
        check("s2n_session_ticket_get_data_len", ticket, length);
        MemorySegment data = ARENA.allocate(length.get(ValueLayout.JAVA_LONG, 0));
        check("s2n_session_ticket_get_data", ticket, data.byteSize(), data);
        session = data.toArray(ValueLayout.JAVA_BYTE);
        return 0;
    }
}
