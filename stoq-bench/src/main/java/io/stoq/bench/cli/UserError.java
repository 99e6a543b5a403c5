package io.stoq.bench.cli;

/** What people can put right: the message is a sentence that names the value at fault and the remedy. */
public final class UserError extends Exception {

    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
