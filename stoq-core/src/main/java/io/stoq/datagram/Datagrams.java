package io.stoq.datagram;

import io.stoq.buffer.ByteWriter;
import io.stoq.memory.ConnectionMemory;
import io.stoq.recovery.SentFrame;
import io.stoq.recovery.SentPackets;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.DatagramFrame;
import io.stoq.wire.frame.FrameType;
import java.util.Objects;

/**
 * The DATAGRAM frames of one connection, both directions. Confined to the connection's loop. RFC 9221.
 *
 * <p>Datagrams wait in a queue and are sent once: what is lost is reported, never repeated. They are numbered from 0 in the
 * order in which they were given; those in one packet are reported together.
 */
public final class Datagrams {

    /** Most bytes of frames that wait to be sent, above which {@link #send(byte[], int, int)} says no. */
    public static final int MAX_QUEUED_BYTES = 256 << 10;

    private final long maxFrameBytes;
    private final DatagramsListener listener;
    private final DatagramQueue queue;
    private long peerMaxFrameBytes;
    private int packetRoom = Integer.MAX_VALUE;
    private long droppedDatagrams;

    /** The number of the first datagram in the queue. */
    private long first;

    private boolean closed;

    /**
     * @param maxFrameBytes our max_datagram_frame_size: the largest frame we take, 0 for none
     * @param memory of the connection, which is charged for what waits
     */
    public Datagrams(long maxFrameBytes, ConnectionMemory memory, DatagramsListener listener) {
        this.maxFrameBytes = maxFrameBytes;
        this.queue = new DatagramQueue(memory);
        this.listener = listener;
    }

    /** The peer's max_datagram_frame_size; 0 or less: it takes no datagrams. RFC 9221 §3. */
    public void peerLimit(long maxDatagramFrameSize) {
        peerMaxFrameBytes = maxDatagramFrameSize;
    }

    /** Bytes for frames in a packet that holds nothing else; larger datagrams are refused, or dropped where they wait. */
    public void packetRoom(int bytes) {
        packetRoom = bytes;
    }

    public boolean isSupportedByPeer() {
        return peerMaxFrameBytes > 0;
    }

    /**
     * The largest payload in bytes that the peer takes and that fits a packet with {@code room} bytes for frames; -1 when not
     * even an empty one does.
     */
    public int largestPayload(int room) {
        long frame = Math.min(peerMaxFrameBytes, room);
        // One byte of type, and a length field that grows with the payload: at most two steps down.
        long payload = Math.min(frame, Integer.MAX_VALUE) - DatagramFrame.overhead(0);
        while (payload >= 0 && DatagramFrame.overhead((int) payload) + payload > frame) {
            payload--;
        }
        return payload < 0 ? -1 : (int) payload;
    }

    /** Datagrams that were dropped here, because no packet can hold them. */
    public long droppedDatagrams() {
        return droppedDatagrams;
    }

    /**
     * Queues a copy of a datagram.
     *
     * @param length 0 or more bytes
     * @return false when the queue is full, or the connection is closed
     * @throws IllegalArgumentException if the peer takes no datagrams, or none of this length, or no packet holds it
     */
    public boolean send(byte[] data, int at, int length) {
        Objects.checkFromIndexSize(at, length, data.length);
        if (closed) {
            return false;
        }
        checkLength(length);
        if (queue.bytes() + DatagramChunk.frameBytes(length) > MAX_QUEUED_BYTES) {
            return false;
        }
        queue.add(data, at, length);
        listener.onWantsTransmit();
        return true;
    }

    /**
     * Queues datagrams by reference, however many wait already: their owner knows by the chunk's release when they have
     * left. Those that are too long, for the peer or for a packet, are dropped and reported lost.
     */
    public void send(DatagramChunk chunk) {
        if (closed) {
            chunk.release();
            return;
        }
        queue.add(chunk);
        listener.onWantsTransmit();
    }

    /** Size of the next DATAGRAM frame to send, 0 where none waits. */
    public int nextFrameBytes() {
        return queue.isEmpty() ? 0 : queue.firstFrameBytes();
    }

    public boolean wantsToSend() {
        return !queue.isEmpty();
    }

    /**
     * Writes as many DATAGRAM frames as fit, in order. A datagram that would not fit an empty packet either is dropped, so
     * that it does not block those behind it.
     */
    public void writeFrames(ByteWriter out, SentPackets log) {
        int largest = (int) Math.min(packetRoom, peerMaxFrameBytes);
        int written = 0;
        while (!queue.isEmpty()) {
            int moved = queue.move(out, largest);
            if (moved > 0) {
                written += moved;
            } else if (queue.firstFrameBytes() > largest) {
                note(written, log);
                written = 0;
                drop();
            } else {
                break;
            }
        }
        note(written, log);
    }

    private void note(int written, SentPackets log) {
        if (written > 0) {
            log.addFrame(SentFrame.DATAGRAM, first, 0, written);
            first += written;
        }
    }

    private void drop() {
        queue.dropFirst();
        droppedDatagrams++;
        listener.onDatagramsLost(first++, 1);
    }

    /**
     * A DATAGRAM frame arrived.
     *
     * @throws TransportException PROTOCOL_VIOLATION if it is larger than we take
     */
    public void onDatagram(byte[] data, int at, int length) {
        // RFC 9221 §3. Without its length field a frame has one byte in front of the data; that one was there is not
        // known here.
        if (1 + length > maxFrameBytes) {
            throw new TransportException(
                    TransportErrorCode.PROTOCOL_VIOLATION,
                    FrameType.DATAGRAM,
                    "DATAGRAM frame above max_datagram_frame_size");
        }
        if (!closed) {
            listener.onDatagram(data, at, length);
        }
    }

    /** Arguments as in {@link SentFrame}. */
    public void onFrameAcked(int kind, long a, long b, int c) {
        if (kind == SentFrame.DATAGRAM && !closed) {
            listener.onDatagramsAcked(a, c);
        }
    }

    /** Arguments as in {@link SentFrame}. RFC 9221 §5.2: not sent again. */
    public void onFrameLost(int kind, long a, long b, int c) {
        if (kind == SentFrame.DATAGRAM && !closed) {
            listener.onDatagramsLost(a, c);
        }
    }

    /** Forgets what waits; the listener hears nothing more. */
    public void onConnectionClosed() {
        closed = true;
        queue.clear();
    }

    private void checkLength(int length) {
        if (!isSupportedByPeer()) {
            throw new IllegalArgumentException(
                    "the peer takes no datagrams: it did not send max_datagram_frame_size; use a stream");
        }
        int largest = largestPayload(packetRoom);
        if (length > largest) {
            throw new IllegalArgumentException("datagram of " + length + " bytes is above the largest possible, "
                    + largest + " bytes: the peer takes frames of " + peerMaxFrameBytes
                    + " bytes, a packet has room for " + packetRoom);
        }
    }
}
