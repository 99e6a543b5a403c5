package io.stoq.bench.perf;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How small messages travel in a measurement. */
public enum MessageKind {
    /** As writes to a stream of each sending thread, as fast as it takes them. */
    STREAM,
    /** As datagrams, as fast as the connection takes them. */
    DATAGRAM,
    /** To and fro on a stream of each sending thread, at a fixed rate, for the time that takes. */
    ECHO;

    /** As on the command line. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
