package io.stoq.crypto;

/** Makes packet protection keys. Stateless; may be called on any thread. RFC 9001 §5. */
public interface PacketProtection {

    /**
     * Initial keys of one direction. RFC 9001 §5.2.
     *
     * @param destinationConnectionId of the client's first Initial packet (or of the first after a Retry)
     * @param client true for the keys with which the client seals, false for the server's
     */
    PacketKeys initialKeys(byte[] destinationConnectionId, boolean client);

    /**
     * Keys from a traffic secret of the handshake.
     *
     * @param cipherSuite as TLS numbers it: 0x1301, 0x1302 or 0x1303
     */
    PacketKeys keys(int cipherSuite, byte[] trafficSecret);

    /**
     * The integrity tag of a Retry packet, 16 bytes. RFC 9001 §5.8.
     *
     * @param retryPacket the packet without its tag
     */
    byte[] retryIntegrityTag(byte[] originalDestinationConnectionId, byte[] retryPacket);
}
