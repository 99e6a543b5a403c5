package io.stoq.tls.engine;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.KeyExporter;
import io.stoq.crypto.TlsEvent;
import io.stoq.crypto.TlsSession;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsSecret;

/**
 * One handshake of either role, driven by Bouncy Castle's TLS engine. Used by one thread at a time.
 *
 * <p>That engine knows records but no encryption levels, so the levels are kept here: bytes wait per level, messages
 * are cut out and fed one by one, only from the level that is read now, and nothing may be left of a level when its
 * successor's keys arrive. RFC 9001 §4.1.3.
 */
public final class QuicTlsSession implements TlsSession {

    /** The extension quic_transport_parameters. RFC 9001 §8.2. */
    static final Integer TRANSPORT_PARAMETERS = 0x39;

    /** Of early data, which comes before the key exchange. */
    private static final String UNKNOWN_GROUP = "";

    private final boolean server;
    private final HandshakeCrypto crypto;
    private final KeyLog keyLog;
    private final boolean asksForCertificate;
    private final MessageBuffer[] buffers = {new MessageBuffer(), new MessageBuffer(), new MessageBuffer()};

    /** Of a client, of a server; the other one is null. */
    private final ClientTickets clientTickets;

    private final ServerTickets serverTickets;
    private final Queue<TlsEvent> events = new ArrayDeque<>();

    /** Null when its part is over, so that connections hold neither its secrets nor its memory. */
    private Engine engine;

    /** Lives as long as the session: of it stays what tickets and exported keys need. */
    private final HandshakeState state;

    private int cipherSuite;
    private int readLevel = EncryptionLevel.INITIAL;
    private TransportException inputViolation;
    private boolean started;
    private boolean ended;
    private boolean parametersTold;
    private boolean handshakeSecretsTold;
    private boolean applicationSecretsTold;
    private boolean finishedIsNext;

    private QuicTlsSession(
            HandshakeCrypto crypto,
            Engine engine,
            TlsSettings settings,
            ClientTickets clientTickets,
            ServerTickets serverTickets) {
        this.server = serverTickets != null;
        this.crypto = crypto;
        this.engine = engine;
        this.state = engine.state;
        this.clientTickets = clientTickets;
        this.serverTickets = serverTickets;
        this.keyLog = new KeyLog(settings.keyLog());
        this.asksForCertificate = settings.wantClientCertificate();
    }

    /** Bouncy Castle's engine, how to start it, what its callbacks learn, and its records. */
    private record Engine(TlsProtocol protocol, Start start, HandshakeState state, RecordLayer records) {

        /** Starts the engine: a client's writes its ClientHello. */
        interface Start {

            void run() throws IOException;
        }

        Engine(TlsProtocol protocol, Start start, HandshakeState state) {
            this(protocol, start, state, new RecordLayer(protocol));
            state.records = records;
        }

        SecurityParameters parameters() {
            SecurityParameters handshake = state.context.getSecurityParametersHandshake();
            return handshake != null ? handshake : state.context.getSecurityParametersConnection();
        }
    }

    public static TlsSession client(
            HandshakeCrypto crypto, TlsSettings settings, PeerName serverName, byte[] transportParameters) {
        HandshakeState state = new HandshakeState();
        ClientTickets tickets = new ClientTickets(settings, crypto, serverName);
        ClientRole role = new ClientRole(crypto, settings, serverName, transportParameters.clone(), state, tickets);
        TlsClientProtocol protocol = new TlsClientProtocol();
        Engine.Start start = () -> {
            tickets.choose();
            protocol.connect(role);
        };
        return new QuicTlsSession(crypto, new Engine(protocol, start, state), settings, tickets, null);
    }

    public static TlsSession server(HandshakeCrypto crypto, TlsSettings settings, byte[] transportParameters) {
        HandshakeState state = new HandshakeState();
        ServerTickets tickets = new ServerTickets(settings, crypto, transportParameters.clone());
        ServerRole role = new ServerRole(crypto, settings, transportParameters.clone(), state, tickets);
        TlsServerProtocol protocol = new TlsServerProtocol();
        Engine engine = new Engine(protocol, () -> protocol.accept(role), state);
        return new QuicTlsSession(crypto, engine, settings, null, tickets);
    }

    @Override
    public void onCrypto(int level, byte[] data, int offset, int length) {
        if (ended || length == 0) {
            return;
        }
        if (level < readLevel) {
            inputViolation = new TransportException(
                    TransportErrorCode.PROTOCOL_VIOLATION, "CRYPTO data at a level whose keys TLS has left behind");
        } else if (!buffers[level].append(data, offset, length)) {
            inputViolation =
                    new TransportException(TransportErrorCode.CRYPTO_BUFFER_EXCEEDED, "too much CRYPTO data waits");
        }
    }

    @Override
    public void run() {
        if (ended) {
            return;
        }
        try {
            startOnce();
            while (step()) {
                publish();
            }
            if (inputViolation != null) {
                throw inputViolation;
            }
        } catch (TransportException e) {
            end(new TlsEvent.Violation(e.code(), e.reason()));
        } catch (HandshakeRejection e) {
            end(new TlsEvent.Alert(e.getAlertDescription(), e.reason(), e.getCause()));
        } catch (TlsFatalAlert e) {
            end(new TlsEvent.Alert(e.getAlertDescription(), "TLS: " + e.getMessage(), e.getCause()));
        } catch (IOException e) {
            // The engine's readers run out of bytes where a message is shorter than its fields say.
            end(new TlsEvent.Alert(AlertDescription.decode_error, "malformed TLS message", e));
        } catch (RuntimeException | StackOverflowError e) {
            // Whatever a parser of Bouncy Castle or the Java platform makes of a hostile certificate ends here.
            end(new TlsEvent.Alert(AlertDescription.internal_error, "TLS failed: " + e, e));
        }
    }

    /** What is left after the own flight: tickets at a client, and the client's Finished where that is all. */
    @Override
    public boolean isLight() {
        return readLevel == EncryptionLevel.APPLICATION || finishedIsNext;
    }

    @Override
    public TlsEvent pollEvent() {
        return events.poll();
    }

    @Override
    public void destroy() {
        for (TlsEvent event = events.poll(); event != null; event = events.poll()) {
            if (event instanceof TlsEvent.Secrets secrets) {
                Arrays.fill(secrets.receive(), (byte) 0);
                Arrays.fill(secrets.send(), (byte) 0);
            } else if (event instanceof TlsEvent.EarlyData early) {
                Arrays.fill(early.secret(), (byte) 0);
            }
        }
        stop();
        if (state.secrets != null) {
            state.secrets.destroy();
        }
    }

    private void startOnce() throws IOException {
        if (!started) {
            started = true;
            engine.start.run();
            publish();
            if (!server && clientTickets.offersEarlyData()) {
                tellEarlyDataOffered(clientTickets.offered());
            }
        }
    }

    /** Handles one message; false where no whole one is there for the level that is read. */
    private boolean step() throws IOException {
        MessageBuffer buffer = buffers[readLevel];
        int type = buffer.nextType();
        if (type < 0) {
            return false;
        }
        MessageRules.checkType(type, readLevel, server);
        byte[] message = buffer.pollMessage();
        if (message == null) {
            return false;
        }
        if (readLevel == EncryptionLevel.APPLICATION) {
            // The engine's part is over: what comes now would still move its state, but QUIC allows tickets only.
            clientTickets.onMessage(message, state, cipherSuite);
            return true;
        }
        if (readLevel == EncryptionLevel.INITIAL) {
            MessageRules.checkSessionId(message);
            if (server) {
                serverTickets.onClientHello(message);
            }
        }
        engine.records.feed(readLevel, message);
        return true;
    }

    /** Turns what the engine has now into events. Their order is the contract of {@link TlsSession#pollEvent()}. */
    private void publish() throws IOException {
        if (engine == null) {
            return;
        }
        engine.records.drain();
        SecurityParameters parameters = engine.parameters();
        boolean complete = engine.state.complete;
        boolean keyed = parameters != null && parameters.getBaseKeyClient() != null || complete;
        enterLevel(
                complete ? EncryptionLevel.APPLICATION : keyed ? EncryptionLevel.HANDSHAKE : EncryptionLevel.INITIAL);
        if (server && keyed) {
            tellTransportParameters();
            tellEarlyDataTaken(parameters);
        }
        tellOutput(EncryptionLevel.INITIAL);
        if (keyed) {
            tellHandshakeSecrets(parameters);
            tellTransportParameters();
        }
        tellOutput(EncryptionLevel.HANDSHAKE);
        if (server ? keyed : complete) {
            tellApplicationSecrets(parameters);
            finishedIsNext = server && (!asksForCertificate || state.resumed);
        }
        if (complete) {
            tellComplete(parameters);
            dismissEngine();
        }
    }

    private void enterLevel(int level) {
        if (level == readLevel) {
            return;
        }
        // RFC 9001 §4.1.3: data of a level that TLS has not consumed when it moves on.
        if (!buffers[readLevel].isEmpty()) {
            throw new TransportException(
                    TransportErrorCode.PROTOCOL_VIOLATION, "CRYPTO data is left over at a change of TLS keys");
        }
        readLevel = level;
    }

    private void tellOutput(int level) {
        byte[] bytes = engine.records.pollOutput(level);
        if (bytes != null) {
            events.add(new TlsEvent.CryptoData(level, bytes));
        }
    }

    private void tellTransportParameters() {
        byte[] peer = engine.state.peerTransportParameters;
        if (!parametersTold && peer != null) {
            parametersTold = true;
            events.add(new TlsEvent.PeerTransportParameters(peer, state.earlyData));
        }
    }

    private void tellEarlyDataOffered(ResumableSession session) throws IOException {
        byte[] secret = clientTickets.earlySecret(state.records.transcript());
        keyLog.earlySecret(engine.parameters().getClientRandom(), secret);
        TlsEvent.Complete agreed = agreed(
                session.applicationProtocol(), session.cipherSuite(), UNKNOWN_GROUP, session.peerCertificates(), true);
        events.add(new TlsEvent.EarlyData(session.cipherSuite(), secret, session.transportParameters(), agreed));
    }

    private void tellEarlyDataTaken(SecurityParameters parameters) {
        byte[] secret = state.earlySecret;
        if (secret == null) {
            return;
        }
        state.earlySecret = null;
        keyLog.earlySecret(parameters.getClientRandom(), secret);
        TlsEvent.Complete agreed = agreed(
                state.applicationProtocol,
                parameters.getCipherSuite(),
                KeyExchangeGroup.nameOf(parameters.getNegotiatedGroup()),
                state.peerCertificates,
                true);
        events.add(new TlsEvent.EarlyData(parameters.getCipherSuite(), secret, null, agreed));
    }

    private TlsEvent.Complete agreed(
            String protocol, int suite, String group, List<X509Certificate> certificates, boolean resumed) {
        KeyExporter exporter = state.secrets != null ? state.secrets : SessionSecrets.NOT_YET;
        return new TlsEvent.Complete(protocol, state.serverName, suite, group, certificates, resumed, exporter);
    }

    private void tellHandshakeSecrets(SecurityParameters parameters) {
        if (handshakeSecretsTold) {
            return;
        }
        handshakeSecretsTold = true;
        byte[] client = copy(parameters.getBaseKeyClient());
        byte[] serverSecret = copy(parameters.getBaseKeyServer());
        keyLog.handshakeSecrets(parameters.getClientRandom(), client, serverSecret);
        tellSecrets(EncryptionLevel.HANDSHAKE, parameters, client, serverSecret);
    }

    private void tellApplicationSecrets(SecurityParameters parameters) {
        if (applicationSecretsTold) {
            return;
        }
        applicationSecretsTold = true;
        byte[] client = copy(parameters.getTrafficSecretClient());
        byte[] serverSecret = copy(parameters.getTrafficSecretServer());
        keyLog.applicationSecrets(parameters.getClientRandom(), client, serverSecret);
        tellSecrets(EncryptionLevel.APPLICATION, parameters, client, serverSecret);
    }

    private void tellSecrets(int level, SecurityParameters parameters, byte[] client, byte[] serverSecret) {
        byte[] receive = server ? client : serverSecret;
        byte[] send = server ? serverSecret : client;
        events.add(new TlsEvent.Secrets(level, parameters.getCipherSuite(), receive, send));
    }

    private void tellComplete(SecurityParameters parameters) throws IOException {
        cipherSuite = parameters.getCipherSuite();
        keyLog.exporterSecret(parameters.getClientRandom(), state.secrets.exporterSecret());
        events.add(agreed(
                state.applicationProtocol,
                cipherSuite,
                KeyExchangeGroup.nameOf(parameters.getNegotiatedGroup()),
                state.peerCertificates,
                state.resumed));
        byte[] tickets = server ? serverTickets.issue(state, cipherSuite) : null;
        if (tickets != null) {
            events.add(new TlsEvent.CryptoData(EncryptionLevel.APPLICATION, tickets));
        }
    }

    private byte[] copy(TlsSecret secret) {
        return crypto.adoptSecret(secret).extract();
    }

    private void end(TlsEvent failure) {
        events.add(failure);
        stop();
    }

    private void stop() {
        ended = true;
        for (MessageBuffer buffer : buffers) {
            buffer.clear();
        }
        dismissEngine();
    }

    private void dismissEngine() {
        if (engine != null && started) {
            try {
                engine.protocol.close(); // wipes its secrets
            } catch (IOException e) {
                // Nothing is written anywhere, and the engine is done.
            }
        }
        engine = null;
        state.records = null;
        state.context = null; // most of what TLS keeps hangs on it
    }
}
