package io.stoq.bench.baseline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Counters of the whole machine (of its network namespace), for stacks that do not keep their own. */
final class KernelCounters {

    private KernelCounters() {}

    /** UDP datagrams, or trains of them, that found no room in a receive buffer; 0 where the system does not tell. */
    static long udp6ReceiveBufferErrors() {
        return lines("/proc/net/snmp6").stream()
                .filter(line -> line.startsWith("Udp6RcvbufErrors"))
                .mapToLong(
                        line -> Long.parseLong(line.replaceFirst("\\S+\\s+", "").strip()))
                .findFirst()
                .orElse(0);
    }

    /** TCP segments sent again; 0 where the system does not tell. */
    static long tcpRetransmissions() {
        List<String> tcp = lines("/proc/net/snmp").stream()
                .filter(line -> line.startsWith("Tcp:"))
                .toList();
        if (tcp.size() < 2) {
            return 0;
        }
        int column = List.of(tcp.get(0).split(" ")).indexOf("RetransSegs");
        return column < 0 ? 0 : Long.parseLong(tcp.get(1).split(" ")[column]);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            return List.of();
        }
    }
}
