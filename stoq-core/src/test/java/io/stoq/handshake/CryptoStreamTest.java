package io.stoq.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stoq.buffer.ByteWriter;
import io.stoq.recovery.OpenPackets;
import io.stoq.sim.SeededEntropy;
import io.stoq.sim.Seeds;
import io.stoq.wire.TransportErrorCode;
import io.stoq.wire.TransportException;
import io.stoq.wire.frame.CryptoFrame;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CryptoStreamTest {

    private final CryptoStream stream = new CryptoStream();

    @Test
    void handsOutBytesInOrder() {
        byte[] data = bytes(3000);
        assertNull(stream.pollReadable());
        receive(data, 1000, 2000);
        assertFalse(stream.hasReadable());
        assertTrue(stream.hasUnreadGap());
        receive(data, 0, 1000);
        assertTrue(stream.hasReadable());
        assertArrayEquals(Arrays.copyOf(data, 2000), stream.pollReadable());
        assertFalse(stream.hasUnreadGap());
        receive(data, 1500, 3000);
        assertArrayEquals(Arrays.copyOfRange(data, 2000, 3000), stream.pollReadable());
    }

    @Test
    void ignoresWhatWasReadBefore() {
        byte[] data = bytes(100);
        receive(data, 0, 100);
        stream.pollReadable();
        receive(data, 0, 100);
        receive(data, 50, 50);
        assertFalse(stream.hasUnreadGap());
        assertNull(stream.pollReadable());
    }

    @Test
    void reassemblesAnyOrderWithOverlapsAndRepetitions() {
        Seeds.each(50, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] data = bytes(200_000);
            CryptoStream receiver = new CryptoStream();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            while (read.size() < data.length) {
                // Within a few packets of what was read, as a sender's flight is.
                int from = Math.max(0, read.size() + random.nextInt(-2000, 20_000));
                int to = Math.min(data.length, from + random.nextInt(1, 5000));
                if (from < to) {
                    receiver.onCrypto(from, data, from, to - from);
                }
                byte[] next = receiver.pollReadable();
                if (next != null) {
                    read.writeBytes(next);
                }
            }
            assertArrayEquals(data, read.toByteArray());
            assertFalse(receiver.hasUnreadGap());
        });
    }

    @Test
    void takesExactlyTheBufferAndNotAByteMore() {
        byte[] data = bytes(CryptoStream.MAX_BUFFERED_BYTES + 101);
        receive(data, 0, 100);
        stream.pollReadable();
        receive(data, 101, CryptoStream.MAX_BUFFERED_BYTES + 100);
        TransportException e = assertThrows(
                TransportException.class,
                () -> receive(data, CryptoStream.MAX_BUFFERED_BYTES + 100, CryptoStream.MAX_BUFFERED_BYTES + 101));
        assertEquals(TransportErrorCode.CRYPTO_BUFFER_EXCEEDED, e.code());
        receive(data, 100, 101);
        assertArrayEquals(Arrays.copyOfRange(data, 100, data.length - 1), stream.pollReadable());
    }

    /** B-04. */
    @Test
    void refusesAHugeOffset() {
        TransportException e =
                assertThrows(TransportException.class, () -> stream.onCrypto((1L << 62) - 2, new byte[1], 0, 1));
        assertEquals(TransportErrorCode.CRYPTO_BUFFER_EXCEEDED, e.code());
    }

    /** B-04. */
    @Test
    void refusesScatteredBytes() {
        TransportException e = assertThrows(TransportException.class, () -> {
            for (int i = 0; i < 1000; i++) {
                stream.onCrypto(1 + 2 * i, new byte[1], 0, 1);
            }
        });
        assertEquals(TransportErrorCode.CRYPTO_BUFFER_EXCEEDED, e.code());
    }

    @Test
    void memoryFollowsTheBytesNotTheOffsets() {
        stream.onCrypto(60_000, new byte[1], 0, 1);
        assertEquals(CryptoStream.BLOCK_BYTES, stream.receivedBytes());
        for (int i = 1; i < CryptoStream.MAX_RANGES; i++) {
            stream.onCrypto(1000L * i, new byte[1], 0, 1);
        }
        assertEquals(CryptoStream.MAX_RANGES * CryptoStream.BLOCK_BYTES, stream.receivedBytes());
    }

    @Test
    void memoryIsGivenBackWhenRead() {
        byte[] data = bytes(CryptoStream.MAX_BUFFERED_BYTES);
        receive(data, 0, data.length);
        assertEquals(data.length, stream.receivedBytes());
        stream.pollReadable();
        assertEquals(0, stream.receivedBytes());
    }

    @Test
    void anEmptyFrameIsNothing() {
        stream.onCrypto(1_000_000, new byte[0], 0, 0);
        assertFalse(stream.hasUnreadGap());
    }

    @Test
    void sendsInOrderInFramesThatFit() {
        byte[] data = bytes(3000);
        stream.write(Arrays.copyOf(data, 1000));
        stream.write(Arrays.copyOfRange(data, 1000, 3000));
        List<CryptoFrame> frames = new ArrayList<>();
        while (stream.wantsToSend()) {
            frames.addAll(write(1200));
        }
        assertEquals(3, frames.size());
        assertEquals(1200, frames.getFirst().encodedSize(), "no byte of room is wasted");
        assertArrayEquals(data, joined(frames, 3000));
    }

    @Test
    void writesNothingWhereNotAByteFits() {
        stream.write(bytes(10));
        assertEquals(List.of(), write(3));
        assertEquals(1, write(4).size());
        assertTrue(stream.wantsToSend());
    }

    @Test
    void notesTheRangesThatItWrote() {
        stream.write(bytes(100));
        var log = OpenPackets.log();
        stream.writeFrames(new ByteWriter(200), log);
        assertEquals(1, log.framesOfOpenPacket());
    }

    @Test
    void sendsLostRangesAgainButNotWhatWasAcknowledged() {
        byte[] data = bytes(1000);
        stream.write(data);
        write(1200);
        stream.onFrameAcked(200, 300);
        stream.onFrameLost(0, 1000);
        List<CryptoFrame> again = write(1200);
        assertEquals(2, again.size());
        assertEquals(0, again.getFirst().offset());
        assertEquals(200, again.getFirst().data().length());
        assertEquals(500, again.getLast().offset());
        stream.onFrameLost(0, 200);
        stream.onFrameAcked(0, 200);
        assertFalse(stream.wantsToSend(), "acknowledged after all");
        stream.onFrameAcked(500, 500);
        stream.onFrameLost(500, 500);
        assertFalse(stream.wantsToSend());
    }

    @Test
    void continuesAfterAllWasAcknowledged() {
        byte[] data = bytes(500);
        stream.write(Arrays.copyOf(data, 200));
        write(1200);
        stream.onFrameAcked(0, 200);
        stream.write(Arrays.copyOfRange(data, 200, 500));
        CryptoFrame frame = write(1200).getFirst();
        assertEquals(200, frame.offset());
        assertArrayEquals(Arrays.copyOfRange(data, 200, 500), frame.data().toArray());
    }

    @Test
    void deliversOverALossyPathWhateverTheFates() {
        Seeds.each(50, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] data = bytes(50_000);
            CryptoStream sender = new CryptoStream();
            CryptoStream receiver = new CryptoStream();
            sender.write(data);
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            for (int i = 0; read.size() < data.length && i < 10_000; i++) {
                for (CryptoFrame frame : write(sender, random.nextInt(4, 1200))) {
                    boolean arrives = random.nextInt(3) > 0;
                    if (arrives) {
                        receiver.onCrypto(
                                frame.offset(),
                                frame.data().toArray(),
                                0,
                                frame.data().length());
                    }
                    if (!arrives || random.nextInt(4) == 0) {
                        sender.onFrameLost(frame.offset(), frame.data().length());
                    }
                    if (arrives && random.nextInt(4) > 0) {
                        sender.onFrameAcked(frame.offset(), frame.data().length());
                    }
                }
                byte[] next = receiver.pollReadable();
                if (next != null) {
                    read.writeBytes(next);
                }
            }
            assertArrayEquals(data, read.toByteArray());
        });
    }

    @Test
    void nothingHappensAfterItWasDiscarded() {
        stream.write(bytes(10));
        write(1200);
        receive(bytes(10), 5, 10);
        stream.discard();
        stream.onFrameLost(0, 10);
        stream.onFrameAcked(0, 5);
        stream.write(bytes(10));
        stream.onCrypto(1L << 40, new byte[1], 0, 1);
        assertFalse(stream.wantsToSend());
        assertFalse(stream.hasReadable());
        assertFalse(stream.hasUnreadGap());
    }

    private void receive(byte[] data, int from, int to) {
        stream.onCrypto(from, data, from, to - from);
    }

    private List<CryptoFrame> write(int limitBytes) {
        return write(stream, limitBytes);
    }

    private static List<CryptoFrame> write(CryptoStream stream, int limitBytes) {
        return OpenPackets.framesOf(limitBytes, stream::writeFrames).stream()
                .map(CryptoFrame.class::cast)
                .toList();
    }

    private static byte[] joined(List<CryptoFrame> frames, int length) {
        byte[] data = new byte[length];
        for (CryptoFrame frame : frames) {
            System.arraycopy(
                    frame.data().toArray(),
                    0,
                    data,
                    (int) frame.offset(),
                    frame.data().length());
        }
        return data;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new SeededEntropy(length).fill(bytes, 0, length);
        return bytes;
    }
}
