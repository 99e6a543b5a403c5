package io.stoq.tls.engine;

import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.ExtensionType;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsPSKExternal;

/** A client's tickets in one connection: offers one of an earlier connection, and keeps those that come. Confined to its session. */
final class ClientTickets {

    /** How many tickets a connection takes: servers send a few at once and some again from time to time. */
    static final int MAX_TICKETS = 256;

    /** The longest ticket that is kept, in bytes: it is part of the next connection's first flight. */
    static final int MAX_TICKET_BYTES = 1 << 14;

    private final TlsSettings settings;
    private final HandshakeCrypto crypto;
    private final PeerName server;
    private ResumableSession offered;
    private int received;

    ClientTickets(TlsSettings settings, HandshakeCrypto crypto, PeerName server) {
        this.settings = settings;
        this.crypto = crypto;
        this.server = server;
    }

    /** Looks for a session to resume. What its server showed must still be good enough, or there is none. */
    void choose() {
        Resumption resumption = settings.resumption();
        ResumableSession session = resumption.cache().take(server, resumption.nowMs());
        if (session != null && hasSuite(session.cipherSuite()) && isTrusted(session)) {
            offered = session;
        }
    }

    /** The session that the ClientHello offers to resume, or null. */
    ResumableSession offered() {
        return offered;
    }

    /** Whether the ClientHello says that early data follows. */
    boolean offersEarlyData() {
        return offered != null && offered.earlyData() && settings.resumption().earlyData() != null;
    }

    boolean mayBeTakenEarly(HandshakeState state, int cipherSuite) {
        return offersEarlyData()
                && state.resumed
                && cipherSuite == offered.cipherSuite()
                && offered.applicationProtocol().equals(state.applicationProtocol);
    }

    /** @param clientHello the only message so far */
    byte[] earlySecret(Transcript clientHello) throws IOException {
        return ResumptionPsk.earlySecret(crypto, offered.psk(), offered.cipherSuite(), clientHello);
    }

    /** The engine's form of the offer, or null where there is none. */
    Vector<TlsPSKExternal> offer() {
        if (offered == null) {
            return null;
        }
        return new Vector<>(List.of(new BasicTlsPSKExternal(
                offered.ticket(),
                new ResumptionPsk(crypto, offered.psk()),
                SessionSecrets.prfOf(offered.cipherSuite()))));
    }

    /** Only with a new key exchange, so that a stolen ticket key opens no recorded connection. RFC 8446 §2.2. */
    static short[] keyExchangeModes() {
        return new short[] {PskKeyExchangeMode.psk_dhe_ke};
    }

    /** The ClientHello's extensions, which say that tickets are welcome and how old the one on offer is. */
    Hashtable<Integer, byte[]> extensions(Hashtable<Integer, byte[]> extensions) throws IOException {
        TlsExtensionsUtils.addPSKKeyExchangeModesExtension(extensions, keyExchangeModes());
        if (offered == null) {
            return extensions;
        }
        if (offersEarlyData()) {
            TlsExtensionsUtils.addEarlyDataIndication(extensions);
        }
        Hashtable<Integer, byte[]> aged =
                new AgedExtensions(offered, settings.resumption().nowMs());
        aged.putAll(extensions);
        return aged;
    }

    /** A message after the handshake, all of which are tickets. */
    void onMessage(byte[] message, HandshakeState state, int cipherSuite) throws IOException {
        if (++received > MAX_TICKETS) {
            throw new TransportException(TransportErrorCode.PROTOCOL_VIOLATION, "too many session tickets");
        }
        NewSessionTicket ticket = NewSessionTicket.read(message);
        if (ticket.lifetimeSeconds() == 0 || ticket.ticket().length > MAX_TICKET_BYTES) {
            return;
        }
        long nowMs = settings.resumption().nowMs();
        settings.resumption()
                .cache()
                .put(
                        server,
                        new ResumableSession(
                                ticket.ticket(),
                                state.secrets.pskOf(ticket.nonce()),
                                cipherSuite,
                                ticket.ageAdd(),
                                nowMs,
                                nowMs + 1000L * ticket.lifetimeSeconds(),
                                state.applicationProtocol,
                                ticket.earlyData(),
                                state.peerTransportParameters,
                                state.peerCertificates));
    }

    private boolean hasSuite(int cipherSuite) {
        for (int suite : settings.cipherSuites()) {
            if (suite == cipherSuite) {
                return true;
            }
        }
        return false;
    }

    private boolean isTrusted(ResumableSession session) {
        try {
            settings.verifier().verify(session.peerCertificates().toArray(X509Certificate[]::new), server);
            return true;
        } catch (IOException e) {
            return false; // the full handshake that follows says why
        }
    }

    /**
     * Puts the ticket's age into pre_shared_key as it is put in: the engine writes 0 there, and right after that computes the
     * binder over it. RFC 8446 §4.2.11.
     *
     * <pre>
     *   identities: length (2) | ticket: length (2), bytes | obfuscated_ticket_age (4) | ...
     * </pre>
     */
    private static final class AgedExtensions extends Hashtable<Integer, byte[]> {

        private static final long serialVersionUID = 1L;

        private final int ageAt;
        private final int age;

        AgedExtensions(ResumableSession offered, long nowMs) {
            ageAt = 2 + 2 + offered.ticket().length;
            age = offered.obfuscatedAge(nowMs);
        }

        @Override
        public synchronized byte[] put(Integer type, byte[] body) {
            if (type == ExtensionType.pre_shared_key) {
                for (int i = 0; i < Integer.BYTES; i++) {
                    body[ageAt + i] = (byte) (age >>> 8 * (Integer.BYTES - 1 - i));
                }
            }
            return super.put(type, body);
        }
    }
}
