package io.stoq.tls;

/** What becomes of peers of which revocation lists do not tell whether they were revoked. */
public enum UnknownRevocation {
    /** They are refused: whoever keeps a list away from here gains nothing. The default. */
    REFUSED,
    /**
     * They are accepted, so that a list that comes late stops nobody. What a list names is refused all the same, however old
     * the list is.
     */
    ACCEPTED
}
