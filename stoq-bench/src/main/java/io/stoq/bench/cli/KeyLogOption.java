package io.stoq.bench.cli;

import io.stoq.tls.StoqTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine.Option;

/** Where the secrets go that decrypt a recording. */
final class KeyLogOption {

    @Option(
            names = "--keylog",
            paramLabel = "FILE",
            description = "Append the TLS secrets to this file, for Wireshark. Default: the SSLKEYLOGFILE variable.")
    private Path file;

    /** Writes the log where one is asked for; a file that cannot be written fails now rather than in the handshake. */
    StoqTls.Builder apply(StoqTls.Builder tls) throws UserError {
        String variable = System.getenv("SSLKEYLOGFILE");
        Path target = file != null || variable == null || variable.isEmpty() ? file : Path.of(variable);
        if (target == null) {
            return tls;
        }
        try {
            Files.write(target, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UserError(
                    "key log " + target + " cannot be written; name a file in a folder that you may write", e);
        }
        return tls.keyLog(target);
    }
}
