package io.stoq.bench.baseline;

import io.netty.channel.IoEventLoop;
import io.stoq.bench.perf.Pattern;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import io.stoq.crypto.PacketProtection;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Fills trains for one flow after the other as long as their windows are open. Confined to its loop. */
final class CeilingSender extends CeilingSocket {

    private static final int TRAIN_BYTES = 65_487;

    /** About a second: a receiver whose ciphers are not compiled yet is slow, and must not be overrun. */
    private static final int STANDSTILL_TICKS = 50;

    /** What a flow may have under way; less than the receive buffer holds, which counts the kernel's overhead too. */
    private final int windowBytes;

    /** The pattern, long enough for a datagram's content from anywhere within its period. */
    private final MemorySegment source;

    private int turn;
    private int ticks;

    CeilingSender(IoEventLoop loop, BulkLoad load, PacketProtection protection, int windowBytes) {
        super(loop, load, protection);
        this.windowBytes = windowBytes;
        byte[] pattern = Arrays.copyOf(Pattern.bytes(), Pattern.PERIOD_BYTES + contentBytes);
        System.arraycopy(Pattern.bytes(), 0, pattern, Pattern.PERIOD_BYTES, contentBytes);
        source = MemorySegment.ofArray(pattern);
    }

    @Override
    public void onDatagram(Datagram datagram) {
        MemorySegment memory = datagram.memory;
        long end = datagram.offset + datagram.length;
        for (long at = datagram.offset; at + CeilingFrame.HEADER_BYTES <= end; at += datagram.segmentSize) {
            CeilingFlow flow = flow(CeilingFrame.flow(memory, at), datagram.remote);
            if (flow != null
                    && CeilingFrame.type(memory, at) == CeilingFrame.CREDIT
                    && at + CeilingFrame.CREDIT_BYTES <= end) {
                flow.seen = Math.max(flow.seen, CeilingFrame.number(memory, at));
                flow.came = Math.max(flow.came, CeilingFrame.came(memory, at));
            }
        }
    }

    @Override
    public void onReadComplete() {
        fillWindows();
    }

    @Override
    public void onWritable() {
        fillWindows();
    }

    /** What was sent and never arrived would keep the window closed for good. */
    @Override
    void onTick() {
        ticks++;
        if (ticks % STANDSTILL_TICKS == 0) {
            for (CeilingFlow flow : flows) {
                if (flow.seen == flow.seenAtLastLook) {
                    flow.presumedLost = flow.next;
                }
                flow.seenAtLastLook = flow.seen;
            }
        }
        fillWindows();
    }

    private void fillWindows() {
        int closed = 0;
        while (closed < flows.size()) {
            CeilingFlow flow = flows.get(turn);
            turn = (turn + 1) % flows.size();
            long underWay = (flow.next - Math.max(flow.seen, flow.presumedLost)) * load.payloadBytes();
            if (underWay + TRAIN_BYTES > windowBytes / flows.size() && underWay > 0) {
                closed++;
            } else {
                closed = 0;
                Transmit train = socket().acquire();
                if (train == null) {
                    break;
                }
                fill(train, flow);
            }
        }
        socket().flush();
    }

    private void fill(Transmit train, CeilingFlow flow) {
        int payloadBytes = load.payloadBytes();
        int segments = Math.clamp(TRAIN_BYTES / payloadBytes, 1, train.maxSegments);
        for (int i = 0; i < segments; i++) {
            long number = flow.next++;
            long at = (long) i * payloadBytes;
            CeilingFrame.write(train.memory, at, CeilingFrame.DATA, flow.id, number);
            flow.keys.seal(
                    number,
                    source,
                    number * contentBytes % Pattern.PERIOD_BYTES,
                    contentBytes,
                    train.memory,
                    at,
                    CeilingFrame.HEADER_BYTES);
        }
        send(train, segments * payloadBytes, payloadBytes, flow.remote);
    }
}
