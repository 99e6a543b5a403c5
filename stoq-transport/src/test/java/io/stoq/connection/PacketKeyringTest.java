package io.stoq.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.crypto.EncryptionLevel;
import io.stoq.crypto.PacketKeys;
import io.stoq.protection.Aead;
import io.stoq.tls.CipherSuite;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** B-25: key updates as a peer must not make them. RFC 9001 §6. */
class PacketKeyringTest {

    private static final long KEEP_OLD_NS = 1000;

    private final PacketKeyring keyring = new PacketKeyring(Aead.JCA.protection());
    private long received;
    private long sent;

    PacketKeyringTest() {
        byte[] receive = new byte[32];
        byte[] send = new byte[32];
        send[0] = 1;
        keyring.install(EncryptionLevel.APPLICATION, CipherSuite.AES_128_GCM_SHA256.id(), receive, send);
    }

    private PacketKeys receive(boolean phase) {
        PacketKeys keys = keyring.receivingForPhase(phase, received);
        keyring.onOpened(keys, received++, sent, 0, KEEP_OLD_NS);
        return keys;
    }

    private void send() {
        keyring.onSealed(EncryptionLevel.APPLICATION);
        sent++;
    }

    private static void assertKeyUpdateError(Executable action) {
        assertEquals(
                TransportErrorCode.KEY_UPDATE_ERROR,
                assertThrows(TransportException.class, action).code());
    }

    @Test
    void aPeersUpdateIsFollowedAndTheNextOneToo() {
        for (int i = 0; i < 10; i++) {
            receive(i % 2 == 1);
            send();
            assertEquals(i, keyring.updates());
            assertEquals(i % 2 == 1, keyring.sendingPhase());
        }
    }

    @Test
    void aSecondUpdateBeforeTheFirstIsAnsweredIsAnError() {
        receive(false);
        receive(true);
        assertKeyUpdateError(() -> receive(false));
    }

    @Test
    void ourOwnUpdateWaitsForAnAcknowledgementOfThePhase() {
        assertFalse(keyring.canUpdate());
        send();
        keyring.onAcknowledged(0);
        assertTrue(keyring.canUpdate());
        keyring.update(sent);
        assertFalse(keyring.canUpdate());
        send();
        receive(true);
        keyring.onAcknowledged(1);
        assertFalse(keyring.canUpdate(), "the keys before are still kept for late packets");
        keyring.onTimeout(KEEP_OLD_NS);
        assertTrue(keyring.canUpdate());
    }

    @Test
    void aPeerThatAcknowledgesTheNewPhaseUnderOldKeysIsRefused() {
        send();
        keyring.onAcknowledged(0);
        keyring.update(sent);
        send();
        receive(false);
        assertKeyUpdateError(() -> keyring.onAcknowledged(1));
    }

    /** A forged bit finds keys that are there already: it costs what any other forgery does, and changes nothing. */
    @Test
    void aForgedPhaseBitChangesNothing() {
        receive(false);
        PacketKeys next = keyring.receivingForPhase(true, received);
        for (int i = 0; i < 100; i++) {
            assertSame(next, keyring.receivingForPhase(true, received));
            keyring.onFailed(next);
        }
        assertEquals(0, keyring.updates());
    }

    @Test
    void latePacketsOfThePhaseBeforeAreOpenedForAWhile() {
        PacketKeys before = receive(false);
        received++; // one is late
        receive(true);
        send();
        assertSame(before, keyring.receivingForPhase(false, 1));
        keyring.onTimeout(KEEP_OLD_NS);
        assertNull(keyring.receivingForPhase(false, 1));
    }
}
