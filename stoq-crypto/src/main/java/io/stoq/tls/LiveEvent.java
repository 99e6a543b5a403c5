package io.stoq.tls;

import java.time.Instant;

/** What became of something that is kept up to date: a {@link LiveIdentity} or a {@link LiveTrust}. */
public sealed interface LiveEvent {

    /** The files or other source that it is about. */
    String source();

    /**
     * There is a new one, for all handshakes from now on. Connections that are open stay as they are.
     *
     * @param what the new one
     * @param expires when it ends, or null where it does not
     */
    record Swapped(String source, String what, Instant expires) implements LiveEvent {}

    /**
     * What was to be the new one is broken or did not come; the last good one stays.
     *
     * @param reason names the file and what is wrong
     */
    record Refused(String source, String reason) implements LiveEvent {}

    /**
     * A sixth of its time is left, or none, and no new one has come. Told once for each of both.
     *
     * @param what the one that is in use
     * @param expires when it ends or ended
     */
    record Expiring(String source, String what, Instant expires) implements LiveEvent {}
}
