package io.stoq.tls.engine;

import java.util.List;

/** Which certificate chains a side may show. Asked in each handshake, on whatever thread runs it. */
@FunctionalInterface
public interface IdentitySelector {

    /**
     * Those that fit, in order of preference: the first whose key makes a signature that the peer takes is shown.
     *
     * @param serverName the DNS name that a server was asked for (SNI, RFC 6066 §3), in lower case; null where none was
     */
    List<SigningIdentity> candidates(String serverName);
}
