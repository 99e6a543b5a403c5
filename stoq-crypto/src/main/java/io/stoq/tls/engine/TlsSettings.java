package io.stoq.tls.engine;

import java.util.List;
import java.util.function.Consumer;

/**
 * What all sessions of one configuration share. Immutable by use: the arrays belong to it and are not changed.
 *
 * @param identity null where this side has none, which only a client may
 * @param applicationProtocols in order of preference, not empty
 * @param cipherSuites as TLS numbers them, in order of preference
 * @param groups in order of preference; a client sends its key share for the first
 * @param wantClientCertificate whether a server asks for one; true where it requires one
 * @param keyLog takes lines of the NSS key log format, or null; called on the thread that runs the handshake
 */
public record TlsSettings(
        IdentitySelector identity,
        PeerVerifier verifier,
        List<String> applicationProtocols,
        int[] cipherSuites,
        List<KeyExchangeGroup> groups,
        boolean wantClientCertificate,
        boolean requireClientCertificate,
        Consumer<String> keyLog,
        Resumption resumption) {}
