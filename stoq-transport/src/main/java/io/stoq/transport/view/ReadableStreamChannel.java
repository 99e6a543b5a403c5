package io.stoq.transport.view;

import io.stoq.StoqException;
import io.stoq.StoqStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/** A stream's receiving direction as a channel; its base class brings what closing and interrupting mean to channels. */
public final class ReadableStreamChannel extends AbstractInterruptibleChannel implements ReadableByteChannel {

    private final StoqStream stream;
    private volatile boolean ended;

    public ReadableStreamChannel(StoqStream stream) {
        this.stream = stream;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        boolean completed = false;
        try {
            begin();
            int length = stream.read(target);
            ended |= length < 0;
            completed = true;
            return length;
        } catch (StoqException.Closed stopped) {
            throw (IOException) new ClosedChannelException().initCause(stopped);
        } finally {
            end(completed);
        }
    }

    @Override
    protected void implCloseChannel() {
        if (!ended) {
            stream.stopSending(0);
        }
    }
}
