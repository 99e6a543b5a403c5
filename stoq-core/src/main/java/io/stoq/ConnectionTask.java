package io.stoq;

/** What a server does with a connection, on a virtual thread of its own. */
@FunctionalInterface
public interface ConnectionTask {

    /**
     * Returning leaves the connection open. Throwing closes it with application code
     * {@value #FAILED}; failures other than {@link StoqException.ConnectionClosed} are logged.
     */
    void run(StoqConnection connection) throws Exception;

    /** The application code of connections and streams whose task failed. */
    long FAILED = 1;
}
