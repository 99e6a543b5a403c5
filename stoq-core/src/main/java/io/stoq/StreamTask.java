package io.stoq;

/** What a server does with a stream that a client opened, on a virtual thread of its own. */
@FunctionalInterface
public interface StreamTask {

    /**
     * Returning closes the stream, as {@link StoqStream#close()}. Throwing resets it in both directions with application
     * code {@value ConnectionTask#FAILED}; failures other than those of a stream or connection that the peer ended are
     * logged.
     */
    void run(StoqStream stream) throws Exception;
}
