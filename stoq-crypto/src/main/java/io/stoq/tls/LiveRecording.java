package io.stoq.tls;

import java.time.Instant;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Tells Java Flight Recorder, where this Java has one. */
final class LiveRecording {

    private static final boolean THERE =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private LiveRecording() {}

    static void record(LiveEvent event) {
        if (THERE) {
            Recorded.commit(event);
        }
    }

    /** Apart, so that it is not loaded where there is no recorder. */
    @Name("io.stoq.Credentials")
    @Label("Credentials")
    @Description("An identity or a trust that is kept up to date was swapped, could not be, or is about to end")
    @Category("STOQ")
    @StackTrace(false)
    static final class Recorded extends Event {

        @Label("Source")
        String source;

        @Label("Change")
        @Description("swapped, refused, expiring")
        String change;

        @Label("Detail")
        @Description("What is in use, or why something else is not")
        String detail;

        @Label("Expires")
        String expires;

        static void commit(LiveEvent told) {
            Recorded event = new Recorded();
            event.source = told.source();
            switch (told) {
                case LiveEvent.Swapped swapped -> event.fill("swapped", swapped.what(), swapped.expires());
                case LiveEvent.Refused refused -> event.fill("refused", refused.reason(), null);
                case LiveEvent.Expiring expiring -> event.fill("expiring", expiring.what(), expiring.expires());
            }
            event.commit();
        }

        private void fill(String change, String detail, Instant expires) {
            this.change = change;
            this.detail = detail;
            this.expires = expires == null ? null : expires.toString();
        }
    }
}
