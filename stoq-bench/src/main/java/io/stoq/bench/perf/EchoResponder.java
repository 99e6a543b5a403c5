package io.stoq.bench.perf;

import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import java.nio.ByteBuffer;

/** Sends what comes back on the same stream, at once. Under back-pressure it leaves the rest with the stream. */
final class EchoResponder implements StreamEvents {

    private final Tally tally;

    EchoResponder(Tally tally) {
        this.tally = tally;
    }

    @Override
    public void onData(StoqStream stream, ByteBuffer data) {
        int length = data.remaining();
        try {
            if (stream.tryWrite(data)) {
                tally.receivedBytes.add(length);
            }
        } catch (StoqException e) {
            // The client wants no more; what it sends still is of no use.
            data.position(data.limit());
        }
    }

    @Override
    public void onWritable(StoqStream stream) {
        stream.resume();
    }

    @Override
    public void onFinished(StoqStream stream) {
        stream.close();
    }
}
