package io.stoq.trustchain;

import io.stoq.pem.Pem;
import io.stoq.tls.IdentitySource;
import io.stoq.tls.engine.PeerName;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A small certificate authority for the nodes of a fleet: a folder with a root, an issuing authority below it, and the log
 * of all it did.
 *
 * <pre>{@code
 * try (TrustChain authority = TrustChain.open(folder, password)) {
 *     IssuedCertificate issued = authority.issue(IssueRequest.of(CertificateRequest.read(file)));
 * }
 * }</pre>
 *
 * <p>A certificate is handed out when its entry in the log outlasts a power cut, and not before. Power may fail at any
 * time: the folder opens again, with everything that was handed out.
 *
 * <p>For any number of threads, in one process at a time. Passwords are the caller's to wipe.
 */
public final class TrustChain implements AutoCloseable {

    /** How long peers may go by a revocation list. It is renewed when half of this is over. */
    public static final Duration REVOCATION_LIST_LIFETIME = Duration.ofDays(7);

    private final CaFolder folder;
    private final Environment environment;
    private final Disk.Lock lock;
    private final X509Certificate root;
    private final IssuanceLog log;
    private final PublishedFiles published;
    private final Object appending = new Object();
    private volatile Authority issuing;
    private volatile TrustChainException failure;

    private TrustChain(
            CaFolder folder,
            Environment environment,
            Disk.Lock lock,
            X509Certificate root,
            Authority issuing,
            IssuanceLog log) {
        this.folder = folder;
        this.environment = environment;
        this.lock = lock;
        this.root = root;
        this.issuing = issuing;
        this.log = log;
        this.published = new PublishedFiles(folder, log);
    }

    /**
     * Makes an authority in a folder and opens it. Where power failed meanwhile, the same call completes it.
     *
     * @param password that both keys are encrypted with
     * @throws TrustChainException where the folder has an authority, or cannot be written
     */
    public static TrustChain create(Path folder, AuthorityProfile profile, char[] password) throws TrustChainException {
        return create(folder, profile, password, Environment.real());
    }

    static TrustChain create(Path path, AuthorityProfile profile, char[] password, Environment environment)
            throws TrustChainException {
        if (password.length == 0) {
            throw new TrustChainException("an empty password would leave the keys of " + path + " open; give one");
        }
        CaFolder folder = new CaFolder(environment.disk(), path);
        try {
            folder.disk().createFolder(path);
            folder.disk().syncFolder(path.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw CaFolder.cannot("be made a folder", path, e);
        }
        Disk.Lock lock = folder.lock();
        try {
            Founding.found(folder, profile, password, environment);
            return open(folder, password, environment, lock);
        } catch (TrustChainException | RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    /**
     * Opens an authority. Its root key is not needed and may be kept elsewhere.
     *
     * @throws TrustChainException where there is none, the password is wrong, another process has it open, or a file is
     *     damaged
     */
    public static TrustChain open(Path folder, char[] password) throws TrustChainException {
        return open(folder, password, Environment.real());
    }

    static TrustChain open(Path path, char[] password, Environment environment) throws TrustChainException {
        CaFolder folder = new CaFolder(environment.disk(), path);
        folder.requireAuthority();
        Disk.Lock lock = folder.lock();
        try {
            return open(folder, password, environment, lock);
        } catch (TrustChainException | RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static TrustChain open(CaFolder folder, char[] password, Environment environment, Disk.Lock lock)
            throws TrustChainException {
        X509Certificate root = folder.certificate(folder.root());
        X509Certificate certificate = folder.certificate(folder.issuing());
        Path keyFile = folder.issuingKey();
        PrivateKey key = environment
                .vault()
                .open(keyFile.toString(), folder.text(keyFile), password, certificate.getPublicKey());
        Authority issuing = new Authority(certificate, key, environment.random());
        IssuanceLog log = IssuanceLog.read(folder);
        TrustChain authority = new TrustChain(folder, environment, lock, root, issuing, log);
        authority.published.checkLog(certificate.getPublicKey());
        try {
            log.cutTornBatch();
        } catch (IOException e) {
            throw CaFolder.cannot("be repaired", folder.log(), e);
        }
        authority.publish();
        return authority;
    }

    /** The certificate that peers trust. */
    public X509Certificate root() {
        return root;
    }

    /** The certificate whose key signs those of nodes. */
    public X509Certificate issuing() {
        return issuing.certificate();
    }

    /** What was issued and revoked, in order. */
    public IssuanceLog log() {
        return log;
    }

    /**
     * Certifies a node, as server and client.
     *
     * @throws TrustChainException where a name may not be certified, or the log cannot be written
     */
    public IssuedCertificate issue(IssueRequest request) throws TrustChainException {
        return issue(List.of(request)).getFirst();
    }

    /** Certifies several nodes, all or none, with one wait for the disk. */
    public List<IssuedCertificate> issue(List<IssueRequest> requests) throws TrustChainException {
        Authority signer = issuing;
        NamePolicy policy = NamePolicy.of(signer.certificate());
        List<LogEntry.Issued> entries = new ArrayList<>();
        for (IssueRequest request : requests) {
            entries.add(new LogEntry.Issued(sign(signer, policy, request)));
        }
        long first = append(entries);
        if (published.isRevocationListDue(environment.clock().instant())) {
            publish();
        }
        List<IssuedCertificate> issued = new ArrayList<>();
        for (LogEntry.Issued entry : entries) {
            issued.add(new IssuedCertificate(entry.certificate(), signer.certificate(), first + issued.size()));
        }
        return issued;
    }

    /**
     * Certifies a node anew, for the names that it has.
     *
     * @param current what this authority issued and did not revoke, and whose time is not over
     * @param request with the node's key, old or new, and the same names or none
     * @throws TrustChainException where one of these is not so
     */
    public IssuedCertificate renew(X509Certificate current, CertificateRequest request, Duration lifetime)
            throws TrustChainException {
        requireLogged(current);
        if (log.revocation(current.getSerialNumber()).isPresent()) {
            throw new TrustChainException(describe(current) + " was revoked; issue another one");
        }
        Instant end = current.getNotAfter().toInstant();
        if (environment.clock().instant().isAfter(end)) {
            throw new TrustChainException(describe(current) + " expired at " + end + "; issue another one");
        }
        List<String> names = Subject.namesOf(current).stream()
                .map(name -> PeerName.of(name).text())
                .toList();
        if (!request.names().isEmpty() && !Set.copyOf(names).equals(Set.copyOf(request.names()))) {
            throw new TrustChainException(request.source() + " asks for " + request.names() + ", but "
                    + describe(current) + " is for " + names + "; issue another one");
        }
        return issue(new IssueRequest(request, names, lifetime));
    }

    /**
     * A source of identities for a node in this process: with each certificate a new key. {@code LiveIdentity} asks it for the
     * next one when two thirds of a lifetime are over.
     *
     * @param names DNS names and IPv6 addresses of the node, at least one
     * @param lifetime of each, within the bounds of {@link IssueRequest}
     */
    public IdentitySource identities(KeyAlgorithm algorithm, List<String> names, Duration lifetime) {
        return new IssuedSource(this, algorithm, List.copyOf(names), lifetime);
    }

    /**
     * Revokes a certificate and writes the revocation list anew. Once is enough: the first revocation counts.
     *
     * @throws TrustChainException where this authority did not issue it
     */
    public Revocation revoke(X509Certificate certificate, RevocationReason reason) throws TrustChainException {
        requireLogged(certificate);
        BigInteger serial = certificate.getSerialNumber();
        if (log.revocation(serial).isEmpty()) {
            Instant now = environment.clock().instant().truncatedTo(ChronoUnit.SECONDS);
            Instant expires = certificate.getNotAfter().toInstant();
            append(List.of(new LogEntry.Revoked(new Revocation(serial, reason, now, expires))));
            publish();
        }
        return log.revocation(serial).orElseThrow();
    }

    /** As {@link #revoke(X509Certificate, RevocationReason)}, by serial number. */
    public Revocation revoke(BigInteger serial, RevocationReason reason) throws TrustChainException {
        for (LoggedCertificate logged : log.certificates()) {
            if (logged.certificate().getSerialNumber().equals(serial)) {
                return revoke(logged.certificate(), reason);
            }
        }
        throw new TrustChainException(
                folder.path() + " has issued no certificate with the serial number " + serial.toString(16));
    }

    /**
     * Gives the issuing authority a new certificate for the same key. What it issued stays right.
     *
     * @param rootPassword of the root key, which must be in the folder
     */
    public void renewIssuing(char[] rootPassword, Duration lifetime) throws TrustChainException {
        Path keyFile = folder.rootKey();
        PrivateKey key =
                environment.vault().open(keyFile.toString(), folder.text(keyFile), rootPassword, root.getPublicKey());
        Authority rootAuthority = new Authority(root, key, environment.random());
        Authority old = issuing;
        Instant now = environment.clock().instant();
        X509Certificate renewed = rootAuthority.issuing(
                old.certificate().getPublicKey(),
                Subject.commonName(old.certificate()),
                NamePolicy.of(old.certificate()),
                now.minus(Authority.BACKDATED),
                now.plus(lifetime));
        folder.replace(folder.issuing(), Pem.blocks(List.of(renewed)));
        issuing = old.with(renewed);
    }

    /**
     * Signs what the log is now, and writes it to the folder; writes the revocation list too where it is due. This happens
     * by itself when the authority is opened, closed, or revokes.
     */
    public SignedTreeHead publish() throws TrustChainException {
        return published.write(issuing, environment.clock().instant());
    }

    /** Signs what the log is, and lets other processes in. */
    @Override
    public void close() throws TrustChainException {
        try {
            if (failure == null) {
                publish();
            }
        } finally {
            release(lock);
        }
    }

    private X509Certificate sign(Authority signer, NamePolicy policy, IssueRequest request) throws TrustChainException {
        List<PeerName> names = Subject.names(request.request().source(), request.names());
        policy.check(request.request().source(), names);
        Instant now = environment.clock().instant();
        Instant end = now.plus(request.lifetime());
        Instant last = signer.certificate().getNotAfter().toInstant();
        if (end.isAfter(last)) {
            throw new TrustChainException(folder.issuing() + " ends at " + last + ", before a certificate of "
                    + request.lifetime() + " would; renew it, or give a shorter lifetime");
        }
        return signer.node(request.request().publicKey(), names, now.minus(Authority.BACKDATED), end);
    }

    private long append(List<? extends LogEntry> entries) throws TrustChainException {
        synchronized (appending) {
            if (failure != null) {
                throw failure;
            }
            try {
                return log.append(entries);
            } catch (IOException e) {
                // What of it is on disk is unknown: only reading the file again tells.
                failure = CaFolder.cannot("be written (close the authority and open it again)", folder.log(), e);
                throw failure;
            }
        }
    }

    private void requireLogged(X509Certificate certificate) throws TrustChainException {
        if (log.indexOf(certificate).isEmpty()) {
            throw new TrustChainException(describe(certificate) + " was not issued by the authority in " + folder.path()
                    + ", but by " + certificate.getIssuerX500Principal());
        }
    }

    private static String describe(X509Certificate certificate) {
        return "certificate of " + certificate.getSubjectX500Principal();
    }

    private static void release(Disk.Lock lock) throws TrustChainException {
        try {
            lock.close();
        } catch (IOException e) {
            throw new TrustChainException("the authority's folder cannot be unlocked: " + e, e);
        }
    }
}
