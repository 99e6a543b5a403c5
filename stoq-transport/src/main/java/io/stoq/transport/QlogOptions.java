package io.stoq.transport;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Which connections are recorded as qlog files, and where.
 *
 * @param folder that gets a file for each connection recorded, {@code <connection id>_client.sqlog} or {@code _server}; made
 *     where it is missing
 * @param sampleEvery of so many connections one is recorded, 1 or more
 * @param maxFileBytes after which a file gets no more, 64 KiB or more
 * @param maxFiles that are written; later connections are not recorded
 * @param schema how events are called
 */
public record QlogOptions(Path folder, int sampleEvery, long maxFileBytes, int maxFiles, Schema schema) {

    /** Which tools read the files. */
    public enum Schema {

        /** The IETF's drafts of today: JSON text sequences, the namespace {@code quic}. */
        IETF,

        /** qlog 0.3, the newest that qvis reads: the same events by their older names. */
        QVIS
    }

    private static final long DEFAULT_MAX_FILE_BYTES = 256L << 20;
    private static final int DEFAULT_MAX_FILES = 10_000;

    public QlogOptions {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(schema, "schema");
        if (sampleEvery < 1) {
            throw new IllegalArgumentException("sampleEvery is " + sampleEvery + "; it must be 1 or more");
        }
        if (maxFileBytes < 64 << 10) {
            throw new IllegalArgumentException("maxFileBytes is " + maxFileBytes + "; it must be 64 KiB or more");
        }
        if (maxFiles < 1) {
            throw new IllegalArgumentException("maxFiles is " + maxFiles + "; it must be 1 or more");
        }
    }

    /** All connections up to the 10,000th, 256 MiB each at most, in the IETF's schema. */
    public static QlogOptions to(Path folder) {
        return new QlogOptions(folder, 1, DEFAULT_MAX_FILE_BYTES, DEFAULT_MAX_FILES, Schema.IETF);
    }

    /** The same for one of so many connections, 1 or more. */
    public QlogOptions withSampleEvery(int connections) {
        return new QlogOptions(folder, connections, maxFileBytes, maxFiles, schema);
    }

    /** The same with another bound of each file, 64 KiB or more. */
    public QlogOptions withMaxFileBytes(long bytes) {
        return new QlogOptions(folder, sampleEvery, bytes, maxFiles, schema);
    }

    /** The same with another number of files, 1 or more. */
    public QlogOptions withMaxFiles(int files) {
        return new QlogOptions(folder, sampleEvery, maxFileBytes, files, schema);
    }

    /** The same for other tools. */
    public QlogOptions withSchema(Schema names) {
        return new QlogOptions(folder, sampleEvery, maxFileBytes, maxFiles, names);
    }
}
