package io.stoq.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** Appends each line to a file, whole lines only. For any thread of this process. */
record KeyLogFile(Path file) implements Consumer<String> {

    @Override
    public synchronized void accept(String line) {
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("key log " + file + " cannot be written", e);
        }
    }
}
