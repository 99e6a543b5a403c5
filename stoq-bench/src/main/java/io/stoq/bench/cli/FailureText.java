package io.stoq.bench.cli;

import io.stoq.CloseReason;
import io.stoq.StoqException;
import io.stoq.trustchain.TrustChainException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Turns whatever went wrong into one sentence: what, at which value, and what to do. */
public final class FailureText {

    // TLS alerts, RFC 8446 §6.2 and RFC 7301 §3.2.
    private static final int BAD_CERTIFICATE = 42;
    private static final int CERTIFICATE_EXPIRED = 45;
    private static final int CERTIFICATE_UNKNOWN = 46;
    private static final int UNKNOWN_CA = 48;
    private static final int NO_APPLICATION_PROTOCOL = 120;

    private FailureText() {}

    /** One line without a full stop; several where a {@link UserError} has several. */
    public static String of(Throwable failure) {
        return failure instanceof UserError several ? several.getMessage() : oneLine(describe(failure));
    }

    private static String describe(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapper when wrapper.getCause() != null -> describe(wrapper.getCause());
            case ExecutionException wrapper when wrapper.getCause() != null -> describe(wrapper.getCause());
            case UncheckedIOException wrapper -> describe(wrapper.getCause());
            case StoqException.ConnectionClosed closed -> describe(closed.reason());
            case StoqException known -> known.getMessage();
            case UserError known -> known.getMessage();
            case TrustChainException known -> known.getMessage();
            case NoSuchFileException missing -> missing.getFile() + " does not exist; check the path";
            case FileAlreadyExistsException file -> file.getFile() + " is a file, no folder; name another";
            case NotDirectoryException file -> file.getFile() + " is no folder; name one";
            case AccessDeniedException denied -> denied.getFile() + " may not be opened; check its permissions";
            case FileSystemException file -> file.getMessage() + "; check the path, its permissions and the free space";
            case IOException io when io.getMessage() != null -> io.getMessage();
            case IllegalArgumentException value when value.getMessage() != null -> value.getMessage();
            case UnsupportedOperationException missing when missing.getMessage() != null -> missing.getMessage();
            default -> "unexpected failure, please report it with what --debug adds: " + failure;
        };
    }

    private static String describe(CloseReason reason) {
        return switch (reason) {
            case CloseReason.Tls tls -> describe(tls);
            case CloseReason.HandshakeTimeout timeout ->
                timeout.describe() + "; check the address, the port (UDP) and the server";
            case CloseReason.IdleTimeout timeout ->
                timeout.describe() + "; it was stopped, or the network between is broken";
            default -> reason.describe();
        };
    }

    private static String describe(CloseReason.Tls tls) {
        if (tls.alert() == NO_APPLICATION_PROTOCOL) {
            return "the server speaks no application protocol (ALPN) that was offered" + words(tls)
                    + "; check that it is the right kind of server";
        }
        if (tls.byPeer()) {
            return tls.describe();
        }
        return switch (tls.alert()) {
            case BAD_CERTIFICATE, CERTIFICATE_EXPIRED, CERTIFICATE_UNKNOWN, UNKNOWN_CA ->
                "the server's certificate is refused" + words(tls)
                        + "; give --trust FILE with its authority, or --fingerprint HEX of the certificate itself";
            default -> tls.describe();
        };
    }

    /** The library's remedies name methods; the tools have options for them. */
    private static String words(CloseReason.Tls tls) {
        String reason = tls.reason() == null ? "" : tls.reason();
        int remedy = reason.indexOf("; trust it with Trust.");
        if (remedy >= 0) {
            int pin = reason.indexOf("Trust.fingerprint(\"", remedy);
            String fingerprint = pin < 0 ? "" : reason.substring(pin).replaceAll("^[^\"]*\"|\".*$", "");
            reason = reason.substring(0, remedy) + (fingerprint.isEmpty() ? "" : "; its fingerprint is " + fingerprint);
        }
        return reason.isEmpty() ? "" : ": " + reason;
    }

    /** Peers choose some of the words: nothing of theirs may move the cursor. */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).forEach(line::appendCodePoint);
        return line.toString().strip();
    }
}
