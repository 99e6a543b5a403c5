package io.stoq.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import java.util.List;

/** Key stores of files. Errors name the file and what to do. */
final class KeyStoreFile {

    private static final long MAX_BYTES = 64L << 20;

    private KeyStoreFile() {}

    static KeyStore pkcs12(Path file, char[] password) {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + " is a folder; name a file in it");
        }
        try (InputStream in = Files.newInputStream(file)) {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(file + " has " + Files.size(file)
                        + " bytes; PKCS #12 files of up to " + MAX_BYTES + " are read");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            return store;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    file + " does not exist (looked from " + Path.of("").toAbsolutePath() + ")", e);
        } catch (IOException e) {
            boolean wrong = e.getCause() instanceof UnrecoverableKeyException;
            throw new IllegalArgumentException(
                    wrong
                            ? file + " does not open with this password"
                            : file + " cannot be read as PKCS #12; write it again, or use ofPem for a PEM file: " + e,
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " cannot be read as PKCS #12: " + e.getMessage(), e);
        }
    }

    /** The alias of the one private key. */
    static String onlyKey(Path file, KeyStore store) {
        try {
            List<String> aliases = Collections.list(store.aliases());
            List<String> keys =
                    aliases.stream().filter(alias -> isKey(store, alias)).toList();
            if (keys.size() != 1) {
                throw new IllegalArgumentException(file + " has " + keys.size() + " private keys instead of one, "
                        + keys + "; name one of several with Identity.ofKeyStore");
            }
            return keys.getFirst();
        } catch (KeyStoreException e) {
            throw new IllegalStateException("the key store was loaded", e);
        }
    }

    private static boolean isKey(KeyStore store, String alias) {
        try {
            return store.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class);
        } catch (KeyStoreException e) {
            throw new IllegalStateException("the key store was loaded", e);
        }
    }
}
