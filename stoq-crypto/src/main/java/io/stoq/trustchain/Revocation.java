package io.stoq.trustchain;

import java.math.BigInteger;
import java.time.Instant;

/**
 * That a certificate is no longer to be trusted.
 *
 * @param serial of the certificate
 * @param at when it was revoked, whole seconds
 * @param expires when the certificate's time is over anyway, whole seconds
 */
public record Revocation(BigInteger serial, RevocationReason reason, Instant at, Instant expires) {}
