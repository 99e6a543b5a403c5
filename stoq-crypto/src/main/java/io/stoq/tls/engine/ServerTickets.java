package io.stoq.tls.engine;

import io.stoq.wire.TransportParameters;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.ClientHello;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.PskIdentity;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsPSKExternal;

/** A server's tickets in one handshake: takes one that the client shows, and gives out new ones. Confined to its session. */
final class ServerTickets {

    /** How many of the client's identities are looked at; each costs a decryption. */
    static final int MAX_IDENTITIES = 4;

    /** How many tickets follow a full handshake, so that a client can resume on two connections at once. */
    private static final int AFTER_FULL_HANDSHAKE = 2;

    private static final int AFTER_RESUMPTION = 1;

    private final TlsSettings settings;
    private final HandshakeCrypto crypto;
    private final byte[] transportParameters;
    private byte[] clientHello;
    private TicketState accepted;
    private byte[] acceptedTicket;
    private int acceptedIndex;
    private long toldAgeMs;
    private boolean offeredBefore;
    private boolean retried;

    ServerTickets(TlsSettings settings, HandshakeCrypto crypto, byte[] transportParameters) {
        this.settings = settings;
        this.transportParameters = transportParameters;
        this.crypto = crypto;
    }

    /** The ClientHello that comes next, with its header: the engine asks for a key before it has read the rest. */
    void onClientHello(byte[] message) {
        clientHello = message;
    }

    /** The session that is resumed, or null. */
    TicketState accepted() {
        return accepted;
    }

    /** Whether a session of this cipher suite may go on with that one. */
    boolean allows(int cipherSuite) {
        return accepted == null || SessionSecrets.hashOf(cipherSuite) == SessionSecrets.hashOf(accepted.cipherSuite());
    }

    /**
     * The key of the first identity that may be resumed, or null for a full handshake.
     *
     * @param identities of the engine, which looks the chosen one up again and knows no ages: its age is taken out there
     */
    TlsPSKExternal select(Vector<PskIdentity> identities) {
        if (settings.resumption().tickets() == null) {
            return null;
        }
        if (offeredBefore && accepted == null) {
            return null; // after a HelloRetryRequest, whose cipher suite was chosen without a key
        }
        retried = offeredBefore;
        offeredBefore = true;
        accepted = null;
        Offer offer = Offer.read(clientHello);
        for (int i = 0; offer != null && i < Math.min(identities.size(), MAX_IDENTITIES); i++) {
            byte[] ticket = identities.get(i).getIdentity();
            TicketState state = open(ticket, offer);
            if (state != null) {
                accepted = state;
                acceptedIndex = i;
                toldAgeMs = (int) identities.get(i).getObfuscatedTicketAge() - state.ageAdd() & 0xffffffffL;
                acceptedTicket = ticket;
                identities.set(i, new PskIdentity(ticket, 0));
                return new BasicTlsPSKExternal(
                        ticket, new ResumptionPsk(crypto, state.psk()), SessionSecrets.prfOf(state.cipherSuite()));
            }
        }
        return null;
    }

    private TicketState open(byte[] ticket, Offer offer) {
        long nowMs = settings.resumption().nowMs();
        byte[] opened = settings.resumption().tickets().open(ticket, nowMs);
        TicketState state = opened == null ? null : TicketState.decode(opened);
        return state != null && isCurrent(state, nowMs) && offer.goesWith(state, settings) && isTrusted(state)
                ? state
                : null;
    }

    private boolean isCurrent(TicketState state, long nowMs) {
        long ageMs = nowMs - state.issuedAtMs();
        return ageMs >= 0 && ageMs < settings.resumption().lifetime().toMillis();
    }

    /** A client that showed a certificate is judged again as if it had shown it now. */
    private boolean isTrusted(TicketState state) {
        X509Certificate[] chain = state.clientCertificates().toArray(X509Certificate[]::new);
        if (chain.length == 0 || !settings.wantClientCertificate()) {
            return !settings.requireClientCertificate();
        }
        try {
            settings.verifier().verify(chain, null);
            return true;
        } catch (IOException e) {
            return false; // the full handshake that follows says why
        }
    }

    /**
     * Whether the early data is taken that the client offers with the accepted ticket; asked once. The conditions of RFC 8446
     * §4.2.10, and that the ticket is one of this very server, used for the first time.
     */
    boolean admitsEarlyData(int cipherSuite, String applicationProtocol) {
        EarlyDataPolicy policy = settings.resumption().earlyData();
        long nowMs = settings.resumption().nowMs();
        return policy != null
                && accepted != null
                && acceptedIndex == 0
                && !retried
                && cipherSuite == accepted.cipherSuite()
                && applicationProtocol.equals(accepted.applicationProtocol())
                && Arrays.equals(policy.issuer(), accepted.issuer())
                && allowsWhatItDid()
                && policy.replays().admit(acceptedTicket, nowMs - accepted.issuedAtMs(), toldAgeMs, nowMs);
    }

    /** RFC 9000 §7.4.1: a server that takes early data must not give less than the client remembers. */
    private boolean allowsWhatItDid() {
        TransportParameters now = TransportParameters.decode(transportParameters, true);
        return now.allowsAtLeast(TransportParameters.decode(accepted.transportParameters(), true));
    }

    /** The secret of the client's early data, whose transcript is the ClientHello. RFC 8446 §7.1. */
    byte[] earlySecret() throws IOException {
        Transcript transcript = new Transcript();
        transcript.add(clientHello, 0, clientHello.length);
        return ResumptionPsk.earlySecret(crypto, accepted.psk(), accepted.cipherSuite(), transcript);
    }

    /** The messages that hand out tickets after the handshake, or null where there are none. */
    byte[] issue(HandshakeState state, int cipherSuite) throws IOException {
        TicketSealer sealer = settings.resumption().tickets();
        if (sealer == null || !state.secrets.canResume()) {
            return null;
        }
        byte[] messages = new byte[0];
        int count = accepted == null ? AFTER_FULL_HANDSHAKE : AFTER_RESUMPTION;
        for (int i = 0; i < count; i++) {
            byte[] message = message(sealer, state, cipherSuite, new byte[] {(byte) i});
            if (message == null) {
                return null;
            }
            int at = messages.length;
            messages = Arrays.copyOf(messages, at + message.length);
            System.arraycopy(message, 0, messages, at, message.length);
        }
        return messages;
    }

    private byte[] message(TicketSealer sealer, HandshakeState state, int cipherSuite, byte[] nonce)
            throws IOException {
        EarlyDataPolicy policy = settings.resumption().earlyData();
        int ageAdd = crypto.getSecureRandom().nextInt();
        long nowMs = settings.resumption().nowMs();
        byte[] content = new TicketState(
                        cipherSuite,
                        ageAdd,
                        nowMs,
                        state.secrets.pskOf(nonce),
                        state.applicationProtocol,
                        state.serverName,
                        policy == null ? new byte[0] : policy.issuer(),
                        policy == null ? new byte[0] : transportParameters,
                        state.peerCertificates)
                .encode();
        if (content == null) {
            return null;
        }
        int lifetime = (int) settings.resumption().lifetime().toSeconds();
        byte[] message =
                new NewSessionTicket(lifetime, ageAdd, nonce, sealer.seal(content, nowMs), policy != null).encode();
        Arrays.fill(content, (byte) 0);
        return message;
    }

    /** What of a ClientHello decides whether a ticket goes with it. */
    private record Offer(String serverName, Vector<?> applicationProtocols, int[] cipherSuites) {

        /** Null where a part is malformed, of which the engine tells the client when it comes to it. */
        static Offer read(byte[] message) {
            int header = MessageBuffer.HEADER_BYTES;
            try {
                ClientHello hello =
                        ClientHello.parse(new ByteArrayInputStream(message, header, message.length - header), null);
                Hashtable<?, ?> extensions = hello.getExtensions();
                return new Offer(
                        ServerRole.serverName(TlsExtensionsUtils.getServerNameExtensionClient(extensions)),
                        TlsExtensionsUtils.getALPNExtensionClient(extensions),
                        hello.getCipherSuites());
            } catch (IOException e) {
                return null;
            }
        }

        boolean goesWith(TicketState state, TlsSettings settings) {
            boolean sameName = serverName == null ? state.serverName() == null : serverName.equals(state.serverName());
            return sameName
                    && settings.applicationProtocols().contains(state.applicationProtocol())
                    && applicationProtocols != null
                    && applicationProtocols.contains(ProtocolName.asUtf8Encoding(state.applicationProtocol()))
                    && hasSuite(state, settings);
        }

        private boolean hasSuite(TicketState state, TlsSettings settings) {
            int hash = SessionSecrets.hashOf(state.cipherSuite());
            return Arrays.stream(settings.cipherSuites())
                    .filter(suite -> SessionSecrets.hashOf(suite) == hash)
                    .anyMatch(suite -> Arrays.stream(cipherSuites).anyMatch(offered -> offered == suite));
        }
    }
}
