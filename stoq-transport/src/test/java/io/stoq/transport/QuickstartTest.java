package io.stoq.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stoq.StoqConnection;
import io.stoq.StoqServer;
import io.stoq.StoqStream;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the README shows, word for word. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class QuickstartTest {

    private final Identity identity = Identity.selfSigned("localhost", "::1");

    private StoqServer startServer(StoqTransport transport) throws Exception {
        // tag::server[]
        StoqTls tls = StoqTls.builder()
                .identity(identity) // or Identity.ofPem(Path.of("cert.pem"), Path.of("key.pem"))
                .applicationProtocols("echo")
                .build();
        StoqServer server = transport
                .server()
                .tls(tls)
                .bind("::1", 0)
                .onStream(
                        stream -> { // each stream on a virtual thread of its own
                            stream.inputStream().transferTo(stream.outputStream());
                        })
                .start();
        // end::server[]
        return server;
    }

    private String askServer(StoqTransport transport, int port) throws Exception {
        // tag::client[]
        StoqTls tls = StoqTls.builder()
                .trust(Trust.certificates(identity.certificates().getFirst())) // or Trust.platform()
                .applicationProtocols("echo")
                .build();
        try (StoqConnection connection = transport.client().tls(tls).connect("::1", port);
                StoqStream stream = connection.openStream()) {
            stream.write("hello".getBytes(StandardCharsets.UTF_8), 0, 5);
            stream.finish();
            return new String(stream.inputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
        // end::client[]
    }

    @Test
    void aServerEchoesWhatAClientSends() throws Exception {
        try (StoqTransport transport = StoqTransport.create();
                StoqServer server = startServer(transport)) {
            assertEquals("hello", askServer(transport, server.localAddress().getPort()));
        }
    }
}
