package io.stoq.tls.engine;

import java.util.Arrays;
import org.bouncycastle.tls.NamedGroup;

/** The key exchange groups on offer. RFC 8446 §4.2.7; the hybrid with ML-KEM is large and used only where named. */
public enum KeyExchangeGroup {
    X25519("x25519", NamedGroup.x25519),
    SECP256R1("secp256r1", NamedGroup.secp256r1),
    SECP384R1("secp384r1", NamedGroup.secp384r1),
    X25519_MLKEM768("X25519MLKEM768", NamedGroup.X25519MLKEM768);

    private final String text;
    private final int id;

    KeyExchangeGroup(String text, int id) {
        this.text = text;
        this.id = id;
    }

    /** As TLS numbers it. */
    public int id() {
        return id;
    }

    /** The group called {@code name}, whatever its case. */
    public static KeyExchangeGroup named(String name) {
        for (KeyExchangeGroup group : values()) {
            if (group.text.equalsIgnoreCase(name)) {
                return group;
            }
        }
        throw new IllegalArgumentException(
                "unknown key exchange group \"" + name + "\"; there are " + Arrays.toString(values()));
    }

    static String nameOf(int id) {
        for (KeyExchangeGroup group : values()) {
            if (group.id == id) {
                return group.text;
            }
        }
        return "0x" + Integer.toHexString(id);
    }

    /** The name that TLS registers. */
    @Override
    public String toString() {
        return text;
    }
}
