package io.stoq.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTextTest {

    private static final int COLUMNS = 80;

    @Test
    void eachRoundTheMedianTheRatioAndTheReasonsStandThere() {
        List<Stack> stacks = List.of(Reports.STOQ, Reports.NETTY, Reports.CEILING);
        List<Outcome> outcomes = new ArrayList<>(Reports.rounds(Reports.STOQ, 1452, 13.25, 12, 14));
        outcomes.add(new Outcome.Skipped(new Run(Reports.NETTY, 1452, 1), "cannot: too long"));
        outcomes.add(Reports.measured(Reports.CEILING, 1452, 1, 25, Map.of()));
        outcomes.add(Reports.measured(Reports.CEILING, 1452, 2, 30, Map.of("lost_packets", 5)));
        outcomes.add(new Outcome.Failed(new Run(Reports.CEILING, 1452, 3), "it broke"));
        Comparison comparison = Reports.comparison(3, stacks, 1452);
        List<String> lines =
                SummaryText.lines(comparison, Summary.of(comparison, outcomes).getFirst());
        String text = String.join("\n", lines);
        assertEquals("largest datagram 1,452 B, loopback, upload, 1 connection, 3 rounds of 7 s", lines.getFirst());
        assertTrue(text.contains("stoq            13.3                         13.3 12.0 14.0"), text);
        assertTrue(text.contains("netty-quic   cannot: too long"), text);
        assertTrue(text.contains("ceiling         27.5  0.48  (0.40-0.53)      25.0 30.0! failed"), text);
        assertTrue(text.contains("! ceiling, round 2: 5 packets of 12,345 lost"), text);
        assertTrue(text.contains("! ceiling, round 3: failed: it broke"), text);
        assertTrue(text.contains("stoq         sealed by jca (SunJCE)"), text);
        lines.stream()
                .filter(line -> !line.startsWith("!"))
                .forEach(line -> assertTrue(line.length() <= COLUMNS, () -> line.length() + " columns: " + line));
    }

    @Test
    void theTableIsNoWiderThanATerminalForLargeValues() {
        Comparison comparison = Reports.comparison(3, List.of(Reports.STOQ), 65_487);
        List<Outcome> outcomes = List.of(Reports.measured(
                Reports.STOQ,
                65_487,
                1,
                123.4,
                Map.of(
                        "cpu_s_per_gb_client",
                        12.34,
                        "cpu_s_per_gb_server",
                        12.34,
                        "allocated_bytes_per_packet_client",
                        12_345,
                        "allocated_bytes_per_packet_server",
                        12_345,
                        "gc_ms_client",
                        12_345,
                        "gc_ms_server",
                        12_345,
                        "datagrams_per_syscall_client",
                        123.4,
                        "datagrams_per_syscall_server",
                        123.4,
                        "stolen_percent",
                        100)));
        SummaryText.lines(comparison, Summary.of(comparison, outcomes).getFirst())
                .forEach(line -> assertTrue(line.length() <= COLUMNS, () -> line.length() + " columns: " + line));
    }
}
