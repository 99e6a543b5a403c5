package io.stoq.tls;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.TlsEvent;
import io.stoq.crypto.TlsSession;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A client's and a server's session in one process, passing CRYPTO bytes by level in pieces of random length. */
public final class TlsPair {

    private static final int MAX_PIECE_BYTES = 700;

    /** One session and everything that it told. */
    public static final class Side {

        public final TlsSession session;
        public final List<TlsEvent> events = new ArrayList<>();
        private int passed;

        public Side(TlsSession session) {
            this.session = session;
        }

        public void run() {
            session.run();
            for (TlsEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
                events.add(event);
            }
        }

        public void feed(int level, byte[] bytes) {
            session.onCrypto(level, bytes, 0, bytes.length);
            run();
        }

        /** The last event of a kind, or null. */
        public <T extends TlsEvent> T last(Class<T> kind) {
            T found = null;
            for (TlsEvent event : events) {
                found = kind.isInstance(event) ? kind.cast(event) : found;
            }
            return found;
        }

        public TlsEvent.Complete complete() {
            return last(TlsEvent.Complete.class);
        }

        public TlsEvent.Alert alert() {
            return last(TlsEvent.Alert.class);
        }

        public TlsEvent.Violation violation() {
            return last(TlsEvent.Violation.class);
        }

        public TlsEvent.Secrets secrets(int level) {
            TlsEvent.Secrets found = null;
            for (TlsEvent event : events) {
                found = event instanceof TlsEvent.Secrets secrets && secrets.level() == level ? secrets : found;
            }
            return found;
        }

        /** All bytes told at {@code level} so far. */
        public byte[] sent(int level) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (TlsEvent event : events) {
                if (event instanceof TlsEvent.CryptoData data && data.level() == level) {
                    bytes.writeBytes(data.bytes());
                }
            }
            return bytes.toByteArray();
        }

        /** The order of events in short. */
        public List<String> story() {
            List<String> story = new ArrayList<>();
            for (TlsEvent event : events) {
                story.add(
                        switch (event) {
                            case TlsEvent.CryptoData data -> "data " + EncryptionLevel.nameOf(data.level());
                            case TlsEvent.Secrets secrets -> "secrets " + EncryptionLevel.nameOf(secrets.level());
                            case TlsEvent.PeerTransportParameters _ -> "parameters";
                            case TlsEvent.EarlyData _ -> "early data";
                            case TlsEvent.Complete _ -> "complete";
                            case TlsEvent.Alert alert -> "alert " + alert.description();
                            case TlsEvent.Violation violation -> "violation " + violation.code();
                        });
            }
            return story;
        }
    }

    public static final byte[] CLIENT_PARAMETERS = {1, 2, 0x40, 0x10};
    public static final byte[] SERVER_PARAMETERS = {0, 0, 4, 4, (byte) 0x80, 1, 0, 0, 15, 0};

    public final Side client;
    public final Side server;
    private final Random random;

    public TlsPair(StoqTls client, StoqTls server, String name, long seed) {
        this.client = new Side(client.clientSession(name, CLIENT_PARAMETERS));
        this.server = new Side(server.serverSession(SERVER_PARAMETERS));
        this.random = new Random(seed);
    }

    /** Runs until neither side has anything more to say. */
    public TlsPair run() {
        client.run();
        while (pass(client, server) | pass(server, client)) {}
        return this;
    }

    /** Hands over what {@code from} told since the last time. */
    public boolean pass(Side from, Side to) {
        int before = from.passed;
        while (from.passed < from.events.size()) {
            if (from.events.get(from.passed++) instanceof TlsEvent.CryptoData data) {
                feedInPieces(to, data);
            }
        }
        return from.passed > before;
    }

    private void feedInPieces(Side to, TlsEvent.CryptoData data) {
        byte[] bytes = data.bytes();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(1 + random.nextInt(MAX_PIECE_BYTES), bytes.length - at);
            to.session.onCrypto(data.level(), bytes, at, length);
            at += length;
            if (random.nextBoolean()) {
                to.run();
            }
        }
        to.run();
    }
}
