package io.stoq.transport.io.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.stoq.buffer.Datagram;
import io.stoq.transport.io.SocketCounters;
import java.lang.foreign.MemorySegment;

/**
 * Turns what the kernel left in a {@link ReceiveSlot} into a {@link Datagram}, and counts. Confined to one socket's
 * loop.
 */
public final class ReceiveDecoder {

    private final SocketAddresses addresses;
    private final SocketCounters counters;
    private final Datagram datagram = new Datagram();
    private int dropsTold;

    ReceiveDecoder(SocketAddresses addresses, SocketCounters counters) {
        this.addresses = addresses;
        this.counters = counters;
    }

    /**
     * @param length bytes received
     * @return the datagram, the same object each time; null when there is nothing to deliver: truncated, empty, or
     *     from an
     *     address that is not IPv6
     */
    public Datagram decode(ReceiveSlot slot, int length) {
        counters.receiveCalls++;
        if ((slot.header.flags() & (Linux.MSG_TRUNC | Linux.MSG_CTRUNC)) != 0) {
            counters.truncated++;
            return null;
        }
        readControl(slot.header, length);
        counters.datagramsReceived += length == 0 ? 1 : (length + datagram.segmentSize - 1) / datagram.segmentSize;
        counters.bytesReceived += length;
        if (length == 0) {
            return null;
        }
        datagram.remote = addresses.readRemote(slot.header.name);
        if (datagram.remote == null) {
            counters.foreignSources++;
            return null;
        }
        datagram.memory = slot.data;
        datagram.offset = 0;
        datagram.length = length;
        return datagram;
    }

    private void readControl(MessageHeader header, int length) {
        datagram.segmentSize = length;
        datagram.ecn = 0;
        datagram.local = null;
        MemorySegment control = header.control;
        int end = header.controlLength();
        int at = 0;
        while (at + MessageHeader.CONTROL_HEADER_BYTES <= end) {
            long bytes = control.get(JAVA_LONG, at);
            if (bytes < MessageHeader.CONTROL_HEADER_BYTES || bytes > end - at) {
                return;
            }
            readControlMessage(control, at, length);
            at += MessageHeader.aligned((int) bytes);
        }
    }

    private void readControlMessage(MemorySegment control, int at, int length) {
        int level = control.get(JAVA_INT, at + 8);
        int type = control.get(JAVA_INT, at + 12);
        int data = at + MessageHeader.CONTROL_HEADER_BYTES;
        if (level == Linux.IPPROTO_UDP && type == Linux.UDP_GRO) {
            int segment = control.get(JAVA_INT, data);
            datagram.segmentSize = segment > 0 && segment < length ? segment : length;
        } else if (level == Linux.IPPROTO_IPV6 && type == Linux.IPV6_TCLASS) {
            datagram.ecn = control.get(JAVA_INT, data) & 3;
        } else if (level == Linux.IPPROTO_IPV6 && type == Linux.IPV6_PKTINFO) {
            datagram.local = addresses.readLocal(control, data);
        } else if (level == Linux.SOL_SOCKET && type == Linux.SO_RXQ_OVFL) {
            int told = control.get(JAVA_INT, data);
            counters.kernelDrops += told - dropsTold & 0xffff_ffffL;
            dropsTold = told;
        }
    }
}
