package io.stoq.transport.view;

import io.stoq.StoqException;
import io.stoq.StoqStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream's sending direction as a channel; its base class brings what closing and interrupting mean to channels. */
public final class WritableStreamChannel extends AbstractInterruptibleChannel implements WritableByteChannel {

    private final StoqStream stream;
    private final AtomicInteger writing = new AtomicInteger();

    public WritableStreamChannel(StoqStream stream) {
        this.stream = stream;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        int length = source.remaining();
        boolean completed = false;
        writing.incrementAndGet();
        try {
            begin();
            stream.write(source);
            completed = true;
            return length;
        } catch (StoqException.Closed finished) {
            throw (IOException) new ClosedChannelException().initCause(finished);
        } finally {
            writing.decrementAndGet();
            end(completed);
        }
    }

    /** In the middle of a write the peer must not take what it got for the whole. */
    @Override
    protected void implCloseChannel() throws IOException {
        if (writing.get() > 0) {
            stream.reset(0);
        } else {
            stream.finish();
        }
    }
}
