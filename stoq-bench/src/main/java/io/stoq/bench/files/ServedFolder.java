package io.stoq.bench.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** A folder whose regular files, and nothing outside it, are given to whoever asks. Immutable. */
public final class ServedFolder {

    private final Path root;

    private ServedFolder(Path root) {
        this.root = root;
    }

    /** @throws IOException where it is no folder, or cannot be read */
    public static ServedFolder of(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        return new ServedFolder(folder.toRealPath());
    }

    /** The folder's true path. */
    public Path root() {
        return root;
    }

    /**
     * The regular file that a request's target means, or null where there is none to give: it does not exist, it is no
     * regular file, or it lies outside the folder, be it by {@code ..} or by a symbolic link.
     *
     * @param target begins with a slash; percent-encoded
     */
    Path find(String target) {
        String name = target.startsWith("/") ? decode(target.substring(1)) : null;
        if (name == null || name.isEmpty() || name.startsWith("/") || name.indexOf('\0') >= 0) {
            return null;
        }
        try {
            Path asked = root.resolve(name).normalize();
            if (!asked.startsWith(root)) {
                return null;
            }
            Path real = asked.toRealPath();
            return real.startsWith(root) && Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS) ? real : null;
        } catch (InvalidPathException | IOException e) {
            return null;
        }
    }

    /** Null where an escape is malformed. RFC 3986 §2.1. */
    static String decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.write(raw[i]);
                continue;
            }
            boolean whole = i + 2 < raw.length;
            int high = whole ? Character.digit(raw[i + 1], 16) : -1;
            int low = whole ? Character.digit(raw[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
