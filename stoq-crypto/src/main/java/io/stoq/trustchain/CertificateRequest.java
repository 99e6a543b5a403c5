package io.stoq.trustchain;

import io.stoq.pem.Pem;
import io.stoq.tls.engine.PeerName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * What a node hands to an authority: its public key and the names it wants, signed with its key. RFC 2986. Immutable;
 * whoever has one knows that the signature is right, and with it that the sender has the private key.
 */
public final class CertificateRequest {

    private final String source;
    private final PKCS10CertificationRequest encoded;
    private final PublicKey publicKey;
    private final List<PeerName> names;

    private CertificateRequest(String source, PKCS10CertificationRequest encoded) throws TrustChainException {
        this.source = source;
        this.encoded = encoded;
        this.publicKey = publicKey(source, encoded.getSubjectPublicKeyInfo());
        checkSignature();
        this.names = requestedNames();
    }

    /**
     * Makes a request.
     *
     * @param names DNS names and IPv6 addresses, at least one
     * @throws TrustChainException where a name is neither, or the key is of an unsupported kind
     */
    public static CertificateRequest create(KeyPair keys, List<String> names) throws TrustChainException {
        List<PeerName> peers = Subject.names("the request", names);
        SubjectPublicKeyInfo info =
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
        if (KeyAlgorithm.of(keys.getPublic()).isEmpty()) {
            throw unsupported("the request", info, null);
        }
        try {
            Extension alternatives =
                    Extension.create(Extension.subjectAlternativeName, false, Subject.alternatives(peers));
            PKCS10CertificationRequest encoded = new JcaPKCS10CertificationRequestBuilder(
                            Subject.of(peers), keys.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new Extensions(alternatives))
                    .build(Signing.signer(keys.getPrivate(), keys.getPublic()));
            return new CertificateRequest("the request for " + peers.getFirst().text(), encoded);
        } catch (OperatorCreationException | IOException e) {
            throw new TrustChainException("the request cannot be signed: " + e.getMessage(), e);
        }
    }

    /** @throws TrustChainException naming the file, where it has no right request for a supported key */
    public static CertificateRequest read(Path file) throws TrustChainException {
        try {
            return of(Pem.of(file));
        } catch (IllegalArgumentException e) {
            throw new TrustChainException(e.getMessage(), e);
        }
    }

    /**
     * Takes a PEM text.
     *
     * @param source what errors call it
     * @throws TrustChainException where it has no right request for a supported key
     */
    public static CertificateRequest parse(String source, String pem) throws TrustChainException {
        try {
            return of(Pem.of(source, pem));
        } catch (IllegalArgumentException e) {
            throw new TrustChainException(e.getMessage(), e);
        }
    }

    private static CertificateRequest of(Pem pem) throws TrustChainException {
        return new CertificateRequest(pem.source(), pem.certificationRequest());
    }

    /** The key whose owner has signed the request. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** The DNS names and IPv6 addresses asked for; maybe none. */
    public List<String> names() {
        return names.stream().map(PeerName::text).toList();
    }

    /** One {@code CERTIFICATE REQUEST} block. */
    public String pem() {
        try {
            return Pem.block("CERTIFICATE REQUEST", encoded.getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a request that was read has an encoding", e);
        }
    }

    /** What errors call it: the file's name. */
    String source() {
        return source;
    }

    @Override
    public String toString() {
        return "CertificateRequest[" + source + ", " + names() + "]";
    }

    private void checkSignature() throws TrustChainException {
        boolean right;
        try {
            right = encoded.isSignatureValid(Signing.verifier(publicKey));
        } catch (PKCSException | OperatorCreationException | RuntimeException e) {
            throw new TrustChainException(source + " has a signature that cannot be verified: " + e.getMessage(), e);
        }
        if (!right) {
            throw new TrustChainException(
                    source + " is not signed by its own key; make the request again, with the node's private key");
        }
    }

    private List<PeerName> requestedNames() throws TrustChainException {
        List<PeerName> requested = new ArrayList<>();
        GeneralNames alternatives;
        try {
            Extensions extensions = encoded.getRequestedExtensions();
            alternatives = extensions == null
                    ? null
                    : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
            for (GeneralName name : alternatives == null ? new GeneralName[0] : alternatives.getNames()) {
                requested.add(peerName(name));
            }
        } catch (RuntimeException | UnknownHostException e) {
            throw new TrustChainException(source + " asks for a name that is not possible: " + e.getMessage(), e);
        }
        return requested;
    }

    private static PeerName peerName(GeneralName name) throws UnknownHostException {
        return switch (name.getTagNo()) {
            case GeneralName.dNSName -> PeerName.of(name.getName().toString());
            case GeneralName.iPAddress -> {
                byte[] address = ASN1OctetString.getInstance(name.getName()).getOctets();
                yield PeerName.of(InetAddress.getByAddress(address).getHostAddress());
            }
            default -> throw new IllegalArgumentException(name + " is neither a DNS name nor an IPv6 address");
        };
    }

    private static PublicKey publicKey(String source, SubjectPublicKeyInfo info) throws TrustChainException {
        String algorithm =
                EdECObjectIdentifiers.id_Ed25519.equals(info.getAlgorithm().getAlgorithm()) ? "Ed25519" : "EC";
        PublicKey key;
        try {
            key = KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(info.getEncoded()));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw unsupported(source, info, e);
        }
        if (KeyAlgorithm.of(key).isEmpty()) {
            throw unsupported(source, info, null);
        }
        return key;
    }

    private static TrustChainException unsupported(String source, SubjectPublicKeyInfo info, Exception cause) {
        AlgorithmIdentifier identifier = info.getAlgorithm();
        String kind = identifier.getAlgorithm().getId();
        if (PKCSObjectIdentifiers.rsaEncryption.equals(identifier.getAlgorithm())) {
            kind = "RSA";
        } else if (identifier.getParameters() instanceof ASN1ObjectIdentifier curve) {
            String name = ECNamedCurveTable.getName(curve);
            kind = "ECDSA on " + (name == null ? curve.getId() : name);
        }
        return new TrustChainException(
                source + " has a key of an unsupported kind (" + kind + "); use ECDSA on P-256 or P-384, or Ed25519",
                cause);
    }
}
