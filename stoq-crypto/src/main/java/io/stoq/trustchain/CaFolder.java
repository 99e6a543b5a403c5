package io.stoq.trustchain;

import io.stoq.pem.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * The files of an authority. The issuing certificate is written last: an authority is there when that is. The log is what
 * counts; revocation list and tree head follow from it.
 */
record CaFolder(Disk disk, Path path) {

    /** The root's certificate: all that peers need. */
    Path root() {
        return path.resolve("root.pem");
    }

    Path rootKey() {
        return path.resolve("root.key");
    }

    Path issuing() {
        return path.resolve("issuing.pem");
    }

    Path issuingKey() {
        return path.resolve("issuing.key");
    }

    Path log() {
        return path.resolve("issued.log");
    }

    Path head() {
        return path.resolve("issued.head");
    }

    Path revocationList() {
        return path.resolve("crl.pem");
    }

    /** @throws TrustChainException where there is no whole authority */
    void requireAuthority() throws TrustChainException {
        if (disk.exists(issuing())) {
            return;
        }
        throw new TrustChainException(
                Files.isRegularFile(path)
                        ? path + " is a file; name the folder of an authority"
                        : path + " has no authority (issuing.pem is missing); make one with stoq ca init");
    }

    Disk.Lock lock() throws TrustChainException {
        try {
            Disk.Lock lock = disk.lock(path.resolve("lock"));
            if (lock != null) {
                return lock;
            }
        } catch (IOException e) {
            throw cannot("be locked", path, e);
        }
        throw new TrustChainException(path + " is in use by another process; wait for it to end");
    }

    X509Certificate certificate(Path file) throws TrustChainException {
        try {
            return pem(file).certificates().getFirst();
        } catch (IllegalArgumentException e) {
            throw new TrustChainException(e.getMessage(), e);
        }
    }

    /** Empty where there is none, or it is unreadable: another one can be made. */
    Optional<X509CRL> readRevocationList() {
        try {
            return Optional.of(pem(revocationList()).revocationLists().getFirst());
        } catch (IllegalArgumentException | TrustChainException e) {
            return Optional.empty();
        }
    }

    /** Empty where there is none. */
    Optional<SignedTreeHead> readHead() throws TrustChainException {
        return disk.exists(head())
                ? Optional.of(SignedTreeHead.parse(head().toString(), text(head())))
                : Optional.empty();
    }

    String text(Path file) throws TrustChainException {
        try {
            return new String(disk.read(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw cannot("be read", file, e);
        }
    }

    void replace(Path file, String text) throws TrustChainException {
        try {
            disk.replace(file, text.getBytes(StandardCharsets.UTF_8), false);
        } catch (IOException e) {
            throw cannot("be written", file, e);
        }
    }

    void replaceSecret(Path file, byte[] bytes) throws TrustChainException {
        try {
            disk.replace(file, bytes, true);
        } catch (IOException e) {
            throw cannot("be written", file, e);
        }
    }

    static TrustChainException cannot(String what, Path file, IOException e) {
        return new TrustChainException(
                file + " cannot " + what + "; check its permissions and the free space: " + e, e);
    }

    private Pem pem(Path file) throws TrustChainException {
        return Pem.of(file.toString(), text(file));
    }
}
