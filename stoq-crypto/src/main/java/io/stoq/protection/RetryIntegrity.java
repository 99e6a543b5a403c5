package io.stoq.protection;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** The integrity tag of Retry packets, which shows that its maker saw the client's Initial packet. RFC 9001 §5.8. */
final class RetryIntegrity {

    // Fixed for QUIC v1, known to all.
    private static final SecretKeySpec KEY =
            new SecretKeySpec(HexFormat.of().parseHex("be0c690b9f66575a1d766b54e368c84e"), "AES");
    private static final byte[] NONCE = HexFormat.of().parseHex("461599d35d632bf2239825bb");

    private static final int MAX_CONNECTION_ID_BYTES = 255;

    private RetryIntegrity() {}

    static byte[] tag(CipherSource ciphers, byte[] originalDestinationConnectionId, byte[] retryPacket) {
        if (originalDestinationConnectionId.length > MAX_CONNECTION_ID_BYTES) {
            throw new IllegalArgumentException(
                    "connection id of " + originalDestinationConnectionId.length + " bytes; its length is one byte");
        }
        AeadSuite suite = AeadSuite.AES_128_GCM;
        // A new cipher each time: JCA's refuse to seal twice with one nonce, which is what is meant here.
        Cipher cipher = ciphers.cipher(suite.transformation);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, KEY, suite.parameters(NONCE));
            cipher.updateAAD(new byte[] {(byte) originalDestinationConnectionId.length});
            cipher.updateAAD(originalDestinationConnectionId);
            cipher.updateAAD(retryPacket);
            return cipher.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Retry integrity tag could not be computed", e);
        }
    }
}
