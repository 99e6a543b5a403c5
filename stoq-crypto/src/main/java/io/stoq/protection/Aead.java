package io.stoq.protection;

import io.stoq.crypto.PacketProtection;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What seals and opens packets. People call it by its label, such as {@code ipsec-mb}.
 *
 * <p>The system property {@code io.stoq.aead} takes a label. It replaces {@link #AUTO}, so operators can force a choice; {@code
 * jca} also forbids {@link #IPSEC_MB} to code that asks for it.
 */
public enum Aead {
    /** {@link #IPSEC_MB} where it can be used, else {@link #JCA} with a warning that says why. */
    AUTO("auto"),

    /** Intel's Multi-Buffer Crypto library, or nothing. On Linux on x86_64, where it is installed. */
    IPSEC_MB("ipsec-mb"),

    /** Ciphers of the Java platform. */
    JCA("jca");

    /** Forces or forbids, as above. */
    public static final String PROPERTY = "io.stoq.aead";

    private final String label;

    Aead(String label) {
        this.label = label;
    }

    /** How it is called on command lines and in reports. */
    public String label() {
        return label;
    }

    /** @throws IllegalArgumentException if there is none of that label */
    public static Aead labelled(String label) {
        for (Aead aead : values()) {
            if (aead.label.equalsIgnoreCase(label)) {
                return aead;
            }
        }
        String labels = Arrays.stream(values()).map(Aead::label).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("unknown AEAD '" + label + "'; choose one of " + labels);
    }

    /**
     * The packet protection that this choice comes to in this process. The first time that one comes up, a log line says so.
     *
     * @throws UnsupportedOperationException where {@link #IPSEC_MB} is asked for and cannot be used; the message says why
     * @throws IllegalArgumentException where the system property has another value than a label
     */
    public PacketProtection protection() {
        return AeadSelection.of(this, System.getProperty(PROPERTY, AUTO.label));
    }
}
