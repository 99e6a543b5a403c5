package io.stoq.trustchain;

import io.stoq.pem.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/**
 * What a node needs, in a folder: its certificate chain, its key, and whom it trusts. Each file is replaced whole, so that
 * a power cut leaves the old one or the new one.
 */
public final class NodeFiles {

    private final Disk disk;
    private final Path folder;

    private NodeFiles(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /** The files of a node in that folder, which need not exist yet. */
    public static NodeFiles in(Path folder) {
        return in(new FileDisk(), folder);
    }

    static NodeFiles in(Disk disk, Path folder) {
        return new NodeFiles(disk, folder);
    }

    /** The node's certificate, then its issuer's. */
    public Path certificate() {
        return folder.resolve("cert.pem");
    }

    /** For the owner's eyes only, not encrypted: nodes start without people. */
    public Path key() {
        return folder.resolve("key.pem");
    }

    /** The root that all of the fleet trust. */
    public Path authority() {
        return folder.resolve("ca.pem");
    }

    /** @throws TrustChainException where there is a key already: its certificate would be lost */
    public void requireNoKey() throws TrustChainException {
        if (disk.exists(key())) {
            throw new TrustChainException(
                    key() + " exists; renew its certificate with stoq ca renew, remove it, or name another folder");
        }
    }

    /**
     * Asks for the names that the node has, with the key that it has.
     *
     * @throws TrustChainException where certificate or key cannot be read, or do not belong together
     */
    public CertificateRequest renewalRequest() throws TrustChainException {
        CertificateFile current = CertificateFile.read(certificate());
        return CertificateRequest.create(current.keys(key()), current.names());
    }

    /** Writes the key of a node that has none. */
    public void writeKey(PrivateKey key, X509Certificate certificate) throws TrustChainException {
        requireNoKey();
        byte[] pem = Pem.block(key, certificate.getPublicKey()).getBytes(StandardCharsets.US_ASCII);
        try {
            write(key(), pem, true);
        } finally {
            Arrays.fill(pem, (byte) 0);
        }
    }

    /** Writes the certificate chain and the root. */
    public void write(IssuedCertificate issued, X509Certificate root) throws TrustChainException {
        write(authority(), Pem.blocks(List.of(root)).getBytes(StandardCharsets.US_ASCII), false);
        write(certificate(), issued.pem().getBytes(StandardCharsets.US_ASCII), false);
    }

    private void write(Path file, byte[] bytes, boolean secret) throws TrustChainException {
        try {
            disk.createFolder(folder);
            disk.replace(file, bytes, secret);
        } catch (IOException e) {
            throw CaFolder.cannot("be written", file, e);
        }
    }
}
