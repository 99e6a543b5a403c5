package io.stoq.tls;

import io.stoq.pem.Pem;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Whom to believe, from files that are replaced while connections go on: authorities, and what they revoked. Each handshake
 * and each session that is to be resumed goes by the files of its time; connections that are open stay open. A broken file
 * replaces nothing: what was good last stays, and log and listener are told the file and the reason.
 *
 * <p>For any number of threads and {@link StoqTls}; it has one thread of its own until it is closed.
 */
public final class LiveTrust implements Supplier<Trust>, AutoCloseable {

    private final Kept<Trust> kept;
    private final List<Runnable> listeners;

    private LiveTrust(Kept<Trust> kept, List<Runnable> listeners) {
        this.kept = kept;
        this.listeners = listeners;
    }

    /**
     * As {@link Trust#pem(Path)}.
     *
     * @throws IllegalArgumentException where the file is broken now
     */
    public static LiveTrust pem(Path certificates, LiveOptions options) {
        return start(certificates, null, null, options);
    }

    /**
     * As {@link Trust#pem(Path, Path)}: what no current list speaks of is refused.
     *
     * @throws IllegalArgumentException where a file is broken now
     */
    public static LiveTrust pem(Path certificates, Path revocationLists, LiveOptions options) {
        return pem(certificates, revocationLists, UnknownRevocation.REFUSED, options);
    }

    /** As {@link Trust#pem(Path, Path, UnknownRevocation)}. */
    public static LiveTrust pem(
            Path certificates, Path revocationLists, UnknownRevocation unknown, LiveOptions options) {
        return start(certificates, revocationLists, unknown, options);
    }

    /** What is believed now. Never null, never waits. */
    @Override
    public Trust get() {
        return kept.get();
    }

    /** When a revocation list is out of date, or the last authority ends, whichever is first. */
    public Instant expires() {
        return kept.until();
    }

    /** Reads again, soon and on the own thread, whether or not a file seems to have changed. */
    public void reload() {
        kept.loadSoon();
    }

    /** Called on the own thread after each swap, until what is returned is run. */
    Runnable onSwapped(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Keeps the trust as it is now. */
    @Override
    public void close() {
        kept.close();
    }

    @Override
    public String toString() {
        return "LiveTrust[" + get() + "]";
    }

    private static LiveTrust start(
            Path certificates, Path revocationLists, UnknownRevocation unknown, LiveOptions options) {
        Clockwork clockwork = Clockwork.thread("stoq-trust");
        try {
            return start(certificates, revocationLists, unknown, options, clockwork);
        } catch (RuntimeException e) {
            clockwork.close();
            throw e;
        }
    }

    static LiveTrust start(
            Path certificates,
            Path revocationLists,
            UnknownRevocation unknown,
            LiveOptions options,
            Clockwork clockwork) {
        List<Path> files = revocationLists == null ? List.of(certificates) : List.of(certificates, revocationLists);
        String name = revocationLists == null ? "" + certificates : certificates + " with " + revocationLists;
        List<Runnable> listeners = new CopyOnWriteArrayList<>();
        LiveOptions telling = options.withListener(event -> {
            if (event instanceof LiveEvent.Swapped) {
                listeners.forEach(Runnable::run);
            }
            options.listener().accept(event);
        });
        Kept.Loader<Trust> loader = () -> load(name, certificates, revocationLists, unknown);
        return new LiveTrust(new Kept<>(name, files, false, loader, telling, clockwork), listeners);
    }

    private static Kept.Loaded<Trust> load(
            String name, Path certificates, Path revocationLists, UnknownRevocation unknown) {
        List<X509Certificate> authorities = Pem.of(certificates).certificates();
        X509Certificate last = Collections.max(authorities, Comparator.comparing(X509Certificate::getNotAfter));
        Date from = last.getNotBefore();
        Date until = last.getNotAfter();
        if (revocationLists == null) {
            return new Kept.Loaded<>(Trust.of(name, authorities), name, from.toInstant(), until.toInstant());
        }
        List<X509CRL> lists = Pem.of(revocationLists).revocationLists();
        for (X509CRL list : lists) {
            if (list.getNextUpdate() != null && list.getNextUpdate().before(until)) {
                from = list.getThisUpdate();
                until = list.getNextUpdate();
            }
        }
        Trust trust = Trust.of(name, authorities, lists, unknown);
        return new Kept.Loaded<>(trust, name, from.toInstant(), until.toInstant());
    }
}
