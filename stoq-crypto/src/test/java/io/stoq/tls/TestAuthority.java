package io.stoq.tls;

import io.stoq.pem.Pem;
import io.stoq.tls.engine.PeerName;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for one test. */
public final class TestAuthority {

    private static int serial = 1;

    private final String name;
    private final KeyPair pair;
    private final List<X509Certificate> path;

    private TestAuthority(String name, KeyPair pair, List<X509Certificate> path) {
        this.name = name;
        this.pair = pair;
        this.path = path;
    }

    public static TestAuthority root(String name) {
        KeyPair pair = keys("P-256");
        X509Certificate certificate = sign(name, pair, name, pair.getPrivate(), true, Duration.ZERO, null);
        return new TestAuthority(name, pair, List.of(certificate));
    }

    public TestAuthority intermediate(String child) {
        KeyPair childPair = keys("P-256");
        List<X509Certificate> longer = new ArrayList<>();
        longer.add(sign(child, childPair, name, pair.getPrivate(), true, Duration.ZERO, null));
        longer.addAll(path);
        return new TestAuthority(child, childPair, longer);
    }

    public X509Certificate certificate() {
        return path.getFirst();
    }

    public Identity issue(String dnsOrIpv6) {
        return issue("P-256", Duration.ZERO, KeyPurposeId.id_kp_serverAuth, dnsOrIpv6);
    }

    public Identity issueClient(String commonName) {
        return issue("P-256", Duration.ZERO, KeyPurposeId.id_kp_clientAuth, commonName);
    }

    /** @param shift moves the validity of an hour before to an hour after now */
    public Identity issue(String keyKind, Duration shift, KeyPurposeId purpose, String... names) {
        KeyPair leaf = keys(keyKind);
        X509Certificate certificate = sign(names[0], leaf, name, pair.getPrivate(), false, shift, purpose, names);
        List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
        chain.addAll(path.subList(0, path.size() - 1));
        return Identity.of(chain, leaf.getPrivate());
    }

    /** A PEM text: these and no others were revoked. */
    public String revocationList(Instant made, Duration lifetime, Identity... revoked) {
        try {
            X509v2CRLBuilder builder = new X509v2CRLBuilder(new X500Name("CN=" + name), Date.from(made));
            builder.setNextUpdate(Date.from(made.plus(lifetime)));
            for (Identity identity : revoked) {
                builder.addCRLEntry(
                        identity.certificates().getFirst().getSerialNumber(), Date.from(made), CRLReason.keyCompromise);
            }
            byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                    .getEncoded();
            return Pem.block("X509 CRL", der);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair keys(String kind) {
        try {
            KeyPairGenerator generator = switch (kind) {
                case "RSA" -> KeyPairGenerator.getInstance("RSA");
                case "Ed25519" -> KeyPairGenerator.getInstance("Ed25519");
                default -> KeyPairGenerator.getInstance("EC");
            };
            if (kind.equals("RSA")) {
                generator.initialize(2048);
            } else if (kind.startsWith("P-")) {
                generator.initialize(new ECGenParameterSpec("secp" + kind.substring(2) + "r1"));
            }
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public static X509Certificate sign(
            String subject,
            KeyPair keys,
            String issuer,
            PrivateKey issuerKey,
            boolean authority,
            Duration shift,
            KeyPurposeId purpose,
            String... names) {
        try {
            Instant middle = Instant.now().plus(shift);
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    new X500Name("CN=" + issuer),
                    BigInteger.valueOf(serial++),
                    Date.from(middle.minus(Duration.ofHours(1))),
                    Date.from(middle.plus(Duration.ofHours(1))),
                    new X500Name("CN=" + subject),
                    SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (purpose != null) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            }
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
            }
            String algorithm = switch (issuerKey.getAlgorithm()) {
                case "EC" -> "SHA256withECDSA";
                case "RSA" -> "SHA256withRSA";
                default -> "Ed25519";
            };
            byte[] der = builder.build(new JcaContentSignerBuilder(algorithm).build(issuerKey))
                    .getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static GeneralNames alternatives(String... names) {
        GeneralName[] alternatives = new GeneralName[names.length];
        for (int i = 0; i < names.length; i++) {
            PeerName name = PeerName.of(names[i]);
            alternatives[i] = new GeneralName(name.dns() ? GeneralName.dNSName : GeneralName.iPAddress, name.text());
        }
        return new GeneralNames(alternatives);
    }
}
