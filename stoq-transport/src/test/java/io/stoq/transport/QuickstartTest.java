package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.StoqConnection;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of the README: compiled and run here, and compared with what is printed there. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class QuickstartTest {

    @TempDir
    Path directory;

    private static StoqServer startServer(StoqTransport transport, Path certificate, Path key, int port)
            throws Exception {
        // spotless:off
        StoqTls tls = StoqTls.builder()
                .identity(Identity.ofPem(certificate, key))
                .applicationProtocols("echo")
                .build();
        StoqServer server = transport.server()
                .tls(tls)
                .bind("::1", port)
                .onStream(stream -> stream.inputStream().transferTo(stream.outputStream())) // on a virtual thread each
                .start();
        // spotless:on
        return server;
    }

    private static String askServer(StoqTransport transport, Path certificate, int port) throws Exception {
        // spotless:off
        StoqTls tls = StoqTls.builder()
                .trust(Trust.pem(certificate)) // default: the platform's public authorities
                .applicationProtocols("echo")
                .build();
        try (StoqConnection connection = transport.client().tls(tls).connect("::1", port);
                StoqStream stream = connection.openStream()) {
            stream.outputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            stream.finish();
            return new String(stream.inputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
        // spotless:on
    }

    @Test
    void aServerEchoesWhatAClientSends() throws Exception {
        Path certificate = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        Identity.selfSigned("localhost", "::1").writePem(certificate, key);
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = startServer(transport, certificate, key, 0)) {
            assertEquals(
                    "hello",
                    askServer(transport, certificate, server.localAddress().getPort()));
        }
    }

    @Test
    void theReadmeShowsWhatRunsHere() throws Exception {
        Path module = Path.of("").toAbsolutePath();
        Path root = Files.exists(module.resolve("README.md")) ? module : module.getParent();
        String source = squeeze(
                Files.readString(root.resolve("stoq-transport/src/test/java/io/stoq/transport/QuickstartTest.java")));
        var blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(root.resolve("README.md")));
        int checked = 0;
        while (blocks.find()) {
            if (blocks.group(1).contains("StoqTls tls")) {
                assertTrue(source.contains(squeeze(blocks.group(1))), blocks.group(1));
                checked++;
            }
        }
        assertEquals(2, checked);
    }

    private static String squeeze(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }
}
