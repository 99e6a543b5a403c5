package io.stoq.bench.cli;

import io.stoq.trustchain.TrustChain;
import io.stoq.trustchain.TrustChainException;
import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** The password of an authority's keys: from a file, from a variable, or asked for. */
final class PasswordOptions {

    private static final String VARIABLE = "STOQ_CA_PASSWORD";
    private static final int MAX_FILE_BYTES = 4096;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Its first line is the password. Default: the variable " + VARIABLE + ", or what is typed.")
    private Path file;

    /** What needs the password and lasts longer than it. */
    interface Use<T> {

        T with(char[] password) throws TrustChainException;
    }

    /** Opens an authority. */
    TrustChain open(Path folder) throws UserError, TrustChainException {
        return use(false, password -> TrustChain.open(folder, password));
    }

    /**
     * Lends the password, and wipes it.
     *
     * @param isNew whether it is made up now: then it is asked for twice
     */
    <T> T use(boolean isNew, Use<T> use) throws UserError, TrustChainException {
        char[] password = password(isNew);
        try {
            if (password.length == 0) {
                throw new UserError("the password is empty; give one in a file, in " + VARIABLE + ", or type it");
            }
            return use.with(password);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private char[] password(boolean isNew) throws UserError {
        if (file != null) {
            return ofFile();
        }
        String variable = System.getenv(VARIABLE);
        if (variable != null) {
            return variable.toCharArray();
        }
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new UserError("no password; give --password-file FILE or the variable " + VARIABLE);
        }
        char[] typed = console.readPassword("Password of the authority: ");
        if (typed == null) {
            throw new UserError("no password was typed");
        }
        if (isNew) {
            char[] again = console.readPassword("The same again: ");
            boolean same = again != null && Arrays.equals(typed, again);
            if (again != null) {
                Arrays.fill(again, '\0');
            }
            if (!same) {
                throw new UserError("these are two passwords; type the same twice");
            }
        }
        return typed;
    }

    private char[] ofFile() throws UserError {
        byte[] bytes;
        try {
            if (Files.isDirectory(file)) {
                throw new UserError("--password-file " + file + " is a folder; name a file");
            }
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new UserError("--password-file " + file + " has more than " + MAX_FILE_BYTES + " bytes");
            }
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError("--password-file " + file + " cannot be read; check the path and its permissions", e);
        }
        CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
        int end = 0;
        while (end < text.length() && text.get(end) != '\n' && text.get(end) != '\r') {
            end++;
        }
        char[] password = Arrays.copyOf(text.array(), end);
        Arrays.fill(text.array(), '\0');
        Arrays.fill(bytes, (byte) 0);
        return password;
    }
}
