package io.stoq.tls.engine;

import java.util.HexFormat;
import java.util.function.Consumer;

/** Lines of the NSS key log format (SSLKEYLOGFILE), by which tools such as Wireshark read recorded packets. */
final class KeyLog {

    private final Consumer<String> lines;

    /** @param lines or null for none */
    KeyLog(Consumer<String> lines) {
        this.lines = lines;
    }

    void earlySecret(byte[] clientRandom, byte[] client) {
        line("CLIENT_EARLY_TRAFFIC_SECRET", clientRandom, client);
    }

    void handshakeSecrets(byte[] clientRandom, byte[] client, byte[] server) {
        line("CLIENT_HANDSHAKE_TRAFFIC_SECRET", clientRandom, client);
        line("SERVER_HANDSHAKE_TRAFFIC_SECRET", clientRandom, server);
    }

    void applicationSecrets(byte[] clientRandom, byte[] client, byte[] server) {
        line("CLIENT_TRAFFIC_SECRET_0", clientRandom, client);
        line("SERVER_TRAFFIC_SECRET_0", clientRandom, server);
    }

    /** @param secret or null where it was not kept */
    void exporterSecret(byte[] clientRandom, byte[] secret) {
        line("EXPORTER_SECRET", clientRandom, secret);
    }

    private void line(String label, byte[] clientRandom, byte[] secret) {
        if (lines != null && secret != null) {
            HexFormat hex = HexFormat.of();
            lines.accept(label + ' ' + hex.formatHex(clientRandom) + ' ' + hex.formatHex(secret));
        }
    }
}
