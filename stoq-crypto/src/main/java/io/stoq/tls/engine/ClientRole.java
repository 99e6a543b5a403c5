package io.stoq.tls.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientContext;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsPSK;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.TlsServerCertificate;

/** The client's choices and checks in a handshake that the TLS engine drives. Confined to its session. */
final class ClientRole extends AbstractTlsClient {

    private final TlsSettings settings;
    private final PeerName serverName;
    private final byte[] transportParameters;
    private final HandshakeState state;
    private final ClientTickets tickets;

    ClientRole(
            HandshakeCrypto crypto,
            TlsSettings settings,
            PeerName serverName,
            byte[] transportParameters,
            HandshakeState state,
            ClientTickets tickets) {
        super(crypto);
        this.tickets = tickets;
        this.settings = settings;
        this.serverName = serverName;
        this.transportParameters = transportParameters;
        this.state = state;
    }

    @Override
    public void init(TlsClientContext context) {
        super.init(context);
        state.context = context;
        state.serverName = serverName.dns() ? serverName.text() : null;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.TLSv13.only(); // RFC 9001 §4.2
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return settings.cipherSuites();
    }

    @Override
    public boolean shouldUseCompatibilityMode() {
        return false; // RFC 9001 §8.4
    }

    @Override
    public int getMaxHandshakeMessageSize() {
        return MessageBuffer.MAX_MESSAGE_BYTES;
    }

    @Override
    protected Vector<Integer> getSupportedGroups(@SuppressWarnings("rawtypes") Vector roles) { // as inherited
        return ids(settings.groups());
    }

    @Override
    public Vector<Integer> getEarlyKeyShareGroups() {
        List<KeyExchangeGroup> groups = settings.groups();
        if (groups.getFirst() == KeyExchangeGroup.X25519_MLKEM768 && groups.contains(KeyExchangeGroup.X25519)) {
            // A server without the hybrid can go on with the small share at once, for 36 bytes more.
            return ids(List.of(KeyExchangeGroup.X25519_MLKEM768, KeyExchangeGroup.X25519));
        }
        return ids(groups.subList(0, 1));
    }

    @Override
    protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
        return SignatureSchemes.accepted();
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        return protocolNames(settings.applicationProtocols());
    }

    @Override
    protected Vector<ServerName> getSNIServerNames() {
        if (!serverName.dns()) {
            return null; // RFC 6066 §3: no literal addresses
        }
        return new Vector<>(
                List.of(new ServerName(NameType.host_name, serverName.text().getBytes(StandardCharsets.US_ASCII))));
    }

    @Override
    protected CertificateStatusRequest getCertificateStatusRequest() {
        return null;
    }

    @Override
    public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
        return tickets.extensions(withTransportParameters(super.getClientExtensions(), transportParameters));
    }

    @Override
    public Vector<TlsPSKExternal> getExternalPSKs() {
        return tickets.offer();
    }

    @Override
    public short[] getPskKeyExchangeModes() {
        return ClientTickets.keyExchangeModes();
    }

    @Override
    public void notifySelectedPSK(TlsPSK selected) {
        if (selected != null) {
            state.onResumed(tickets.offered().peerCertificates());
        }
    }

    @Override
    public void processServerExtensions(@SuppressWarnings("rawtypes") Hashtable extensions) // as inherited
            throws IOException {
        super.processServerExtensions(extensions);
        ProtocolName chosen = TlsExtensionsUtils.getALPNExtensionServer(extensions);
        if (chosen == null) {
            // RFC 9001 §8.1: a connection without an application protocol must not go on.
            throw new HandshakeRejection(
                    AlertDescription.no_application_protocol,
                    "the server chose none of the application protocols " + settings.applicationProtocols());
        }
        String name = chosen.getUtf8Decoding();
        if (!settings.applicationProtocols().contains(name)) {
            throw new HandshakeRejection(
                    AlertDescription.illegal_parameter,
                    "the server chose an application protocol that was not offered");
        }
        state.applicationProtocol = name;
        state.earlyData = TlsExtensionsUtils.hasEarlyDataIndication(extensions);
        if (state.earlyData
                && !tickets.mayBeTakenEarly(
                        state, context.getSecurityParametersHandshake().getCipherSuite())) {
            // RFC 8446 §4.2.10: only for the session, the suite and the protocol that it was sent under.
            throw new HandshakeRejection(
                    AlertDescription.illegal_parameter, "the server took early data that it should not have");
        }
        state.onTransportParameters((byte[]) extensions.get(QuicTlsSession.TRANSPORT_PARAMETERS));
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
                if (certificate == null || certificate.getCertificate().isEmpty()) {
                    throw new HandshakeRejection(AlertDescription.decode_error, "the server sent no certificate");
                }
                state.onPeerCertificates(certificate.getCertificate(), settings.verifier(), serverName);
            }

            @Override
            public TlsCredentials getClientCredentials(CertificateRequest request) {
                // Null sends an empty Certificate message; whether that is enough is the server's decision.
                return settings.identity() == null
                        ? null
                        : SigningIdentity.signer(
                                settings.identity().candidates(null),
                                context,
                                request.getSupportedSignatureAlgorithms());
            }
        };
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        if (state.peerCertificates.isEmpty()) {
            throw new HandshakeRejection(AlertDescription.internal_error, "the server was not authenticated");
        }
        state.onComplete(true);
    }

    static Hashtable<Integer, byte[]> withTransportParameters(Hashtable<?, ?> inherited, byte[] transportParameters) {
        Hashtable<Integer, byte[]> extensions = new Hashtable<>();
        inherited.forEach((type, body) -> extensions.put((Integer) type, (byte[]) body));
        extensions.put(QuicTlsSession.TRANSPORT_PARAMETERS, transportParameters);
        return extensions;
    }

    static Vector<Integer> ids(List<KeyExchangeGroup> groups) {
        Vector<Integer> ids = new Vector<>(groups.size());
        for (KeyExchangeGroup group : groups) {
            ids.add(group.id());
        }
        return ids;
    }

    static Vector<ProtocolName> protocolNames(List<String> names) {
        Vector<ProtocolName> vector = new Vector<>(names.size());
        for (String name : names) {
            vector.add(ProtocolName.asUtf8Encoding(name));
        }
        return vector;
    }
}
