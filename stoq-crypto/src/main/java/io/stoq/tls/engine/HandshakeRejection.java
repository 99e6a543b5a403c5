package io.stoq.tls.engine;

import org.bouncycastle.tls.TlsFatalAlert;

/** Why this side ends the handshake: an alert for the peer, and words for the reader of a log. */
public final class HandshakeRejection extends TlsFatalAlert {

    private static final long serialVersionUID = 1L;

    private final String reason;

    HandshakeRejection(int alert, String reason) {
        this(alert, reason, null);
    }

    HandshakeRejection(int alert, String reason, Throwable cause) {
        super((short) alert, reason, cause);
        this.reason = reason;
    }

    /** The words alone. */
    public String reason() {
        return reason;
    }
}
