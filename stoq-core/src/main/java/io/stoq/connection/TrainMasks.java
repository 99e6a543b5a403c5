package io.stoq.connection;

import io.stoq.buffer.Transmit;
import io.stoq.crypto.PacketKeys;
import io.stoq.wire.HeaderProtection;
import java.lang.foreign.MemorySegment;

/**
 * Header protection masks of what one socket read returned, computed in one pass when its first 1-RTT packet is met: a
 * call of the cipher costs more than its blocks. Confined to one loop.
 *
 * <p>A train that the kernel coalesced usually belongs to one connection. Packets of another one, and packets behind
 * others in their datagram, get a mask of their own. RFC 9001 §5.4.
 */
final class TrainMasks {

    /** Where the sample of a 1-RTT packet starts: behind the first byte, the connection id and 4 bytes. */
    private static final int SAMPLE_AT = 1 + Connection.LOCAL_ID_BYTES + HeaderProtection.SAMPLE_OFFSET;

    private final byte[] samples = new byte[Transmit.MAX_SEGMENTS * PacketKeys.SAMPLE_BYTES];
    private final byte[] trainMasks = new byte[Transmit.MAX_SEGMENTS * PacketKeys.SAMPLE_BYTES];
    private final byte[] sample = new byte[PacketKeys.SAMPLE_BYTES];
    private final byte[] mask = new byte[PacketKeys.SAMPLE_BYTES];

    private MemorySegment trainMemory;
    private long trainAt;
    private int trainLength;
    private int segmentBytes;
    private PacketKeys trainKeys;
    private int firstMasked;

    /** The mask asked for last is {@link PacketKeys#SAMPLE_BYTES} bytes from {@link #at} of this array. */
    byte[] bytes = mask;

    int at;

    /** A socket read of datagrams of {@code segmentBytes} each begins. */
    void begin(MemorySegment memory, long trainAt, int trainLength, int segmentBytes) {
        this.trainMemory = memory;
        this.trainAt = trainAt;
        this.trainLength = trainLength;
        this.segmentBytes = segmentBytes;
        trainKeys = null;
    }

    /** Finds the mask of a 1-RTT packet that has a sample. */
    void findShort(PacketKeys keys, MemorySegment memory, long packetAt) {
        int index = indexInTrain(memory, packetAt);
        if (index >= 0 && trainKeys == null) {
            maskTrain(keys, memory, index);
        }
        if (index < firstMasked || trainKeys != keys) {
            find(keys, memory, packetAt + SAMPLE_AT);
            return;
        }
        bytes = trainMasks;
        at = (index - firstMasked) * PacketKeys.SAMPLE_BYTES;
    }

    /** Which datagram of the train starts there; -1 where none does. */
    private int indexInTrain(MemorySegment memory, long packetAt) {
        if (memory != trainMemory) {
            return -1;
        }
        int from = (int) (packetAt - trainAt);
        int index = from / segmentBytes;
        return from == index * segmentBytes && index < Transmit.MAX_SEGMENTS ? index : -1;
    }

    /** Computes the mask of one packet. */
    void find(PacketKeys keys, MemorySegment memory, long sampleAt) {
        HeaderProtection.copySample(memory, sampleAt, sample, 0);
        keys.headerMasks(sample, 1, mask);
        bytes = mask;
        at = 0;
    }

    private void maskTrain(PacketKeys keys, MemorySegment memory, int first) {
        int count = 0;
        for (int index = first; index < Transmit.MAX_SEGMENTS; index++) {
            int segmentAt = index * segmentBytes;
            // A datagram too short to be sampled can only be the last, and is dropped.
            if (segmentAt + SAMPLE_AT + PacketKeys.SAMPLE_BYTES > trainLength) {
                break;
            }
            HeaderProtection.copySample(
                    memory, trainAt + segmentAt + SAMPLE_AT, samples, count++ * PacketKeys.SAMPLE_BYTES);
        }
        if (count > 0) {
            keys.headerMasks(samples, count, trainMasks);
        }
        trainKeys = keys;
        firstMasked = first;
    }
}
