package io.stoq.bench.baseline;

import io.netty.channel.IoEventLoop;
import io.stoq.bench.perf.Pattern;
import io.stoq.bench.perf.Tally;
import io.stoq.buffer.Datagram;
import io.stoq.buffer.Transmit;
import io.stoq.crypto.PacketProtection;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Opens what comes, and answers each batch with its counts. Confined to its loop. */
final class CeilingReceiver extends CeilingSocket {

    private final Tally tally;
    private final byte[] opened = new byte[1 << 16];
    private final MemorySegment openedMemory = MemorySegment.ofArray(opened);
    private final ByteBuffer openedBuffer = ByteBuffer.wrap(opened);

    CeilingReceiver(IoEventLoop loop, BulkLoad load, PacketProtection protection, Tally tally) {
        super(loop, load, protection);
        this.tally = tally;
    }

    /** Clients: asks the server for the bulk of each flow, until it comes. */
    void askForBulk() {
        for (CeilingFlow flow : flows) {
            Transmit hello = flow.came == 0 ? socket().acquire() : null;
            if (hello != null) {
                CeilingFrame.write(hello.memory, 0, CeilingFrame.HELLO, flow.id, 0);
                send(hello, CeilingFrame.HEADER_BYTES, CeilingFrame.HEADER_BYTES, flow.remote);
            }
        }
        socket().flush();
    }

    @Override
    void onTick() {
        if (!load.up()) {
            askForBulk();
        }
    }

    @Override
    public void onDatagram(Datagram datagram) {
        MemorySegment memory = datagram.memory;
        long end = datagram.offset + datagram.length;
        int bytes = 0;
        for (long at = datagram.offset; at + CeilingFrame.HEADER_BYTES <= end; at += datagram.segmentSize) {
            CeilingFlow flow = flow(CeilingFrame.flow(memory, at), datagram.remote);
            if (flow != null && CeilingFrame.type(memory, at) == CeilingFrame.DATA) {
                bytes += open(flow, memory, at, (int) Math.min(datagram.segmentSize, end - at));
            }
        }
        tally.receivedBytes.add(bytes);
    }

    private int open(CeilingFlow flow, MemorySegment memory, long at, int length) {
        long number = CeilingFrame.number(memory, at);
        int sealed = length - CeilingFrame.HEADER_BYTES;
        int bytes = flow.keys.open(number, memory, at, CeilingFrame.HEADER_BYTES, sealed, openedMemory, 0);
        if (bytes < 0) {
            tally.mismatches.increment();
            return 0;
        }
        if (load.verify() && !Pattern.matches(openedBuffer.limit(bytes), number * contentBytes)) {
            tally.mismatches.increment();
        }
        flow.seen = Math.max(flow.seen, number + 1);
        flow.came++;
        flow.owesCredit = true;
        return bytes;
    }

    @Override
    public void onReadComplete() {
        for (CeilingFlow flow : flows) {
            if (flow.owesCredit) {
                Transmit credit = socket().acquire();
                if (credit == null) {
                    break; // the next batch's counts include this one's
                }
                flow.owesCredit = false;
                CeilingFrame.writeCredit(credit.memory, flow.id, flow.seen, flow.came);
                send(credit, CeilingFrame.CREDIT_BYTES, CeilingFrame.CREDIT_BYTES, flow.remote);
            }
        }
        socket().flush();
    }

    @Override
    public void onWritable() {
        onReadComplete();
    }
}
