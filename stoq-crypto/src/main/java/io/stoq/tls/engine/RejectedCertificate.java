package io.stoq.tls.engine;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.bouncycastle.tls.AlertDescription;

/** Finds the alert and the words for a certificate that was refused. RFC 8446 §6.2. */
final class RejectedCertificate {

    private static final int MAX_CAUSES = 16;

    /** How many of a certificate's names are quoted: some have hundreds. */
    private static final int MAX_NAMES = 8;

    private static final Set<Integer> NAME_TYPES = Set.of(2, 7); // dNSName, iPAddress: RFC 5280 §4.2.1.6

    private RejectedCertificate() {}

    /**
     * Explains a refusal.
     *
     * @param asked the name asked for, or null
     * @param onlyName whether everything but the name is right
     */
    static HandshakeRejection explain(
            CertificateException refusal, X509Certificate[] chain, PeerName asked, boolean onlyName) {
        if (onlyName) {
            return new HandshakeRejection(
                    AlertDescription.bad_certificate,
                    "wrong name: asked for " + asked.text() + ", certificate is for " + namesOf(chain[0]),
                    refusal);
        }
        Throwable cause = refusal;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++, cause = cause.getCause()) {
            HandshakeRejection rejection = explain(cause, refusal, chain);
            if (rejection != null) {
                return rejection;
            }
        }
        return untrustedOrUnknown(refusal, chain);
    }

    private static HandshakeRejection explain(Throwable cause, CertificateException refusal, X509Certificate[] chain) {
        if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
            return outOfDate(refusal, chain, Instant.now());
        }
        if (!(cause instanceof CertPathValidatorException invalid)) {
            return null;
        }
        return switch (invalid.getReason()) {
            case BasicReason.EXPIRED, BasicReason.NOT_YET_VALID -> outOfDate(refusal, chain, Instant.now());
            case BasicReason.REVOKED -> revoked(chain, refusal);
            case BasicReason.UNDETERMINED_REVOCATION_STATUS ->
                new HandshakeRejection(
                        AlertDescription.certificate_unknown,
                        "whether the certificate of " + subject(chain[0]) + " was revoked is unknown: its issuer, "
                                + chain[0].getIssuerX500Principal().getName()
                                + ", has no revocation list here, or one that is out of date",
                        refusal);
            case BasicReason.INVALID_SIGNATURE ->
                new HandshakeRejection(
                        AlertDescription.bad_certificate, "a certificate's signature is not its issuer's", refusal);
            case BasicReason.ALGORITHM_CONSTRAINED ->
                new HandshakeRejection(
                        AlertDescription.bad_certificate,
                        "a certificate uses a key or signature too weak for this platform: " + invalid.getMessage(),
                        refusal);
            default -> null;
        };
    }

    static HandshakeRejection revoked(X509Certificate[] chain, CertificateException refusal) {
        return new HandshakeRejection(
                AlertDescription.certificate_revoked, "certificate of " + subject(chain[0]) + " was revoked", refusal);
    }

    static HandshakeRejection outOfDate(CertificateException refusal, X509Certificate[] chain, Instant now) {
        for (X509Certificate certificate : chain) {
            Instant first = certificate.getNotBefore().toInstant();
            Instant last = certificate.getNotAfter().toInstant();
            String remedy = "; renew it, or set this machine's clock right (it says " + now + ")";
            if (now.isAfter(last)) {
                return new HandshakeRejection(
                        AlertDescription.certificate_expired,
                        "certificate of " + subject(certificate) + " expired at " + last + remedy,
                        refusal);
            }
            if (now.isBefore(first)) {
                return new HandshakeRejection(
                        AlertDescription.certificate_expired,
                        "certificate of " + subject(certificate) + " is valid only from " + first + remedy,
                        refusal);
            }
        }
        return new HandshakeRejection(
                AlertDescription.certificate_expired, "a certificate of the path is out of date", refusal);
    }

    private static HandshakeRejection untrustedOrUnknown(CertificateException refusal, X509Certificate[] chain) {
        Throwable cause = refusal;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++, cause = cause.getCause()) {
            boolean noAnchor = cause instanceof CertPathValidatorException invalid
                    && invalid.getReason() == PKIXReason.NO_TRUST_ANCHOR;
            if (noAnchor || cause instanceof CertPathBuilderException) {
                return new HandshakeRejection(AlertDescription.unknown_ca, untrusted(chain), refusal);
            }
        }
        return new HandshakeRejection(
                AlertDescription.certificate_unknown, "certificate refused: " + refusal.getMessage(), refusal);
    }

    private static String untrusted(X509Certificate[] chain) {
        X509Certificate last = chain[chain.length - 1];
        String issuer = last.getIssuerX500Principal().getName();
        boolean selfSigned = issuer.equals(last.getSubjectX500Principal().getName());
        return "untrusted issuer: the chain of " + subject(chain[0]) + " ends at "
                + (selfSigned ? "the self-signed " : "an issuer that is not known here, ") + issuer
                + "; trust it with Trust.pem(...) or Trust.certificates(...), or pin the peer's certificate with"
                + " Trust.fingerprint(\"" + PinVerifier.fingerprint(chain[0]) + "\")";
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    private static List<String> namesOf(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (NAME_TYPES.contains(name.get(0)) && names.size() < MAX_NAMES) {
                    names.add(String.valueOf(name.get(1)));
                }
            }
        } catch (CertificateParsingException e) {
            names.add("unreadable names");
        }
        if (names.isEmpty()) {
            names.add("no DNS name and no IP address");
        }
        return names;
    }
}
