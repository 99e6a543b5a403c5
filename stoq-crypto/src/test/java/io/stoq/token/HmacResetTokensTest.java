package io.stoq.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HmacResetTokensTest {

    private static final byte[] KEY = new byte[32];

    private final HmacResetTokens tokens = new HmacResetTokens(KEY);

    @Test
    void aConnectionIdHasOneTokenWhereverItLies() {
        byte[] id = {1, 2, 3, 4, 5, 6, 7, 8};
        byte[] padded = {9, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        byte[] target = new byte[20];
        new HmacResetTokens(KEY).derive(padded, 2, 8, target, 3);
        assertArrayEquals(token(tokens, id), Arrays.copyOfRange(target, 3, 19));
        assertEquals(0, target[2]);
        assertEquals(0, target[19]);
    }

    @Test
    void tokensOfDifferentKeysAreUnrelated() {
        byte[] id = new byte[8];
        byte[] otherKey = KEY.clone();
        otherKey[31] = 1;
        Set<String> seen = new HashSet<>();
        assertTrue(seen.add(HexFormat.of().formatHex(token(tokens, id))));
        assertTrue(seen.add(HexFormat.of().formatHex(token(new HmacResetTokens(otherKey), id))));
        assertTrue(seen.add(HexFormat.of().formatHex(token(HmacResetTokens.random(), id))));
        assertTrue(seen.add(HexFormat.of().formatHex(token(HmacResetTokens.random(), id))));
    }

    @Test
    void tokensOfDifferentConnectionIdsDiffer() {
        Set<String> seen = new HashSet<>();
        Random random = new Random(5);
        for (int length = 0; length <= 20; length++) {
            assertTrue(seen.add(HexFormat.of().formatHex(token(tokens, new byte[length]))));
            byte[] id = new byte[length];
            random.nextBytes(id);
            assertTrue(length == 0 || seen.add(HexFormat.of().formatHex(token(tokens, id))));
        }
    }

    @Test
    void aTokenIsNotThePlainHmacOfTheConnectionId() throws Exception {
        // A generator of connection ids that shared the key, against all advice, would still not reveal tokens.
        byte[] id = new byte[8];
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        assertFalse(Arrays.equals(Arrays.copyOf(mac.doFinal(id), 16), token(tokens, id)));
    }

    @Test
    void keysOfTheWrongLengthAndShortTargetsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HmacResetTokens(new byte[16]));
        assertThrows(IndexOutOfBoundsException.class, () -> tokens.derive(new byte[8], 1, 8, new byte[16], 0));
        assertThrows(IndexOutOfBoundsException.class, () -> tokens.derive(new byte[8], 0, 8, new byte[16], 1));
    }

    private static byte[] token(HmacResetTokens tokens, byte[] id) {
        byte[] token = new byte[16];
        tokens.derive(id, 0, id.length, token, 0);
        return token;
    }
}
