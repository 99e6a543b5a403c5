package io.stoq.bench.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServedFolderTest {

    @TempDir
    Path temporary;

    private Path root;
    private ServedFolder folder;

    @BeforeEach
    void fill() throws IOException {
        root = Files.createDirectories(temporary.toRealPath().resolve("public/sub"))
                .getParent();
        Files.writeString(temporary.resolve("secret"), "secret");
        Files.writeString(root.resolve("a b%c"), "odd");
        Files.writeString(root.resolve("sub/file"), "file");
        Files.createSymbolicLink(root.resolve("out"), temporary.resolve("secret"));
        Files.createSymbolicLink(root.resolve("up"), temporary);
        Files.createSymbolicLink(root.resolve("inside"), root.resolve("sub/file"));
        folder = ServedFolder.of(root);
    }

    @Test
    void filesBelowAreFound() {
        assertEquals(root.resolve("sub/file"), folder.find("/sub/file"));
        assertEquals(root.resolve("sub/file"), folder.find("/sub/../sub/file"));
    }

    @Test
    void escapesAreDecoded() {
        assertEquals(root.resolve("a b%c"), folder.find("/a%20b%25c"));
    }

    @Test
    void linksThatStayInsideAreFollowed() {
        assertEquals(root.resolve("sub/file"), folder.find("/inside"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret",
                "/sub/../../secret",
                "/%2e%2e/secret",
                "/..%2fsecret",
                "/out",
                "/up/secret",
                "//etc/passwd",
                "/%2fetc/passwd",
                "/",
                "/sub",
                "/sub/",
                "/nothing",
                "sub/file",
                "",
                "/sub/file%00",
                "/sub/file%",
                "/sub/file%zz"
            })
    void nothingElseIsGiven(String target) {
        assertNull(folder.find(target), target);
    }

    @Test
    void theFolderMustBeOne() {
        assertThrows(NoSuchFileException.class, () -> ServedFolder.of(root.resolve("missing")));
        assertThrows(NotDirectoryException.class, () -> ServedFolder.of(root.resolve("sub/file")));
    }
}
