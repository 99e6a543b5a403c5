package io.stoq.trustchain;

import io.stoq.tls.engine.PeerName;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** Whom a certificate is for. */
final class Subject {

    private static final int MAX_NAMES = 100;
    private static final int MAX_COMMON_NAME_CHARS = 64; // RFC 5280 appendix A.1, ub-common-name
    private static final Set<Integer> NAME_TYPES = Set.of(GeneralName.dNSName, GeneralName.iPAddress);

    private Subject() {}

    /**
     * @param source what errors call the one that asks
     * @throws TrustChainException where there is none, too many, or one is neither a DNS name nor an IPv6 address
     */
    static List<PeerName> names(String source, List<String> names) throws TrustChainException {
        if (names.isEmpty() || names.size() > MAX_NAMES) {
            throw new TrustChainException(source + " asks for " + names.size() + " names; give 1 to " + MAX_NAMES
                    + " DNS names and IPv6 addresses that peers connect to");
        }
        List<PeerName> peers = new ArrayList<>();
        try {
            for (String name : names) {
                peers.add(PeerName.of(name));
            }
        } catch (IllegalArgumentException e) {
            throw new TrustChainException(source + ": " + e.getMessage(), e);
        }
        return peers.stream().distinct().toList();
    }

    /** The DNS names and IP addresses of a certificate, as texts. */
    static List<String> namesOf(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (NAME_TYPES.contains(name.get(0))) {
                    names.add(String.valueOf(name.get(1)));
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return names;
    }

    static GeneralNames alternatives(List<PeerName> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(name.dns() ? GeneralName.dNSName : GeneralName.iPAddress, name.text()))
                .toArray(GeneralName[]::new));
    }

    /** For people: programs look at the alternative names only. */
    static X500Name of(List<PeerName> names) {
        String first = names.getFirst().text();
        return common(first.length() <= MAX_COMMON_NAME_CHARS ? first : "node");
    }

    static String commonName(X509Certificate certificate) {
        X500Name subject =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        return IETFUtils.valueToString(subject.getRDNs(BCStyle.CN)[0].getFirst().getValue());
    }

    static X500Name common(String name) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }
}
