package io.stoq.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.guide.Page.Program;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The guide is what runs here: its programs are taken out of the pages and run as a reader would, each in a JVM of its own, and
 * have to print what the page says. Parts of programs that pages show have to stand in one that runs.
 */
class GuideTest {

    private static final int SECONDS = 90;

    /** Tests whose bodies pages show. */
    private static final List<String> SNIPPETS = List.of(
            "stoq-transport/src/test/java/io/stoq/transport/PoolGuideTest.java",
            "stoq-transport/src/test/java/io/stoq/transport/IdentitiesGuideTest.java",
            "stoq-crypto/src/test/java/io/stoq/trustchain/CertificatesGuideTest.java");

    @TempDir
    private Path folder;

    static Stream<Program> programs() throws Exception {
        return Page.all().stream().flatMap(page -> page.programs().stream());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aProgramPrintsWhatItsPageSays(Program program) throws Exception {
        assertNotNull(program.prints(), program.page() + " does not say what " + program.file() + " prints");
        Files.writeString(folder.resolve(program.file()), program.source());
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath(),
                        program.file())
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertTrue(java.waitFor(SECONDS, TimeUnit.SECONDS), () -> program.file() + " did not end: " + read(errors));
            assertEquals(program.prints(), Files.readString(output), () -> read(errors));
            assertEquals(0, java.exitValue(), () -> read(errors));
        } finally {
            java.destroyForcibly();
        }
    }

    /** Without the tests and their log: programs have what applications have. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        !entry.contains("test-classes") && !entry.contains("-tests.jar") && !entry.contains("logback"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    @Test
    void whatPagesShowStandsInAProgramThatRuns() throws Exception {
        StringBuilder tests = new StringBuilder();
        for (String file : SNIPPETS) {
            tests.append(Files.readString(Page.root().resolve(file)));
        }
        String snippets = squeeze(tests.toString());
        int shown = 0;
        for (Page page : Page.all()) {
            String programs =
                    squeeze(page.programs().stream().map(Program::source).collect(Collectors.joining("\n")));
            for (String excerpt : page.excerpts()) {
                String code = squeeze(excerpt);
                assertTrue(programs.contains(code) || snippets.contains(code), page.name() + " shows " + excerpt);
                shown++;
            }
        }
        assertTrue(shown > 8, "pages were found");
    }

    private static String squeeze(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }

    @Test
    void linksLeadSomewhereAndTheIndexHasEachPage() throws Exception {
        Path guide = Page.root().resolve("docs/guide");
        List<Page> pages = Page.all();
        for (Page page : pages) {
            for (String link : page.links()) {
                assertTrue(Files.exists(guide.resolve(link)), page.name() + " links to " + link);
            }
        }
        Page index = pages.stream()
                .filter(page -> page.name().equals("README.md"))
                .findFirst()
                .orElseThrow();
        Set<String> missing = pages.stream()
                .map(Page::name)
                .filter(name -> !name.equals(index.name()) && !index.links().contains(name))
                .collect(Collectors.toSet());
        assertEquals(Set.of(), missing);
        assertFalse(pages.isEmpty());
    }
}
