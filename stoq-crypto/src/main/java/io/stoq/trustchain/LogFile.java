package io.stoq.trustchain;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Entries in a file that only grows, in batches. A batch is on disk before the next one is begun, so only the last can
 * be there in part; then nobody has seen it, and it is cut off. Anything else that is wrong is damage.
 *
 * <pre>
 * file  = "STOQLOG1" batch*
 * batch = length of the entries (4), CRC-32C of the length (4), CRC-32C of the entries (4), entries
 * entry = length (4), bytes
 * </pre>
 */
final class LogFile {

    static final byte[] MAGIC = "STOQLOG1".getBytes(StandardCharsets.US_ASCII);

    private static final int HEADER_BYTES = 12;

    /** What Java can hold in one array, with room for its header. */
    private static final long MAX_BYTES = Integer.MAX_VALUE - 64L;

    private final Disk disk;
    private final Path file;
    private final List<byte[]> entries;
    private final long tornBytes;
    private long bytes;

    private LogFile(Disk disk, Path file, List<byte[]> entries, long bytes, long tornBytes) {
        this.disk = disk;
        this.file = file;
        this.entries = entries;
        this.bytes = bytes;
        this.tornBytes = tornBytes;
    }

    /** Reads a file. Changes nothing: see {@link #cutTornBatch}. */
    static LogFile read(Disk disk, Path file) throws IOException, TrustChainException {
        ByteBuffer bytes = ByteBuffer.wrap(disk.read(file));
        byte[] magic = new byte[MAGIC.length];
        if (bytes.remaining() < magic.length
                || !Arrays.equals(MAGIC, 0, magic.length, bytes.array(), 0, magic.length)) {
            throw new TrustChainException(file + " is no log of issued certificates; restore it from a backup");
        }
        bytes.position(magic.length);
        List<byte[]> entries = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            if (!readBatch(file, bytes, entries)) {
                return new LogFile(disk, file, entries, start, bytes.capacity() - start);
            }
        }
        return new LogFile(disk, file, entries, bytes.capacity(), 0);
    }

    /** Bytes at the end of the file that belong to a batch which is not there as a whole. */
    long tornBytes() {
        return tornBytes;
    }

    /** Entries found by {@link #read}. */
    List<byte[]> entries() {
        return entries;
    }

    /** Makes the file end with the last whole batch. */
    void cutTornBatch() throws IOException {
        if (tornBytes > 0) {
            disk.truncate(file, bytes);
            disk.sync(file);
        }
    }

    /** Returns when the entries outlast a power cut. After a failure the file must be read again. */
    void append(List<byte[]> batch) throws IOException, TrustChainException {
        long length =
                batch.stream().mapToLong(entry -> Integer.BYTES + entry.length).sum();
        if (bytes + HEADER_BYTES + length > MAX_BYTES) {
            throw new TrustChainException(file + " is full with " + bytes + " bytes; begin a new authority");
        }
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + (int) length);
        frame.position(HEADER_BYTES);
        for (byte[] entry : batch) {
            frame.putInt(entry.length).put(entry);
        }
        frame.putInt(0, (int) length);
        frame.putInt(4, crc(frame, 0, Integer.BYTES));
        frame.putInt(8, crc(frame, HEADER_BYTES, (int) length));
        disk.append(file, frame.array());
        disk.sync(file);
        bytes += frame.capacity();
    }

    /** @return false where a batch begins here that is not there as a whole */
    private static boolean readBatch(Path file, ByteBuffer bytes, List<byte[]> entries) throws TrustChainException {
        int start = bytes.position();
        if (!isWhole(bytes, start)) {
            for (int later = start + 1; later < bytes.capacity(); later++) {
                if (isWhole(bytes, later)) {
                    throw damaged(file, start, bytes);
                }
            }
            return false;
        }
        int end = start + HEADER_BYTES + bytes.getInt(start);
        bytes.position(start + HEADER_BYTES);
        try {
            while (bytes.position() < end) {
                byte[] entry = new byte[bytes.getInt()];
                bytes.get(entry);
                entries.add(entry);
            }
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw damaged(file, start, bytes);
        }
        return true;
    }

    private static boolean isWhole(ByteBuffer bytes, int start) {
        if (bytes.capacity() - start < HEADER_BYTES || bytes.getInt(start + 4) != crc(bytes, start, Integer.BYTES)) {
            return false;
        }
        int length = bytes.getInt(start);
        return length >= 0
                && length <= bytes.capacity() - start - HEADER_BYTES
                && bytes.getInt(start + 8) == crc(bytes, start + HEADER_BYTES, length);
    }

    private static TrustChainException damaged(Path file, int at, ByteBuffer bytes) {
        return new TrustChainException(file + " is damaged at byte " + at + " of " + bytes.capacity()
                + ", which is no trace of a power cut; restore it from a backup");
    }

    private static int crc(ByteBuffer bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), at, length);
        return (int) crc.getValue();
    }
}
