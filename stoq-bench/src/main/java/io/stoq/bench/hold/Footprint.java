package io.stoq.bench.hold;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What one process holds by some moment. Travels between processes as JSON.
 *
 * @param heapBytes of live objects: in use right after a full collection
 * @param residentBytes of physical memory, or {@link #UNKNOWN}; free heap is part of it as far as the collector keeps it
 * @param fileDescriptors that are open, or {@link #UNKNOWN}
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Footprint(long heapBytes, long residentBytes, long fileDescriptors) {

    static final long UNKNOWN = -1;

    /** Full collections: what a first one lets cleaners release, the second takes away. */
    private static final int COLLECTIONS = 2;

    private static final long CLEANERS_MS = 200;

    private static final Path MEMORY = Path.of("/proc/self/smaps_rollup");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Collects garbage, gives free native memory back to the system, and looks at what is left. */
    public static Footprint afterCollection() throws InterruptedException {
        trimNativeHeap();
        for (int i = 1; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(CLEANERS_MS);
        }
        System.gc();
        long heapBytes =
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        trimNativeHeap();
        return new Footprint(heapBytes, resident(), descriptors());
    }

    /** Processor time of this process, user and system. */
    public static long cpuNs() {
        return PROCESS.getProcessCpuTime();
    }

    /** What {@code jcmd PID System.trim_native_heap} does; where that is unknown, free native memory stays. */
    private static void trimNativeHeap() {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            ObjectName.getInstance("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            null,
                            null);
        } catch (JMException e) {
            // Not Linux, or another C library.
        }
    }

    private static long resident() {
        try (Stream<String> lines = Files.lines(MEMORY)) {
            return lines.filter(line -> line.startsWith("Rss:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static long descriptors() {
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count() - 1; // the one that lists them
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
