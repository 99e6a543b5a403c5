package io.stoq.transport.driver;

import java.io.IOException;
import java.io.OutputStream;

/** A stream's sending direction as the JDK knows it. Thread-safe. */
final class StreamOutputStream extends OutputStream {

    private final LoopStream stream;

    StreamOutputStream(LoopStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(int value) throws IOException {
        stream.write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int at, int length) throws IOException {
        stream.write(source, at, length);
    }

    @Override
    public void flush() {
        stream.flush();
    }

    @Override
    public void close() throws IOException {
        stream.finish();
    }
}
