package io.stoq.protection;

import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.PacketProtection;
import io.stoq.protection.ipsecmb.IpsecMb;

/**
 * Packet protection by ipsec-mb, Intel's Multi-Buffer Crypto library, for AES-128-GCM and AES-256-GCM; by the Java platform
 * for ChaCha20-Poly1305 and the rest. Thread-safe. RFC 9001 §5.
 */
public final class IpsecMbPacketProtection implements PacketProtection {

    private final JcaPacketProtection platform = JcaPacketProtection.create();

    /** @throws UnsupportedOperationException where {@link #unavailableReason()} has a reason, with it as the message */
    public IpsecMbPacketProtection() {
        String reason = unavailableReason();
        if (reason != null) {
            throw new UnsupportedOperationException("ipsec-mb is not available: " + reason + "; or choose auto or jca");
        }
    }

    /** Why ipsec-mb cannot be used in this process, as a clause that ends with the remedy; null where it can. Found once. */
    public static String unavailableReason() {
        return IpsecMb.unavailableReason();
    }

    @Override
    public PacketKeys initialKeys(byte[] destinationConnectionId, boolean client) {
        return keys(TrafficSecret.initial(destinationConnectionId, client));
    }

    /** @throws IllegalArgumentException if the suite is unknown or the secret is not as long as the suite's hash */
    @Override
    public PacketKeys keys(int cipherSuite, byte[] trafficSecret) {
        return keys(TrafficSecret.of(cipherSuite, trafficSecret));
    }

    private PacketKeys keys(TrafficSecret secret) {
        // The library exports no ChaCha20-Poly1305 that takes heap memory. docs/adr/0005
        return secret.suite() == AeadSuite.CHACHA20_POLY1305
                ? platform.keys(secret)
                : new IpsecMbPacketKeys(secret, platform.ciphers());
    }

    @Override
    public byte[] retryIntegrityTag(byte[] originalDestinationConnectionId, byte[] retryPacket) {
        return platform.retryIntegrityTag(originalDestinationConnectionId, retryPacket);
    }

    /** As in {@code ipsec-mb 1.3.0 vaes_avx512}. */
    @Override
    public String toString() {
        return "ipsec-mb " + IpsecMb.description();
    }
}
