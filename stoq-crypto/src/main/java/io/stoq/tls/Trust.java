package io.stoq.tls;

import io.stoq.pem.Pem;
import io.stoq.tls.engine.HandshakeRejection;
import io.stoq.tls.engine.PathVerifier;
import io.stoq.tls.engine.PeerName;
import io.stoq.tls.engine.PeerVerifier;
import io.stoq.tls.engine.PinVerifier;
import io.stoq.tls.engine.StaleListVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom to believe: decides whether a peer's certificate is accepted. Immutable, for any number of threads.
 *
 * <p>All but {@link #insecure()}, {@link #fingerprint} and {@link #publicKey} also demand that a server's certificate is for the name or
 * IPv6 address that was connected to, RFC 9110 §4.3.4.
 */
public final class Trust {

    private static final Pattern SHA256_HEX = Pattern.compile("[0-9a-f]{64}");
    private static final Trust PLATFORM = new Trust("platform", new PathVerifier(() -> PlatformAuthorities.MANAGER));
    private static final Trust INSECURE = new Trust("insecure", (chain, asked) -> {});

    private final String description;
    private final PeerVerifier verifier;

    private Trust(String description, PeerVerifier verifier) {
        this.description = description;
        this.verifier = verifier;
    }

    /** The public authorities that the Java platform comes with or is configured for. */
    public static Trust platform() {
        return PLATFORM;
    }

    /**
     * The authorities of a PEM file, and no others.
     *
     * @throws IllegalArgumentException where the file cannot be read or has no certificate
     */
    public static Trust pem(Path certificates) {
        return of(certificates.toString(), Pem.of(certificates).certificates());
    }

    /**
     * The authorities of a PEM file, and no others, but none of the certificates that a revocation list names. A peer whose
     * issuer has no list there, or one that is out of date, is refused: nothing is known of it. RFC 5280 §5.
     *
     * @param revocationLists PEM file with {@code X509 CRL} blocks, read once; {@link LiveTrust} reads it again and again
     * @throws IllegalArgumentException where a file cannot be read or has nothing of its kind
     */
    public static Trust pem(Path certificates, Path revocationLists) {
        return pem(certificates, revocationLists, UnknownRevocation.REFUSED);
    }

    /**
     * As {@link #pem(Path, Path)}, with a word on what the lists do not speak of.
     *
     * @param unknown what becomes of a peer whose issuer has no list there, or only one that is out of date
     */
    public static Trust pem(Path certificates, Path revocationLists, UnknownRevocation unknown) {
        return of(
                certificates + " without " + revocationLists,
                Pem.of(certificates).certificates(),
                Pem.of(revocationLists).revocationLists(),
                unknown);
    }

    /**
     * These authorities and no others; a self-signed certificate is its own.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Trust certificates(X509Certificate... authorities) {
        return of(authorities.length + " certificates", List.of(authorities));
    }

    /**
     * Exactly the peers whose own certificate has one of these SHA-256 fingerprints. Neither name nor issuer nor dates
     * are looked at: the certificate is known.
     *
     * @param sha256Hex 64 hex digits, colons between bytes allowed; see {@link Identity#sha256Fingerprint()}
     * @throws IllegalArgumentException where there is none, or one is no SHA-256
     */
    public static Trust fingerprint(String... sha256Hex) {
        Set<String> pins = pins(
                "fingerprint",
                "Identity.sha256Fingerprint()",
                "openssl x509 -noout -fingerprint -sha256 -in FILE",
                sha256Hex);
        return new Trust("fingerprint " + pins, PinVerifier.ofCertificates(pins));
    }

    /**
     * Exactly the peers that have one of these keys, by the SHA-256 of its encoding (SubjectPublicKeyInfo, RFC 7469 §2.4).
     * Certificates may be renewed with the same key. Neither name nor issuer nor dates are looked at: the key is known.
     *
     * @param sha256Hex 64 hex digits, colons between bytes allowed; see {@link Identity#publicKeySha256()}
     * @throws IllegalArgumentException where there is none, or one is no SHA-256
     */
    public static Trust publicKey(String... sha256Hex) {
        Set<String> pins = pins(
                "public key",
                "Identity.publicKeySha256()",
                "openssl x509 -noout -pubkey -in FILE | openssl pkey -pubin -outform DER | openssl sha256",
                sha256Hex);
        return new Trust("public key " + pins, PinVerifier.ofKeys(pins));
    }

    private static Set<String> pins(String what, String source, String command, String... sha256Hex) {
        if (sha256Hex.length == 0) {
            throw new IllegalArgumentException("no " + what + "; give the peer's " + source);
        }
        Set<String> pins = new HashSet<>();
        for (String given : sha256Hex) {
            String pin = given.replace(":", "").toLowerCase(Locale.ROOT);
            if (!SHA256_HEX.matcher(pin).matches()) {
                throw new IllegalArgumentException(
                        "\"" + given + "\" is no SHA-256 of 64 hex digits; " + command + " prints one");
            }
            pins.add(pin);
        }
        return pins;
    }

    /** Everyone. Only for tests on one machine: whoever sits between the peers can read and change all. */
    public static Trust insecure() {
        return INSECURE;
    }

    /**
     * What {@code manager} accepts and is not out of date.
     *
     * @param manager is given an engine that names the server and asks for identification by "HTTPS"; it must check the
     *     name, as the platform's managers do
     */
    public static Trust manager(X509ExtendedTrustManager manager) {
        if (manager == null) {
            throw new IllegalArgumentException("no trust manager; Trust.platform() has a default");
        }
        return new Trust(manager.getClass().getName(), new PathVerifier(() -> manager));
    }

    /**
     * Looks at a certificate chain as a handshake would.
     *
     * @param chain the peer's own first
     * @param serverName DNS name or IPv6 address that is connected to; null where the peer is a client
     * @throws CertificateException whose message says why the chain is refused
     */
    public void check(List<X509Certificate> chain, String serverName) throws CertificateException {
        decide(chain, serverName, verifier::verify);
    }

    /**
     * Decides anew, by what is trusted now, on a chain that was accepted before: when a session is resumed, or a connection
     * taken out of a pool. It is what {@link #check} says, with dates held against {@code now} too.
     *
     * @param chain as the full handshake showed it, the peer's own first
     * @param serverName as in {@link #check}
     * @throws CertificateException whose message says why the chain is refused
     */
    public void recheck(List<X509Certificate> chain, String serverName, Instant now) throws CertificateException {
        decide(chain, serverName, (certificates, asked) -> verifier.recheck(certificates, asked, now));
    }

    private static void decide(List<X509Certificate> chain, String serverName, PeerVerifier verifier)
            throws CertificateException {
        if (chain.isEmpty()) {
            throw new CertificateException("there is no certificate");
        }
        try {
            verifier.verify(chain.toArray(X509Certificate[]::new), serverName == null ? null : PeerName.of(serverName));
        } catch (IOException e) {
            throw new CertificateException(
                    e instanceof HandshakeRejection rejection ? rejection.reason() : e.getMessage(), e);
        }
    }

    PeerVerifier verifier() {
        return verifier;
    }

    @Override
    public String toString() {
        return "Trust[" + description + "]";
    }

    static Trust of(
            String description, List<X509Certificate> authorities, List<X509CRL> lists, UnknownRevocation unknown) {
        PathVerifier path = new PathVerifier(revocable(storeOf(authorities), lists, unknown));
        return new Trust(
                description, unknown == UnknownRevocation.ACCEPTED ? new StaleListVerifier(path, lists) : path);
    }

    static Trust of(String description, List<X509Certificate> authorities) {
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("no certificate to trust; Trust.platform() has the public authorities");
        }
        KeyStore store = storeOf(authorities);
        X509ExtendedTrustManager manager = managerOf(factory -> factory.init(store));
        return new Trust(description, new PathVerifier(() -> manager));
    }

    private static KeyStore storeOf(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("these certificates cannot be authorities: " + e.getMessage(), e);
        }
    }

    private static Supplier<X509ExtendedTrustManager> revocable(
            KeyStore authorities, List<X509CRL> lists, UnknownRevocation unknown) {
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(authorities, new X509CertSelector());
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            // The lists at hand and nothing from the network; authorities are revoked by trusting them no more.
            Set<PKIXRevocationChecker.Option> options = EnumSet.of(
                    PKIXRevocationChecker.Option.PREFER_CRLS,
                    PKIXRevocationChecker.Option.NO_FALLBACK,
                    PKIXRevocationChecker.Option.ONLY_END_ENTITY);
            if (unknown == UnknownRevocation.ACCEPTED) {
                options.add(PKIXRevocationChecker.Option.SOFT_FAIL);
            }
            checker.setOptions(options);
            parameters.addCertPathChecker(checker);
            X509ExtendedTrustManager manager =
                    managerOf(factory -> factory.init(new CertPathTrustManagerParameters(parameters)));
            return () -> manager;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("these revocation lists cannot be used: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager managerOf(Initialization initialization) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            initialization.apply(factory);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new IllegalStateException(
                    "no X509ExtendedTrustManager among " + Arrays.toString(factory.getTrustManagers()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform cannot verify certificates: " + e.getMessage(), e);
        }
    }

    /** Tells a factory whom its managers trust. */
    private interface Initialization {

        void apply(TrustManagerFactory factory) throws GeneralSecurityException;
    }

    /** Loaded where it is first used: there are a hundred and more. */
    private static final class PlatformAuthorities {

        static final X509ExtendedTrustManager MANAGER = managerOf(factory -> factory.init((KeyStore) null));
    }
}
