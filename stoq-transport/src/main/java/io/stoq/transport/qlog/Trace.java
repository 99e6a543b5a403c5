package io.stoq.transport.qlog;

import io.stoq.telemetry.Telemetry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;

/** One connection's file. Confined to the thread that writes, but for what its loop asks. */
final class Trace {

    final Telemetry.Origin origin;
    final Instant startedAt;

    // The loop asks
    private volatile boolean closed;

    // The writer
    private OutputStream out;
    private long bytes;

    Trace(Telemetry.Origin origin, Instant startedAt) {
        this.origin = origin;
        this.startedAt = startedAt;
    }

    /** A name that no peer has a say in. */
    Path in(Path folder) {
        return folder.resolve(
                HexFormat.of().formatHex(origin.localId()) + (origin.server() ? "_server" : "_client") + ".sqlog");
    }

    /** Whether nothing more is taken: the file is full, or done, or could not be written. Any thread. */
    boolean isClosed() {
        return closed;
    }

    boolean isOpen() {
        return out != null;
    }

    void open(OutputStream stream) {
        out = stream;
    }

    long bytes() {
        return bytes;
    }

    void write(byte[] text, int length) throws IOException {
        out.write(text, 0, length);
        bytes += length;
    }

    /** No more; closing it twice does nothing. */
    void close() throws IOException {
        closed = true;
        if (out != null) {
            OutputStream open = out;
            out = null;
            open.close();
        }
    }
}
