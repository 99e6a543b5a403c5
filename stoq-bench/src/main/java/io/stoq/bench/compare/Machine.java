package io.stoq.bench.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where it was measured.
 *
 * @param processor as the kernel names it
 * @param kernel the operating system's name, version and architecture
 * @param java the JVM's vendor and version
 * @param javaFlags of this JVM, which the measured ones have as well
 * @param socketBuffers the largest receive and send buffers that the kernel grants, or null where unknown
 */
public record Machine(
        String processor, int processors, String kernel, String java, List<String> javaFlags, String socketBuffers) {

    /** This one. */
    public static Machine here() {
        return new Machine(
                processorName(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                socketBufferLimits());
    }

    private static String processorName() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst("[^:]*:\\s*", ""))
                    .findFirst()
                    .orElse("unknown processor");
        } catch (IOException e) {
            return "unknown processor";
        }
    }

    private static String socketBufferLimits() {
        try {
            return "net.core.rmem_max " + limit("rmem_max") + ", wmem_max " + limit("wmem_max");
        } catch (IOException e) {
            return null;
        }
    }

    private static String limit(String name) throws IOException {
        // By lines, hence by one large read: a second read of such a file finds nothing.
        return Files.readAllLines(Path.of("/proc/sys/net/core", name))
                .getFirst()
                .strip();
    }
}
