package io.stoq.tls;

import io.stoq.tls.engine.PathVerifier;
import io.stoq.tls.engine.PeerVerifier;
import io.stoq.tls.engine.PinVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom to believe: decides whether a peer's certificate is accepted. Immutable, for any number of threads.
 *
 * <p>All but {@link #insecure()} and {@link #fingerprint} also demand that a server's certificate is for the name or
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
        if (sha256Hex.length == 0) {
            throw new IllegalArgumentException("no fingerprint; give the peer's Identity.sha256Fingerprint()");
        }
        Set<String> pins = new HashSet<>();
        for (String fingerprint : sha256Hex) {
            String pin = fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
            if (!SHA256_HEX.matcher(pin).matches()) {
                throw new IllegalArgumentException("\"" + fingerprint + "\" is no SHA-256 fingerprint of 64 hex"
                        + " digits; openssl x509 -noout -fingerprint -sha256 -in FILE prints one");
            }
            pins.add(pin);
        }
        return new Trust("fingerprint " + pins, new PinVerifier(pins));
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

    PeerVerifier verifier() {
        return verifier;
    }

    @Override
    public String toString() {
        return "Trust[" + description + "]";
    }

    private static Trust of(String description, List<X509Certificate> authorities) {
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("no certificate to trust; Trust.platform() has the public authorities");
        }
        X509ExtendedTrustManager manager = managerOf(storeOf(authorities));
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

    /** @param store null for the platform's authorities */
    private static X509ExtendedTrustManager managerOf(KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
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

    /** Loaded where it is first used: there are a hundred and more. */
    private static final class PlatformAuthorities {

        static final X509ExtendedTrustManager MANAGER = managerOf(null);
    }
}
