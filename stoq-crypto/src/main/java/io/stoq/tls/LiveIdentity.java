package io.stoq.tls;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * An identity that is replaced while connections go on: each handshake shows the one of its time. It is loaded again when the
 * content of its files changes, and ahead of its end where its source makes new ones. What is broken or out of date does not
 * replace anything: the last good one stays, and log and listener are told the file and the reason.
 *
 * <pre>{@code
 * LiveIdentity identity = LiveIdentity.start(IdentitySource.pem(chain, key));
 * StoqTls tls = StoqTls.builder().identity(identity).applicationProtocols("echo").build();
 * }</pre>
 *
 * <p>For any number of threads and {@link StoqTls}; it has one thread of its own until it is closed.
 */
public final class LiveIdentity implements Supplier<Identity>, AutoCloseable {

    private final Kept<Identity> kept;

    private LiveIdentity(Kept<Identity> kept) {
        this.kept = kept;
    }

    /**
     * Loads the first one, and looks every five seconds from then on.
     *
     * @throws IllegalArgumentException where that is broken or out of date
     */
    public static LiveIdentity start(IdentitySource source) {
        return start(source, LiveOptions.defaults());
    }

    /** As {@link #start(IdentitySource)}, with a listener and an interval of one's own. */
    public static LiveIdentity start(IdentitySource source, LiveOptions options) {
        Clockwork clockwork = Clockwork.thread("stoq-identity");
        try {
            return start(source, options, clockwork);
        } catch (RuntimeException e) {
            clockwork.close();
            throw e;
        }
    }

    static LiveIdentity start(IdentitySource source, LiveOptions options, Clockwork clockwork) {
        return new LiveIdentity(new Kept<>(
                source.name(), source.files(), source.renews(), () -> load(source, clockwork), options, clockwork));
    }

    /** The one that is in use. Never null, never waits. */
    @Override
    public Identity get() {
        return kept.get();
    }

    /** When the one in use ends: the first of its chain that does. */
    public Instant expires() {
        return kept.until();
    }

    /** Loads again, soon and on the own thread, whether or not a file seems to have changed. */
    public void reload() {
        kept.loadSoon();
    }

    /** Keeps the identity as it is now. */
    @Override
    public void close() {
        kept.close();
    }

    @Override
    public String toString() {
        return "LiveIdentity[" + get() + "]";
    }

    private static Kept.Loaded<Identity> load(IdentitySource source, Clockwork clockwork) throws IOException {
        Identity identity = source.load();
        Instant now = clockwork.now();
        X509Certificate own = identity.certificates().getFirst();
        Instant until = own.getNotAfter().toInstant();
        for (X509Certificate certificate : identity.certificates()) {
            Instant first = certificate.getNotBefore().toInstant();
            Instant last = certificate.getNotAfter().toInstant();
            String whose = source.name() + ": certificate of " + certificate.getSubjectX500Principal();
            if (now.isAfter(last)) {
                throw new IOException(whose + " expired at " + last
                        + "; renew it, or set this machine's clock right (it" + " says " + now + ")");
            }
            if (now.isBefore(first)) {
                throw new IOException(whose + " is valid only from " + first
                        + "; set this machine's clock right (it says " + now + ")");
            }
            until = last.isBefore(until) ? last : until;
        }
        return new Kept.Loaded<>(
                identity, identity.toString(), own.getNotBefore().toInstant(), until);
    }
}
