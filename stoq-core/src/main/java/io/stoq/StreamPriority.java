package io.stoq;

/**
 * What a stream's bytes are worth beside those of the connection's other streams, with the meaning of RFC 9218 §4. It orders
 * what this side sends and is never told to the peer.
 *
 * <p>Of the streams that have something to send and may send it, those of the lowest urgency go first, and all others wait:
 * a stream that never rests keeps the less urgent ones from sending. Among streams of one urgency, the incremental ones take
 * turns of one frame. Those that are not incremental go one after the other, in the order of their ids; the first of them
 * takes turns with the incremental ones as if it were one. What was lost is sent again before what is new, but not before
 * what is more urgent. A stream that the peer's flow control holds back holds back no other.
 *
 * @param urgency 0 for what cannot wait, to 7 for what can
 * @param incremental whether a part of the stream is of use without the rest
 */
public record StreamPriority(int urgency, boolean incremental) {

    /** Most urgent. */
    public static final int MIN_URGENCY = 0;

    /** Least urgent. */
    public static final int MAX_URGENCY = 7;

    /**
     * That of streams that were given no other: urgency 3, and incremental, so that streams share the connection. HTTP's
     * default (RFC 9218 §4.2) is not incremental.
     */
    public static final StreamPriority DEFAULT = new StreamPriority(3, true);

    /** @throws IllegalArgumentException where the urgency is not within 0..7 */
    public StreamPriority {
        if (urgency < MIN_URGENCY || urgency > MAX_URGENCY) {
            throw new IllegalArgumentException(
                    "urgency is " + urgency + "; it must be within " + MIN_URGENCY + ".." + MAX_URGENCY);
        }
    }
}
