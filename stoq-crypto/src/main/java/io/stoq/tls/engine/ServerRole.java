package io.stoq.tls.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.TlsServerContext;
import org.bouncycastle.tls.TlsUtils;

/** The server's choices and checks in a handshake that the TLS engine drives. Confined to its session. */
final class ServerRole extends AbstractTlsServer {

    private final TlsSettings settings;
    private final byte[] transportParameters;
    private final HandshakeState state;
    private final ServerTickets tickets;
    private boolean earlyDataOffered;

    ServerRole(
            HandshakeCrypto crypto,
            TlsSettings settings,
            byte[] transportParameters,
            HandshakeState state,
            ServerTickets tickets) {
        super(crypto);
        this.tickets = tickets;
        this.settings = settings;
        this.transportParameters = transportParameters;
        this.state = state;
    }

    @Override
    public void init(TlsServerContext context) {
        super.init(context);
        state.context = context;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.TLSv13.only(); // RFC 9001 §4.2
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return settings.cipherSuites();
    }

    /** Those that the client's ticket goes with, where there is one: the engine does not look at that. */
    @Override
    public int[] getCipherSuites() {
        return Arrays.stream(super.getCipherSuites()).filter(tickets::allows).toArray();
    }

    @Override
    @SuppressWarnings("unchecked") // as the engine fills it
    public TlsPSKExternal getExternalPSK(@SuppressWarnings("rawtypes") Vector identities) {
        return tickets.select(identities);
    }

    @Override
    public int[] getSupportedGroups() {
        return settings.groups().stream().mapToInt(KeyExchangeGroup::id).toArray();
    }

    @Override
    public int getMaxHandshakeMessageSize() {
        return MessageBuffer.MAX_MESSAGE_BYTES;
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        return ClientRole.protocolNames(settings.applicationProtocols());
    }

    /** The server's preference decides among what the client offers. RFC 7301 §3.2. */
    @Override
    protected ProtocolName selectProtocolName() throws IOException {
        Vector<?> offered = clientProtocolNames;
        for (ProtocolName name : getProtocolNames()) {
            if (offered != null && offered.contains(name)) {
                return name;
            }
        }
        // RFC 9001 §8.1: a connection without an application protocol must not go on.
        throw new HandshakeRejection(
                AlertDescription.no_application_protocol,
                "the client offers none of the application protocols " + settings.applicationProtocols());
    }

    @Override
    public void processClientExtensions(@SuppressWarnings("rawtypes") Hashtable extensions) // as inherited
            throws IOException {
        // There are no records to limit in QUIC; answering would shrink those that only this engine sees.
        extensions.remove(TlsExtensionsUtils.EXT_max_fragment_length);
        super.processClientExtensions(extensions);
        state.serverName = serverName(context.getSecurityParametersHandshake().getClientServerNames());
        selectedProtocolName = selectProtocolName();
        state.applicationProtocol = selectedProtocolName.getUtf8Decoding();
        earlyDataOffered = TlsExtensionsUtils.hasEarlyDataIndication(extensions);
        state.onTransportParameters((byte[]) extensions.get(QuicTlsSession.TRANSPORT_PARAMETERS));
    }

    @Override
    public Hashtable<Integer, byte[]> getServerExtensions() throws IOException {
        if (tickets.accepted() != null) {
            boolean authenticated = settings.wantClientCertificate();
            state.onResumed(authenticated ? tickets.accepted().clientCertificates() : List.of());
        }
        Hashtable<Integer, byte[]> extensions =
                ClientRole.withTransportParameters(super.getServerExtensions(), transportParameters);
        if (earlyDataOffered && tickets.admitsEarlyData(selectedCipherSuite, state.applicationProtocol)) {
            TlsExtensionsUtils.addEarlyDataIndication(extensions);
            state.earlyData = true;
            state.earlySecret = tickets.earlySecret();
        }
        return extensions;
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        Vector<?> accepted = context.getSecurityParametersHandshake().getClientSigAlgs();
        TlsCredentials signer =
                SigningIdentity.signer(settings.identity().candidates(state.serverName), context, accepted);
        if (signer == null) {
            throw new HandshakeRejection(
                    AlertDescription.handshake_failure, "the client takes no signature that the server's key can make");
        }
        return signer;
    }

    @Override
    public CertificateRequest getCertificateRequest() throws IOException {
        return settings.wantClientCertificate()
                ? new CertificateRequest(TlsUtils.EMPTY_BYTES, SignatureSchemes.accepted(), null, null)
                : null;
    }

    @Override
    public void notifyClientCertificate(Certificate certificate) throws IOException {
        if (certificate == null || certificate.isEmpty()) {
            if (!settings.requireClientCertificate()) {
                return;
            }
            throw new HandshakeRejection(AlertDescription.certificate_required, "the client sent no certificate");
        }
        state.onPeerCertificates(certificate, settings.verifier(), null);
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        if (settings.requireClientCertificate() && state.peerCertificates.isEmpty()) {
            throw new HandshakeRejection(AlertDescription.certificate_required, "the client was not authenticated");
        }
        state.onComplete(settings.resumption().tickets() != null);
    }

    /** What is no DNS name is treated as if it had not been sent: some clients put addresses there. */
    static String serverName(Vector<?> names) {
        if (names == null) {
            return null;
        }
        for (Object name : names) {
            ServerName server = (ServerName) name;
            String text = new String(server.getNameData(), StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
            if (server.getNameType() == NameType.host_name && PeerName.isDnsName(text)) {
                return text;
            }
        }
        return null;
    }
}
