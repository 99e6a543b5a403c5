package io.stoq.trustchain;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The disk as the authority sees it. Between two calls power may fail; then what was not synchronized is there, or is not,
 * or is there in part. All that an authority writes goes through here, so that a test can cut power at each call.
 */
interface Disk {

    boolean exists(Path file);

    /** @throws IOException also where the file has more than 2 GiB */
    byte[] read(Path file) throws IOException;

    /**
     * Makes a file or replaces its bytes.
     *
     * @param secret whether only the owner may read it
     */
    void write(Path file, byte[] bytes, boolean secret) throws IOException;

    void append(Path file, byte[] bytes) throws IOException;

    void truncate(Path file, long bytes) throws IOException;

    /** Returns when the bytes of the file outlast a power cut. */
    void sync(Path file) throws IOException;

    /** Names a file anew, in place of the one that had the name; never both or neither. */
    void rename(Path from, Path to) throws IOException;

    /** Returns when the names in the folder outlast a power cut. */
    void syncFolder(Path folder) throws IOException;

    /** Makes a folder and those above it; nothing happens where it is there. */
    void createFolder(Path folder) throws IOException;

    /** Keeps other processes out until it is closed; null where one is in. */
    Lock lock(Path file) throws IOException;

    /** Replaces a file whole: whenever power fails, the old bytes or the new ones are there. */
    default void replace(Path file, byte[] bytes, boolean secret) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        write(fresh, bytes, secret);
        sync(fresh);
        rename(fresh, file);
        syncFolder(file.toAbsolutePath().getParent());
    }

    /** A lock of a process. */
    interface Lock extends AutoCloseable {

        @Override
        void close() throws IOException;
    }
}
