package io.stoq.trustchain;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A certificate of the log and what became of it.
 *
 * @param index of its entry
 */
public record LoggedCertificate(long index, X509Certificate certificate, Optional<Revocation> revocation) {

    /** What a certificate is worth. */
    public enum State {
        VALID,
        EXPIRED,
        REVOKED
    }

    /** Revoked where it ever was; else expired or valid at that time. */
    public State state(Instant now) {
        if (revocation.isPresent()) {
            return State.REVOKED;
        }
        return now.isAfter(certificate.getNotAfter().toInstant()) ? State.EXPIRED : State.VALID;
    }

    /** DNS names and IP addresses. */
    public List<String> names() {
        return Subject.namesOf(certificate);
    }
}
