package io.stoq.bench.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processor time of the whole machine, in ticks since it started, where the system tells (Linux).
 *
 * @param idle waiting for something to do, disks included
 * @param stolen taken by the hypervisor for other guests
 */
public record CpuTimes(long total, long idle, long stolen) {

    private static final int IDLE_COLUMN = 4;
    private static final int DISK_WAIT_COLUMN = 5;
    private static final int STEAL_COLUMN = 8;

    /** All zero where the system does not tell. */
    public static CpuTimes read() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            String[] columns = lines.findFirst().orElse("").split(" +");
            long total = 0;
            for (int i = 1; i <= STEAL_COLUMN; i++) {
                total += Long.parseLong(columns[i]);
            }
            return new CpuTimes(
                    total,
                    Long.parseLong(columns[IDLE_COLUMN]) + Long.parseLong(columns[DISK_WAIT_COLUMN]),
                    Long.parseLong(columns[STEAL_COLUMN]));
        } catch (IOException | RuntimeException e) {
            return new CpuTimes(0, 0, 0);
        }
    }

    /** How much of the machine's time was stolen between both; null where that is unknown. */
    static Double stolenPercent(CpuTimes from, CpuTimes to) {
        return to.total <= from.total ? null : 100.0 * (to.stolen - from.stolen) / (to.total - from.total);
    }

    /** How much of the machine's time its processes used between both; null where that is unknown. */
    public static Double busyPercent(CpuTimes from, CpuTimes to) {
        long total = to.total - from.total;
        return total <= 0 ? null : 100.0 * (total - (to.idle - from.idle) - (to.stolen - from.stolen)) / total;
    }
}
