package io.stoq.protection;

import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.PacketProtection;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.Objects;
import javax.crypto.Cipher;

/**
 * Packet protection by ciphers of the Java Cryptography Architecture: AES-128-GCM, AES-256-GCM and ChaCha20-Poly1305.
 * Thread-safe. RFC 9001 §5.
 */
public final class JcaPacketProtection implements PacketProtection {

    private final CipherSource ciphers;

    private JcaPacketProtection(CipherSource ciphers) {
        this.ciphers = ciphers;
    }

    /** By the JDK's own provider, SunJCE, whatever the order of providers; without it, by the first with AES-GCM. */
    public static JcaPacketProtection create() {
        Provider provider = Security.getProvider("SunJCE");
        return of(provider != null ? provider : firstWithAesGcm());
    }

    /**
     * By a given provider; the platform's fill in for ciphers other than AES-GCM that it lacks.
     *
     * @throws IllegalArgumentException if the provider has no AES-GCM
     */
    public static JcaPacketProtection of(Provider provider) {
        Objects.requireNonNull(provider, "provider");
        try {
            Cipher.getInstance(AeadSuite.AES_128_GCM.transformation, provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "security provider " + provider.getName() + " has no " + AeadSuite.AES_128_GCM.transformation
                            + "; give one that has, or use create()",
                    e);
        }
        return new JcaPacketProtection(new CipherSource(provider));
    }

    /**
     * By the provider of a name: one of the Java runtime's list, or of the class or module path.
     *
     * @throws IllegalArgumentException if there is none of that name, or it has no AES-GCM
     */
    public static JcaPacketProtection of(String providerName) {
        Provider installed = Security.getProvider(providerName);
        JcaPacketProtection protection = of(installed != null ? installed : ProviderPath.find(providerName));
        AeadSelection.announce(protection);
        return protection;
    }

    @Override
    public PacketKeys initialKeys(byte[] destinationConnectionId, boolean client) {
        return new JcaPacketKeys(TrafficSecret.initial(destinationConnectionId, client), ciphers);
    }

    /** @throws IllegalArgumentException if the suite is unknown or the secret is not as long as the suite's hash */
    @Override
    public PacketKeys keys(int cipherSuite, byte[] trafficSecret) {
        return keys(TrafficSecret.of(cipherSuite, trafficSecret));
    }

    PacketKeys keys(TrafficSecret secret) {
        return new JcaPacketKeys(secret, ciphers);
    }

    CipherSource ciphers() {
        return ciphers;
    }

    @Override
    public byte[] retryIntegrityTag(byte[] originalDestinationConnectionId, byte[] retryPacket) {
        return RetryIntegrity.tag(ciphers, originalDestinationConnectionId, retryPacket);
    }

    /** As in {@code jca SunJCE}. */
    @Override
    public String toString() {
        return "jca " + ciphers.preferred().getName();
    }

    private static Provider firstWithAesGcm() {
        try {
            return Cipher.getInstance(AeadSuite.AES_128_GCM.transformation).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no security provider of this Java runtime has AES-GCM", e);
        }
    }
}
