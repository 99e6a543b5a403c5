package io.stoq.tls;

import io.stoq.tls.engine.PeerName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes identities for tests, first steps, and peers that pin each other. */
final class SelfSigned {

    private static final Duration VALID = Duration.ofDays(30);

    /** Peers' clocks may be behind. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    /** RFC 5280 §4.1.2.2 allows 20 bytes; 16 random ones do not repeat. */
    private static final int SERIAL_BITS = 127;

    private static final int MAX_COMMON_NAME_CHARS = 64; // RFC 5280 appendix A.1, ub-common-name

    private SelfSigned() {}

    static Identity identity(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("no name; give the DNS names or IPv6 addresses that clients connect to");
        }
        GeneralName[] alternatives = new GeneralName[names.length];
        for (int i = 0; i < names.length; i++) {
            alternatives[i] = generalName(names[i]);
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return Identity.of(List.of(certificate(names[0], alternatives, pair)), pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("this Java platform cannot make ECDSA certificates: " + e.getMessage(), e);
        }
    }

    private static GeneralName generalName(String name) {
        if (name.startsWith("*.")) {
            return new GeneralName(
                    GeneralName.dNSName, "*." + PeerName.of(name.substring(2)).text());
        }
        PeerName peer = PeerName.of(name);
        return new GeneralName(peer.dns() ? GeneralName.dNSName : GeneralName.iPAddress, peer.text());
    }

    private static X509Certificate certificate(String name, GeneralName[] alternatives, KeyPair pair)
            throws IOException, OperatorCreationException, GeneralSecurityException {
        PublicKey key = pair.getPublic();
        Instant from = Instant.now().minus(BACKDATED);
        X500Name subject = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, name.length() <= MAX_COMMON_NAME_CHARS ? name : "STOQ")
                .build();
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                subject,
                new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE),
                Date.from(from),
                Date.from(from.plus(VALID)),
                subject,
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
        }));
        X509CertificateHolder holder =
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
    }
}
