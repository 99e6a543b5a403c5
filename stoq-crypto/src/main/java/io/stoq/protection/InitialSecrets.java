package io.stoq.protection;

import java.util.Arrays;
import java.util.HexFormat;

/** Traffic secrets of Initial packets, which anyone who sees the first packet can derive. RFC 9001 §5.2. */
final class InitialSecrets {

    private static final byte[] SALT_V1 = HexFormat.of().parseHex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");

    private InitialSecrets() {}

    /**
     * The secret of one direction.
     *
     * @param client true for what the client seals with
     */
    static byte[] of(byte[] destinationConnectionId, boolean client) {
        Hkdf hkdf = new Hkdf(AeadSuite.AES_128_GCM.hkdf);
        byte[] initial = hkdf.extract(SALT_V1, destinationConnectionId);
        try {
            return hkdf.expandLabel(initial, client ? "client in" : "server in", AeadSuite.AES_128_GCM.secretBytes);
        } finally {
            Arrays.fill(initial, (byte) 0);
        }
    }
}
