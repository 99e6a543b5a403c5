package io.stoq.datagram;

import io.stoq.buffer.ByteWriter;
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
 * <p>Datagrams wait in a bounded queue and are sent once: what is lost is reported, never repeated.
 */
public final class Datagrams {

    /** Most datagrams that wait to be sent. */
    public static final int MAX_QUEUED_DATAGRAMS = DatagramQueue.MAX_DATAGRAMS;

    /** Most bytes of datagrams that wait to be sent. */
    public static final int MAX_QUEUED_BYTES = DatagramQueue.MAX_BYTES;

    private final long maxFrameBytes;
    private final DatagramsListener listener;
    private final DatagramQueue queue = new DatagramQueue();
    private long peerMaxFrameBytes;
    private int packetRoom = Integer.MAX_VALUE;
    private long droppedDatagrams;
    private boolean closed;

    /** @param maxFrameBytes our max_datagram_frame_size: the largest frame we take, 0 for none */
    public Datagrams(long maxFrameBytes, DatagramsListener listener) {
        this.maxFrameBytes = maxFrameBytes;
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
     * @param tag comes back in {@link DatagramsListener}
     * @return false when the queue is full, or the connection is closed
     * @throws IllegalArgumentException if the peer takes no datagrams, or none of this length, or no packet holds it
     */
    public boolean send(byte[] data, int at, int length, long tag) {
        Objects.checkFromIndexSize(at, length, data.length);
        if (closed) {
            return false;
        }
        checkLength(length);
        if (!queue.add(data, at, length, tag)) {
            return false;
        }
        listener.onWantsTransmit();
        return true;
    }

    public boolean wantsToSend() {
        return !queue.isEmpty();
    }

    /**
     * Writes as many DATAGRAM frames as fit, in order. A datagram that would not fit an empty packet either is dropped, so
     * that it does not block those behind it.
     */
    public void writeFrames(ByteWriter out, SentPackets log) {
        while (!queue.isEmpty()) {
            int length = queue.length();
            long tag = queue.tag();
            int frame = DatagramFrame.overhead(length) + length;
            if (frame <= out.remaining()) {
                DatagramFrame.writeHeader(out, length);
                queue.write(out);
                log.addFrame(SentFrame.DATAGRAM, tag, 0, length);
                queue.removeFirst();
            } else if (frame > packetRoom) {
                queue.removeFirst();
                droppedDatagrams++;
                listener.onDatagramLost(tag);
            } else {
                return;
            }
        }
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
            listener.onDatagramAcked(a);
        }
    }

    /** Arguments as in {@link SentFrame}. RFC 9221 §5.2: not sent again. */
    public void onFrameLost(int kind, long a, long b, int c) {
        if (kind == SentFrame.DATAGRAM && !closed) {
            listener.onDatagramLost(a);
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
