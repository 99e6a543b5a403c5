package io.stoq.transport.driver;

/**
 * The streams of a connection that have ended, with bytes that a reader has not taken yet. Confined to the loop.
 *
 * <p>Nothing of the engine knows them any more, so it is here that their buffers are kept track of: until the connection
 * ends, or until so many newer ones came that the application has probably lost interest. Its bytes can be read even then.
 */
final class UnreadStreams {

    private static final int MAX_STREAMS = 16;

    private StreamInput[] newest;
    private int at;

    void add(StreamInput input) {
        if (newest == null) {
            newest = new StreamInput[MAX_STREAMS];
        }
        if (newest[at] != null) {
            newest[at].abandonBuffers();
        }
        newest[at] = input;
        at = (at + 1) % MAX_STREAMS;
    }

    /** The connection ended. */
    void abandonBuffers() {
        if (newest != null) {
            for (StreamInput input : newest) {
                if (input != null) {
                    input.abandonBuffers();
                }
            }
            newest = null;
        }
    }
}
