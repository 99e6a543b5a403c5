package io.stoq.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;

/**
 * Where an identity comes from, again and again. For {@link LiveIdentity}, which calls it on one thread of its own.
 *
 * <p>One that asks an authority for a certificate implements {@link #load} and {@link #renews}; {@code TrustChain} has one.
 */
public interface IdentitySource {

    /** What events and logs call it. */
    String name();

    /**
     * Reads or makes an identity; may wait.
     *
     * @throws IOException whose message names the file and the reason
     * @throws IllegalArgumentException as the factories of {@link Identity} do
     */
    Identity load() throws IOException;

    /** The files that it is read from; a change of their content is why to load again. */
    default List<Path> files() {
        return List.of();
    }

    /** Whether each {@link #load} makes a new certificate, so that it is called ahead of the end of the last. */
    default boolean renews() {
        return false;
    }

    /** PEM files, which may be one and the same. */
    static IdentitySource pem(Path certificateChain, Path privateKey) {
        return new LoadedSource(
                certificateChain + " with " + privateKey,
                List.of(certificateChain, privateKey),
                () -> Identity.ofPem(certificateChain, privateKey));
    }

    /** The one private key of a PKCS #12 file. The password is kept, in memory. */
    static IdentitySource pkcs12(Path file, char[] password) {
        char[] kept = password.clone();
        return new LoadedSource(file.toString(), List.of(file), () -> Identity.ofPkcs12(file, kept));
    }

    /**
     * An entry of a key store in memory or a device. Nothing tells of its changes: {@link LiveIdentity#reload()} after one.
     */
    static IdentitySource keyStore(KeyStore store, String alias, char[] password) {
        char[] kept = password == null ? null : password.clone();
        return new LoadedSource(
                "key store entry \"" + alias + "\"", List.of(), () -> Identity.ofKeyStore(store, alias, kept));
    }

    /** One that stays as it is; its end is told ahead all the same. */
    static IdentitySource fixed(Identity identity) {
        return new LoadedSource(identity.toString(), List.of(), () -> identity);
    }
}
