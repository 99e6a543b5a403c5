package io.stoq.bench.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.stoq.bench.perf.Pattern;
import io.stoq.bench.perf.Tally;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BulkReaderTest {

    private final Tally tally = new Tally();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private static ByteBuf pattern(int at, int length) {
        ByteBuf data = Unpooled.buffer(length);
        for (int i = 0; i < length; i++) {
            data.writeByte(Pattern.bytes()[(at + i) % Pattern.PERIOD_BYTES]);
        }
        return data;
    }

    @Test
    void thePatternIsFollowedOverItsEnd() {
        EmbeddedChannel channel = new EmbeddedChannel(new BulkReader(tally, true, failure));
        channel.writeInbound(pattern(0, 200_000), pattern(200_000, 100_000), pattern(300_000, 1));
        assertEquals(300_001, tally.receivedBytes.sum());
        assertEquals(0, tally.mismatches.sum());
    }

    @Test
    void aByteInTheWrongPlaceIsNoticedWhereAskedFor() {
        new EmbeddedChannel(new BulkReader(tally, true, failure)).writeInbound(pattern(1, 1000));
        assertEquals(1, tally.mismatches.sum());
        new EmbeddedChannel(new BulkReader(tally, false, failure)).writeInbound(pattern(1, 1000));
        assertEquals(1, tally.mismatches.sum());
    }

    @Test
    void dataIsReleased() {
        ByteBuf data = pattern(0, 10);
        new EmbeddedChannel(new BulkReader(tally, true, failure)).writeInbound(data);
        assertEquals(0, data.refCnt());
    }

    @Test
    void theFirstFailureIsKeptAndEndsTheChannel() {
        EmbeddedChannel channel = new EmbeddedChannel(new BulkReader(tally, true, failure));
        IOException first = new IOException("first");
        channel.pipeline().fireExceptionCaught(first).fireExceptionCaught(new IOException("second"));
        assertEquals(first, failure.get());
        assertFalse(channel.isOpen());
    }
}
