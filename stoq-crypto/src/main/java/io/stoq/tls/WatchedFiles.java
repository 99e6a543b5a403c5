package io.stoq.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds out whether the content of files is another one. It looks at what the names lead to now, so it sees files that are
 * written anew, renamed over, and reached through symbolic links that are swapped; and it works where the operating system
 * tells of no changes, as on network file systems. Confined to one thread.
 */
final class WatchedFiles {

    /** Up to this size the content is read each time; above, where key, time or size are others. */
    private static final long ALWAYS_READ_BYTES = 1 << 20;

    private final List<Path> files;
    private Map<Path, Stamp> seen;

    /** Takes what is there now as seen. */
    WatchedFiles(List<Path> files) {
        this.files = List.copyOf(files);
        this.seen = look(Map.of());
    }

    /** @param content SHA-256, or why there is none */
    private record Stamp(Object key, FileTime modified, long sizeBytes, String content) {}

    /** Whether any content is another one than at the last call. */
    boolean changed() {
        Map<Path, Stamp> now = look(seen);
        boolean changed = files.stream()
                .anyMatch(file -> !now.get(file).content().equals(seen.get(file).content()));
        seen = now;
        return changed;
    }

    private Map<Path, Stamp> look(Map<Path, Stamp> before) {
        return files.stream().distinct().collect(Collectors.toMap(Function.identity(), file -> {
            try {
                return stamp(file, before.get(file));
            } catch (IOException e) {
                return new Stamp(null, null, 0, e.toString());
            }
        }));
    }

    private static Stamp stamp(Path file, Stamp before) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            return new Stamp(null, null, 0, "no file"); // a pipe would wait for a writer
        }
        Stamp now = new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size(), null);
        boolean alike = before != null && now.equals(new Stamp(before.key, before.modified, before.sizeBytes, null));
        String content = alike && now.sizeBytes > ALWAYS_READ_BYTES ? before.content : sha256(file);
        return new Stamp(now.key, now.modified, now.sizeBytes, content);
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            DigestInputStream digested = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
            digested.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
