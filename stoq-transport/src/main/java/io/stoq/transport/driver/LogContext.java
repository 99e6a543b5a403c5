package io.stoq.transport.driver;

import org.slf4j.MDC;

/**
 * Names the connection that what is logged belongs to, in the MDC, for as long as it is open. Of the thread that opened it.
 *
 * <p>What is logged: what happened, addresses, ids, and why. Never what connections carry, and never a key.
 */
final class LogContext implements AutoCloseable {

    /** The connection id that this side chose for the handshake, hexadecimal. */
    static final String KEY = "stoq.connection";

    private final String outer;

    private LogContext(String outer) {
        this.outer = outer;
    }

    static LogContext of(LoopConnection connection) {
        LogContext context = new LogContext(MDC.get(KEY));
        MDC.put(KEY, connection.logId());
        return context;
    }

    /** What a peer may have written, on one line: control characters would forge lines of a log. */
    static String oneLine(String words) {
        StringBuilder line = new StringBuilder(words);
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                line.setCharAt(i, '?');
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        if (outer == null) {
            MDC.remove(KEY);
        } else {
            MDC.put(KEY, outer);
        }
    }
}
