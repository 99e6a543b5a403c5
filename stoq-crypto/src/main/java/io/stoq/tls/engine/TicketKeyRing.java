package io.stoq.tls.engine;

import io.stoq.crypto.CryptoProvider.Entropy;
import io.stoq.token.AesGcmTokenSealer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of tickets, a new one for each period. A key seals during its period and opens until the end of the next one, so a
 * period is as long as tickets live. Thread-safe.
 *
 * <pre>
 *   ticket:  number of the secret (4) | number of the period (4) | nonce, content, tag      the first 8 bytes are bound
 * </pre>
 */
public final class TicketKeyRing implements TicketSealer {

    private static final int NAME_BYTES = 8;

    /** Keys change here; for their sealers time stands still. */
    private static final long STILL_MS = 0;

    private final List<byte[]> secrets;
    private final long periodMs;
    private final Entropy entropy;
    private final Map<Long, AesGcmTokenSealer> keys = new HashMap<>();

    /**
     * @param secrets that keys are derived from, the same on all servers that share tickets: the first seals, all open;
     *     none for random keys, which nobody else has and which leave nothing behind when they go
     * @param periodMs how long a key seals
     * @param entropy source of nonces and random keys
     */
    public TicketKeyRing(List<byte[]> secrets, long periodMs, Entropy entropy) {
        this.secrets = secrets;
        this.periodMs = periodMs;
        this.entropy = entropy;
    }

    @Override
    public synchronized byte[] seal(byte[] state, long nowMs) {
        long period = period(nowMs);
        int secret = secrets.isEmpty() ? 0 : numberOf(secrets.getFirst());
        byte[] name = name(secret, (int) period);
        AesGcmTokenSealer key = key(secret, period, nowMs, true);
        byte[] sealed = key.seal(STILL_MS, state, name);
        byte[] ticket = Arrays.copyOf(name, NAME_BYTES + sealed.length);
        System.arraycopy(sealed, 0, ticket, NAME_BYTES, sealed.length);
        return ticket;
    }

    @Override
    public synchronized byte[] open(byte[] ticket, long nowMs) {
        if (ticket.length < NAME_BYTES + AesGcmTokenSealer.OVERHEAD_BYTES) {
            return null;
        }
        int secret = ByteBuffer.wrap(ticket).getInt();
        int period = ByteBuffer.wrap(ticket).getInt(4);
        long now = period(nowMs);
        // One period ahead, for the clocks of two servers need not agree to the millisecond.
        if (period < now - 1 || period > now + 1) {
            return null;
        }
        AesGcmTokenSealer key = key(secret, period, nowMs, false);
        return key == null
                ? null
                : key.open(STILL_MS, Arrays.copyOfRange(ticket, NAME_BYTES, ticket.length), name(secret, period));
    }

    /** How many keys are held. */
    synchronized int size() {
        return keys.size();
    }

    /** The key of a period, or null where there is none: its secret is unknown, or it was random and is gone. */
    private AesGcmTokenSealer key(int secret, long period, long nowMs, boolean make) {
        keys.keySet().removeIf(id -> (id & 0xffffffffL) < period(nowMs) - 1);
        long id = (long) secret << Integer.SIZE | period;
        AesGcmTokenSealer key = keys.get(id);
        if (key == null) {
            byte[] material = secrets.isEmpty() ? (make ? random() : null) : derived(secret, period);
            if (material == null) {
                return null;
            }
            key = new AesGcmTokenSealer(material, entropy);
            Arrays.fill(material, (byte) 0);
            keys.put(id, key);
        }
        return key;
    }

    private byte[] random() {
        byte[] key = new byte[AesGcmTokenSealer.KEY_BYTES];
        entropy.fill(key, 0, key.length);
        return key;
    }

    private byte[] derived(int number, long period) {
        for (byte[] secret : secrets) {
            if (numberOf(secret) == number) {
                byte[] label = "stoq ticket key".getBytes(StandardCharsets.US_ASCII);
                byte[] input = ByteBuffer.allocate(label.length + Long.BYTES)
                        .put(label)
                        .putLong(period)
                        .array();
                return Arrays.copyOf(hmac(secret, input), AesGcmTokenSealer.KEY_BYTES);
            }
        }
        return null;
    }

    private static int numberOf(byte[] secret) {
        return ByteBuffer.wrap(hmac(secret, "stoq ticket secret".getBytes(StandardCharsets.US_ASCII)))
                .getInt();
    }

    private static byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] name(int secret, int period) {
        return ByteBuffer.allocate(NAME_BYTES).putInt(secret).putInt(period).array();
    }

    private long period(long nowMs) {
        return nowMs / periodMs;
    }
}
