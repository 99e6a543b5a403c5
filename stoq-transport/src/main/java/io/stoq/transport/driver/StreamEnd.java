package io.stoq.transport.driver;

import io.stoq.CloseReason;
import io.stoq.StoqException;

/** How one direction of a stream ended before its time, or at its end; the exception is made where it is thrown. */
sealed interface StreamEnd {

    /** The peer's last byte was taken. */
    record Finished() implements StreamEnd {}

    /** This side reset or stopped it. */
    record Abandoned() implements StreamEnd {}

    /** The peer reset it, or asked to stop sending. */
    record ByPeer(long code) implements StreamEnd {}

    /** This side reset both directions, because the connection held too much memory. */
    record OverBudget() implements StreamEnd {}

    /** The connection ended. */
    record WithConnection(CloseReason reason) implements StreamEnd {}

    default StoqException toWriter(LoopStream stream) {
        return switch (this) {
            case Finished() -> throw new IllegalStateException("a writer's direction is finished by the writer");
            case Abandoned() -> new StoqException.Closed("stream " + stream.id() + " was reset by this side");
            case ByPeer(long code) -> new StoqException.StreamReset(stream.id(), code, true);
            case OverBudget() -> new StoqException.OverBudget(stream.id());
            case WithConnection(CloseReason reason) -> new StoqException.ConnectionClosed(reason);
        };
    }

    default StoqException toReader(LoopStream stream) {
        return switch (this) {
            case Finished() -> throw new IllegalStateException("the end of a stream is no failure");
            case Abandoned() ->
                new StoqException.Closed(
                        "stream " + stream.id() + " was stopped by this side; nothing" + " more can be read");
            case ByPeer(long code) -> new StoqException.StreamReset(stream.id(), code, false);
            case OverBudget() -> new StoqException.OverBudget(stream.id());
            case WithConnection(CloseReason reason) -> new StoqException.ConnectionClosed(reason);
        };
    }
}
