package io.stoq.trustchain;

/** What a certificate authority refuses or cannot do: the message is a sentence that names the file and the reason. */
public final class TrustChainException extends Exception {

    private static final long serialVersionUID = 1L;

    TrustChainException(String message) {
        super(message);
    }

    TrustChainException(String message, Throwable cause) {
        super(message, cause);
    }
}
