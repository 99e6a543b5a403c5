package io.stoq.tls.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server has to know of a session to resume it, and seals into the ticket rather than to keep it. RFC 8446 §4.6.1.
 *
 * @param psk secret; the array belongs to the record
 * @param issuedAtMs in milliseconds since 1970
 * @param serverName the name that was asked for, or null
 * @param issuer of the server that gave it, which alone takes early data with it; empty where it takes none
 * @param transportParameters of that server, which the client goes by with early data. RFC 9000 §7.4.1
 * @param clientCertificates what the client showed, to be looked at again when it comes back
 */
record TicketState(
        int cipherSuite,
        int ageAdd,
        long issuedAtMs,
        byte[] psk,
        String applicationProtocol,
        String serverName,
        byte[] issuer,
        byte[] transportParameters,
        List<X509Certificate> clientCertificates) {

    /** The longest state that is sealed, in bytes: a ticket is part of the client's first flight. */
    static final int MAX_BYTES = 8192;

    private static final int FORMAT = 1;

    /** The encoding, or null where it would be longer than {@link #MAX_BYTES}. */
    byte[] encode() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(FORMAT);
            out.writeShort(cipherSuite);
            out.writeInt(ageAdd);
            out.writeLong(issuedAtMs);
            out.writeByte(psk.length);
            out.write(psk);
            out.writeUTF(applicationProtocol);
            out.writeUTF(serverName == null ? "" : serverName);
            out.writeByte(issuer.length);
            out.write(issuer);
            out.writeShort(transportParameters.length);
            out.write(transportParameters);
            out.writeByte(clientCertificates.size());
            for (X509Certificate certificate : clientCertificates) {
                byte[] der = certificate.getEncoded();
                if (bytes.size() + der.length > MAX_BYTES) {
                    return null;
                }
                out.writeShort(der.length);
                out.write(der);
            }
            return bytes.size() > MAX_BYTES ? null : bytes.toByteArray();
        } catch (IOException | CertificateException e) {
            return null; // a certificate without an encoding; the session is not resumed, that is all
        }
    }

    /** The state, or null where the bytes are of another format, such as that of a later version. */
    static TicketState decode(byte[] encoded) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded));
            if (in.readByte() != FORMAT) {
                return null;
            }
            int cipherSuite = in.readUnsignedShort();
            int ageAdd = in.readInt();
            long issuedAtMs = in.readLong();
            byte[] psk = in.readNBytes(in.readUnsignedByte());
            String applicationProtocol = in.readUTF();
            String serverName = in.readUTF();
            byte[] issuer = in.readNBytes(in.readUnsignedByte());
            byte[] transportParameters = in.readNBytes(in.readUnsignedShort());
            return new TicketState(
                    cipherSuite,
                    ageAdd,
                    issuedAtMs,
                    psk,
                    applicationProtocol,
                    serverName.isEmpty() ? null : serverName,
                    issuer,
                    transportParameters,
                    readCertificates(in));
        } catch (IOException | CertificateException e) {
            return null;
        }
    }

    private static List<X509Certificate> readCertificates(DataInputStream in) throws IOException, CertificateException {
        int count = in.readUnsignedByte();
        List<X509Certificate> certificates = new ArrayList<>(count);
        CertificateFactory factory = count == 0 ? null : CertificateFactory.getInstance("X.509");
        for (int i = 0; i < count; i++) {
            byte[] der = in.readNBytes(in.readUnsignedShort());
            certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
        }
        return List.copyOf(certificates);
    }
}
