package io.stoq.bench.perf;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Which way the bulk of the bytes goes. */
public enum Direction {
    /** From the client to the server. */
    UP,
    /** From the server to the client. */
    DOWN;

    /** As on the command line. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
