package io.stoq.transport.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A stream's receiving direction as the JDK knows it. Thread-safe. */
final class StreamInputStream extends InputStream {

    private final LoopStream stream;
    private final StreamInput input;

    StreamInputStream(LoopStream stream, StreamInput input) {
        this.stream = stream;
        this.input = input;
    }

    @Override
    public int read() throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        return stream.read(one) < 0 ? -1 : one.get(0) & 0xff;
    }

    @Override
    public int read(byte[] target, int at, int length) throws IOException {
        return stream.read(target, at, length);
    }

    @Override
    public int available() {
        return input.available();
    }

    @Override
    public void close() {
        if (!input.isExhausted()) {
            stream.stopSending(0);
        }
    }
}
