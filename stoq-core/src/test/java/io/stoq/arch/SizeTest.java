package io.stoq.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The size budget: what grows past it is cut into parts that own their state. */
class SizeTest {
    private static final int MAX_FILE_LINES = 800;
    private static final int MAX_CONNECTION_FIELDS = 20;

    @Test
    void noSourceFileIsLongerThanTheBudget() throws IOException {
        try (Stream<Path> modules = Files.list(projectRoot())) {
            List<String> tooLong = modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(SizeTest::javaFiles)
                    .filter(file -> lines(file) > MAX_FILE_LINES)
                    .map(file -> file + ": " + lines(file) + " lines")
                    .toList();
            assertEquals(List.of(), tooLong, "files of more than " + MAX_FILE_LINES + " lines");
        }
    }

    @Test
    void theConnectionOnlyRoutesBetweenFewComponents() {
        Class<?> connection = connectionClass();
        assumeTrue(connection != null, "no Connection yet");
        List<String> fields = Arrays.stream(connection.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .map(Field::getName)
                .toList();
        assertTrue(fields.size() <= MAX_CONNECTION_FIELDS, () -> fields.size() + " fields: " + fields);
    }

    private static Class<?> connectionClass() {
        try {
            return Class.forName("io.stoq.connection.Connection", false, SizeTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static Path projectRoot() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mvnw"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    private static Stream<Path> javaFiles(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
