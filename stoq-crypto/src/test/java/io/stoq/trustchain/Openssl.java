package io.stoq.trustchain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The openssl command, run in a folder. */
final class Openssl {

    private static final long TIMEOUT_S = 60;

    private final Path folder;

    Openssl(Path folder) {
        this.folder = folder;
    }

    static boolean isHere() {
        try {
            Process process = new ProcessBuilder("openssl", "version")
                    .redirectErrorStream(true)
                    .start();
            process.getInputStream().readAllBytes();
            return process.waitFor(TIMEOUT_S, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs a command that must succeed. @return what it said */
    String run(String command) throws Exception {
        Result result = execute(command);
        assertEquals(0, result.exit, () -> "openssl " + command + ": " + result.output);
        return result.output;
    }

    /** Runs a command that must fail, and say these words. */
    void assertFails(String command, String... words) throws Exception {
        Result result = execute(command);
        assertNotEquals(0, result.exit, () -> "openssl " + command + ": " + result.output);
        for (String word : words) {
            assertTrue(result.output.contains(word), result.output);
        }
    }

    private Result execute(String command) throws Exception {
        List<String> words = new ArrayList<>(List.of("openssl"));
        words.addAll(List.of(command.split(" ")));
        Path output = Files.createTempFile(folder, "openssl", ".log");
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("openssl " + command + " did not end: " + Files.readString(output));
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    private record Result(int exit, String output) {}
}
