package io.stoq.trustchain;

import io.stoq.tls.engine.PeerName;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;

/**
 * Which names an authority certifies: DNS names under some domains and addresses under some prefixes, or all where
 * neither is given. It stands in the issuing certificate as name constraints, so that peers hold the authority to it.
 * RFC 5280 §4.2.1.10.
 */
record NamePolicy(List<String> domains, List<Ipv6Prefix> prefixes) {

    /** No name is under this domain, RFC 6761 §6.4: permitted where no DNS name is. */
    private static final String NO_DOMAIN = "invalid";

    /** No node has this address, RFC 4291 §2.5.2: permitted where no address is. */
    private static final Ipv6Prefix NO_PREFIX = Ipv6Prefix.of("::/128");

    NamePolicy {
        domains = List.copyOf(domains);
        prefixes = List.copyOf(prefixes);
    }

    /**
     * @param permitted domains and IPv6 prefixes
     * @throws IllegalArgumentException where one is neither
     */
    static NamePolicy of(List<String> permitted) {
        List<String> domains = new ArrayList<>();
        List<Ipv6Prefix> prefixes = new ArrayList<>();
        for (String name : permitted) {
            if (name.indexOf(':') >= 0) {
                prefixes.add(Ipv6Prefix.of(name));
            } else {
                domains.add(PeerName.of(name).text());
            }
        }
        return new NamePolicy(domains, prefixes);
    }

    /** What an issuing certificate says. */
    static NamePolicy of(X509Certificate issuing) {
        List<String> domains = new ArrayList<>();
        List<Ipv6Prefix> prefixes = new ArrayList<>();
        byte[] extension = issuing.getExtensionValue(Extension.nameConstraints.getId());
        if (extension != null) {
            NameConstraints constraints = NameConstraints.getInstance(
                    ASN1OctetString.getInstance(extension).getOctets());
            for (GeneralSubtree subtree : constraints.getPermittedSubtrees()) {
                GeneralName base = subtree.getBase();
                switch (base.getTagNo()) {
                    case GeneralName.dNSName -> domains.add(base.getName().toString());
                    case GeneralName.iPAddress ->
                        prefixes.add(Ipv6Prefix.ofOctets(
                                ASN1OctetString.getInstance(base.getName()).getOctets()));
                    default -> {} // node certificates have no names of other kinds
                }
            }
        }
        return new NamePolicy(domains, prefixes);
    }

    boolean permitsAll() {
        return domains.isEmpty() && prefixes.isEmpty();
    }

    /** @throws TrustChainException where a name may not be certified */
    void check(String source, List<PeerName> names) throws TrustChainException {
        for (PeerName name : names) {
            if (!permitsAll() && !permits(name)) {
                throw new TrustChainException(source + " asks for " + name.text()
                        + ", which this authority may not certify; it may certify " + this);
            }
        }
    }

    NameConstraints constraints() {
        List<String> dns = domains.isEmpty() ? List.of(NO_DOMAIN) : domains;
        List<Ipv6Prefix> ip = prefixes.isEmpty() ? List.of(NO_PREFIX) : prefixes;
        Stream<GeneralName> dnsNames = dns.stream().map(domain -> new GeneralName(GeneralName.dNSName, domain));
        Stream<GeneralName> addresses =
                ip.stream().map(prefix -> new GeneralName(GeneralName.iPAddress, new DEROctetString(prefix.octets())));
        return new NameConstraints(
                Stream.concat(dnsNames, addresses).map(GeneralSubtree::new).toArray(GeneralSubtree[]::new), null);
    }

    private boolean permits(PeerName name) {
        if (name.dns()) {
            return domains.stream()
                    .anyMatch(
                            domain -> name.text().equals(domain) || name.text().endsWith("." + domain));
        }
        byte[] address = InetAddress.ofLiteral(name.text()).getAddress();
        return prefixes.stream().anyMatch(prefix -> prefix.contains(address));
    }

    @Override
    public String toString() {
        if (permitsAll()) {
            return "every name";
        }
        return Stream.concat(
                        domains.stream().filter(domain -> !domain.equals(NO_DOMAIN)),
                        prefixes.stream()
                                .map(Ipv6Prefix::toString)
                                .filter(prefix -> !prefix.equals(NO_PREFIX.toString())))
                .toList()
                .toString();
    }
}
