package io.stoq.protection;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.crypto.Cipher;

/** Where ciphers come from: one preferred JCA provider, and the platform's for what that one lacks. Thread-safe. */
record CipherSource(Provider preferred) {

    Cipher cipher(String transformation) {
        try {
            return inPreferenceOrder(transformation);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no security provider of this Java runtime has " + transformation, e);
        }
    }

    private Cipher inPreferenceOrder(String transformation) throws GeneralSecurityException {
        try {
            return Cipher.getInstance(transformation, preferred);
        } catch (NoSuchAlgorithmException e) {
            return Cipher.getInstance(transformation);
        }
    }
}
