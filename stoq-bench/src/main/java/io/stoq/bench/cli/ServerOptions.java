package io.stoq.bench.cli;

import io.stoq.bench.net.HostPort;
import io.stoq.bench.terminal.Screen;
import io.stoq.tls.Identity;
import io.stoq.tls.IdentitySource;
import io.stoq.tls.LiveIdentity;
import io.stoq.tls.StoqTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Where a server listens, and who it is. */
final class ServerOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            defaultValue = "::",
            converter = Ipv6.class,
            description = "IPv6 address to listen on. Default: all of this machine's.")
    private String listen;

    @ArgGroup(exclusive = false)
    private Files files;

    @ArgGroup(exclusive = false, heading = "Clients must show a certificate where --trust is given:%n")
    private AuthorityOptions clients;

    private int port;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "4433",
            description = "UDP port to listen on, 0 for any free one. Default: ${DEFAULT-VALUE}.")
    private void port(int value) {
        port = Range.check(spec, "--port", value, 0, 65_535);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.ofLiteral(listen), port);
    }

    /** The given certificate, or a fresh one signed by itself for this machine's usual names. */
    Identity identity() {
        return files == null ? Identity.selfSigned("localhost", "::1") : Identity.ofPem(files.certificate, files.key);
    }

    /**
     * Sets who the server is, and which clients it lets in: all, where nothing was said. Files are read again when they
     * change, for as long as the process runs.
     */
    StoqTls.Builder apply(StoqTls.Builder tls, Identity identity) {
        if (files == null) {
            tls.identity(identity);
        } else {
            tls.identity(LiveIdentity.start(IdentitySource.pem(files.certificate, files.key)));
        }
        return clients == null ? tls : tls.trust(clients.live()).requireClientCertificate(true);
    }

    /** Says how clients can trust a certificate that no authority signed. */
    void show(Identity identity, Screen screen) {
        if (files == null) {
            screen.line("self-signed certificate, trusted by clients with");
            screen.line("  --fingerprint " + identity.sha256Fingerprint());
        }
    }

    private static final class Files {

        @Option(
                names = "--cert",
                paramLabel = "FILE",
                required = true,
                description = "Certificate chain, PEM, the server's own first. Default: one signed by itself.")
        private Path certificate;

        @Option(names = "--key", paramLabel = "FILE", required = true, description = "Its private key, PEM.")
        private Path key;
    }

    private static final class Ipv6 implements ITypeConverter<String> {

        @Override
        public String convert(String value) {
            try {
                return HostPort.ipv6(
                        value.startsWith("[") && value.endsWith("]") ? value.substring(1, value.length() - 1) : value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
