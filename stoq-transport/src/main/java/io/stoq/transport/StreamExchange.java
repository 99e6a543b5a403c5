package io.stoq.transport;

import io.stoq.StoqStream;
import java.io.IOException;

/**
 * A request and its answer on one stream.
 *
 * @param <T> what it comes to
 */
@FunctionalInterface
public interface StreamExchange<T> {

    /** May run again on another stream where the connection ended before anything of this one was sent. */
    T on(StoqStream stream) throws IOException;
}
