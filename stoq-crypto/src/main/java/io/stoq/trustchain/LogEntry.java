package io.stoq.trustchain;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** What an authority did. Its bytes are a leaf of the log's Merkle tree. */
public sealed interface LogEntry {

    /** A certificate was signed. */
    record Issued(X509Certificate certificate) implements LogEntry {}

    /** A certificate was revoked. */
    record Revoked(Revocation revocation) implements LogEntry {}

    /** First byte of an issued certificate, before its DER. */
    byte ISSUED = 1;

    /** First byte of a revocation, before reason, two times in seconds since 1970, and serial number. */
    byte REVOKED = 2;

    /** The bytes whose leaf hash is in the tree. */
    default byte[] encoded() {
        return switch (this) {
            case Issued(X509Certificate certificate) -> {
                byte[] der = Certificates.der(certificate);
                yield ByteBuffer.allocate(1 + der.length).put(ISSUED).put(der).array();
            }
            case Revoked(Revocation revocation) -> {
                byte[] serial = revocation.serial().toByteArray();
                yield ByteBuffer.allocate(2 + 2 * Long.BYTES + serial.length)
                        .put(REVOKED)
                        .put((byte) revocation.reason().code())
                        .putLong(revocation.at().getEpochSecond())
                        .putLong(revocation.expires().getEpochSecond())
                        .put(serial)
                        .array();
            }
        };
    }

    /** @throws IllegalArgumentException where these are not the bytes of an entry */
    static LogEntry decode(byte[] encoded) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        try {
            byte kind = bytes.get();
            return switch (kind) {
                case ISSUED -> new Issued(Certificates.parse(rest(bytes)));
                case REVOKED -> {
                    RevocationReason reason = RevocationReason.of(bytes.get());
                    Instant at = Instant.ofEpochSecond(bytes.getLong());
                    Instant expires = Instant.ofEpochSecond(bytes.getLong());
                    yield new Revoked(new Revocation(new BigInteger(rest(bytes)), reason, at, expires));
                }
                default -> throw new IllegalArgumentException("unknown kind of entry " + kind);
            };
        } catch (CertificateException | BufferUnderflowException | NumberFormatException e) {
            throw new IllegalArgumentException("unreadable entry: " + e.getMessage(), e);
        }
    }

    private static byte[] rest(ByteBuffer bytes) {
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }
}
