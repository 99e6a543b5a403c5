package io.stoq.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is loaded again when its files change or its time is running out. Whatever goes wrong then, the last good
 * one stays. {@link #get} is for any thread; the rest happens on that of the {@link Clockwork}.
 */
final class Kept<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Kept.class);

    /** Files that are being written are left alone until they have been the same for so long. */
    private static final Duration SETTLING = Duration.ofSeconds(1);

    /** Files that do not come to rest are read nevertheless. */
    private static final int MAX_SETTLING = 10;

    private final String name;
    private final Loader<T> loader;
    private final LiveOptions options;
    private final Clockwork clockwork;
    private final WatchedFiles files;

    /** Null where it is not renewed ahead of its end. */
    private final Renewal renewal;

    private volatile Loaded<T> current;
    private int settling;

    /** How many of the two warnings of its end the current one has had. */
    private int warnings;

    /**
     * One that was loaded.
     *
     * @param what it is, in words
     * @param until when it is good for nothing any more; null for never
     */
    record Loaded<T>(T value, String what, Instant from, Instant until) {}

    /** Loads it anew. */
    interface Loader<T> {

        /** @throws IOException or any runtime exception, whose message names file and reason */
        Loaded<T> load() throws IOException;
    }

    /**
     * Loads the first one, on this thread.
     *
     * @param renews whether each loading makes a new one
     * @throws IllegalArgumentException where that fails
     */
    Kept(String name, List<Path> files, boolean renews, Loader<T> loader, LiveOptions options, Clockwork clockwork) {
        this.name = name;
        this.loader = loader;
        this.options = options;
        this.clockwork = clockwork;
        this.files = new WatchedFiles(files);
        try {
            this.current = loader.load();
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        this.renewal = renews ? new Renewal(clockwork) : null;
        if (renews) {
            renewal.onLoaded(current.until());
        }
        clockwork.after(Duration.ZERO, this::warn); // the first one may be about to end already
        clockwork.after(options.interval(), this::turn);
    }

    T get() {
        return current.value();
    }

    Instant until() {
        return current.until();
    }

    void loadSoon() {
        clockwork.after(Duration.ZERO, this::load);
    }

    @Override
    public void close() {
        clockwork.close();
    }

    private void turn() {
        Duration next = options.interval();
        try {
            if (files.changed() && ++settling < MAX_SETTLING) {
                next = next.compareTo(SETTLING) < 0 ? next : SETTLING;
            } else if (settling > 0 || renewal != null && renewal.isDue()) {
                load();
            }
            warn();
        } catch (RuntimeException e) {
            LOG.error("{} could not be looked at", name, e);
        } finally {
            clockwork.after(next, this::turn);
        }
    }

    private void load() {
        int unsettled = settling;
        settling = 0;
        try {
            Loaded<T> loaded = loader.load();
            current = loaded;
            warnings = 0;
            if (renewal != null) {
                renewal.onLoaded(loaded.until());
            }
            LOG.info("{} is in use now: {}, until {}", name, loaded.what(), loaded.until());
            tell(new LiveEvent.Swapped(name, loaded.what(), loaded.until()));
        } catch (IOException | RuntimeException e) {
            if (files.changed() && unsettled < MAX_SETTLING) {
                settling = unsettled + 1; // one file was read before they were replaced and one after: once more
                return;
            }
            if (renewal != null) {
                renewal.onFailed(current.until());
            }
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            LOG.warn("{} cannot be used, the last good one stays ({}): {}", name, current.what(), reason);
            tell(new LiveEvent.Refused(name, reason));
        }
    }

    private void warn() {
        Loaded<T> loaded = current;
        if (loaded.until() == null) {
            return;
        }
        Duration left = Duration.between(clockwork.now(), loaded.until());
        boolean soon =
                left.compareTo(Duration.between(loaded.from(), loaded.until()).dividedBy(6)) < 0;
        boolean over = left.isNegative();
        if (warnings < (over ? 2 : soon ? 1 : 0)) {
            warnings = over ? 2 : 1;
            LOG.warn("{} {} at {}: {}", name, over ? "expired" : "expires", loaded.until(), loaded.what());
            tell(new LiveEvent.Expiring(name, loaded.what(), loaded.until()));
        }
    }

    private void tell(LiveEvent event) {
        LiveRecording.record(event);
        try {
            options.listener().accept(event);
        } catch (RuntimeException e) {
            LOG.warn("the listener of {} failed at {}", name, event, e);
        }
    }
}
