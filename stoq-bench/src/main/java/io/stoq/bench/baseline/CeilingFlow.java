package io.stoq.bench.baseline;

import io.stoq.crypto.PacketKeys;
import io.stoq.crypto.PacketProtection;
import io.stoq.tls.CipherSuite;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** One client's transfer: its keys and counts. Confined to one loop. */
final class CeilingFlow {

    private static final int SECRET_BYTES = 32;

    final int id;
    final PacketKeys keys;
    InetSocketAddress remote;

    /** Sender: the next packet's number. */
    long next;

    /** One past the highest packet number that has arrived, as far as this side knows. */
    long seen;

    /** How many packets have arrived, as far as this side knows. */
    long came;

    /** Sender: {@link #seen} when the flow was last looked at for a standstill. */
    long seenAtLastLook;

    /** Receiver: whether there is something to tell the sender. */
    boolean owesCredit;

    /** Sender: packets below this one are not waited for any longer. */
    long presumedLost;

    /** Both sides' keys follow from the flow's number: the cost of sealing is what matters, not secrecy. */
    CeilingFlow(int id, InetSocketAddress remote, PacketProtection protection) {
        this.id = id;
        this.remote = remote;
        byte[] secret = new byte[SECRET_BYTES];
        Arrays.fill(secret, (byte) id);
        keys = protection.keys(CipherSuite.AES_128_GCM_SHA256.id(), secret);
    }

    long lost() {
        return seen - came;
    }
}
