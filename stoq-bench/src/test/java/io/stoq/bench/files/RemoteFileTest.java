package io.stoq.bench.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.bench.net.HostPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteFileTest {

    @Test
    void aUrlNamesServerTargetAndFile() {
        assertEquals(
                new RemoteFile(new HostPort("::1", 4433), "/dir/file.bin", "file.bin"),
                RemoteFile.parse("https://[::1]:4433/dir/file.bin"));
    }

    @Test
    void thePortOfHttpsIsTheDefault() {
        assertEquals(
                new HostPort("server.example", 443),
                RemoteFile.parse("https://server.example/x").server());
    }

    @Test
    void targetsStayEncodedAndNamesAreDecoded() {
        RemoteFile file = RemoteFile.parse("https://[::1]/a%20b?version=2");
        assertEquals("/a%20b?version=2", file.target());
        assertEquals("a b", file.name());
    }

    @ParameterizedTest
    @CsvSource({
        "http://[::1]/x, no https URL",
        "https:x, no https URL",
        "not a url, no URL",
        "https://127.0.0.1/x, IPv6 only",
        "https://[::1]:99999/x, no port",
        "https://[::1]:4433, names no file",
        "https://[::1]:4433/, names no file",
        "https://[::1]:4433/dir/, names no file",
        "https://[::1]:4433/.., names no file",
        "https://[::1]:4433/%2e%2e, names no file",
        "https://[::1]:4433/a%2fb, names no file",
        "https://user@[::1]:4433/x, no https URL"
    })
    void whatIsWrongIsNamed(String url, String expected) {
        String message = assertThrows(IllegalArgumentException.class, () -> RemoteFile.parse(url))
                .getMessage();
        assertTrue(message.contains(expected), message);
    }
}
