package io.stoq.crypto;

/** Derives keys for applications from a connection's secrets, the same on both sides. RFC 8446 §7.5. Any thread. */
public interface KeyExporter {

    /**
     * Derives bytes that depend on the connection, the label and the context.
     *
     * @param label printable ASCII, 1 to 249 characters
     * @param context whatever the key is to be bound to; null is the same as empty
     * @param lengthBytes from 1 to 255 times the length of the cipher suite's hash
     * @throws IllegalArgumentException where label or length is out of bounds
     * @throws IllegalStateException once the secrets are wiped
     */
    byte[] export(String label, byte[] context, int lengthBytes);
}
