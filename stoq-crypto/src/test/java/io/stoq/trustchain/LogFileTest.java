package io.stoq.trustchain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogFileTest {

    private static final Path FILE = Path.of("issued.log");

    private final MortalDisk disk = new MortalDisk(Long.MAX_VALUE);
    private byte[] whole;
    private int lastBatch;

    @BeforeEach
    void threeBatches() throws Exception {
        disk.plant(FILE, LogFile.MAGIC);
        LogFile log = LogFile.read(disk, FILE);
        log.append(List.of(new byte[] {1}, new byte[] {2, 2}));
        log.append(List.of(new byte[300]));
        lastBatch = disk.read(FILE).length;
        log.append(List.of(new byte[] {3}, new byte[0], new byte[] {4, 4, 4}));
        whole = disk.read(FILE);
    }

    private LogFile read(byte[] bytes) throws Exception {
        disk.plant(FILE, bytes);
        return LogFile.read(disk, FILE);
    }

    @Test
    void entriesAreReadBack() throws Exception {
        List<byte[]> entries = read(whole).entries();
        assertEquals(6, entries.size());
        assertArrayEquals(new byte[] {2, 2}, entries.get(1));
        assertArrayEquals(new byte[] {4, 4, 4}, entries.get(5));
    }

    @Test
    void aBatchThatIsNotThereAsAWholeIsCutOffAndTheNextOneFollows() throws Exception {
        for (int length = lastBatch + 1; length < whole.length; length++) {
            LogFile log = read(Arrays.copyOf(whole, length));
            assertEquals(3, log.entries().size());
            assertEquals(length - lastBatch, log.tornBytes());
            log.cutTornBatch();
            log.append(List.of(new byte[] {9}));
            assertEquals(4, LogFile.read(disk, FILE).entries().size());
        }
    }

    @Test
    void anyByteOfTheLastBatchMayBeMissing() throws Exception {
        for (int at = lastBatch; at < whole.length; at++) {
            byte[] holed = whole.clone();
            holed[at] ^= 0x55;
            assertEquals(3, read(holed).entries().size(), "byte " + at);
        }
    }

    @Test
    void anyOtherByteThatIsWrongIsDamage() throws Exception {
        for (int at = 0; at < lastBatch; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x55;
            String message =
                    assertThrows(TrustChainException.class, () -> read(damaged)).getMessage();
            assertTrue(message.contains("issued.log"), message);
        }
    }
}
