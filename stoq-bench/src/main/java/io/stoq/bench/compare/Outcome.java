package io.stoq.bench.compare;

import io.stoq.bench.perf.PerfReport;
import io.stoq.bench.terminal.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What came of a run. */
public sealed interface Outcome {

    Run run();

    /** It ran. */
    record Measured(Run run, PerfReport report) implements Outcome {

        /** What was lost on the way, where on a loopback interface nothing should be; null where nothing was. */
        public String loss() {
            long drops = report.kernelDrops() == null ? 0 : report.kernelDrops();
            long lost = report.lostPackets() == null ? 0 : report.lostPackets();
            if (report.spuriouslyLostPackets() != null) {
                lost -= report.spuriouslyLostPackets();
            }
            List<String> parts = new ArrayList<>();
            if (lost > 0) {
                parts.add(
                        report.packetsSent() == null
                                ? Units.plural(lost, "segment") + " sent again"
                                : Units.plural(lost, "packet") + " of " + Units.count(report.packetsSent()) + " lost");
            }
            if (drops > 0) {
                parts.add(Units.plural(drops, "arrival") + " dropped on full receive buffers");
            }
            return parts.isEmpty() ? null : String.join(", ", parts);
        }

        /** What disturbed the run from outside; null where hardly anything did. */
        public String disturbance() {
            String theft = report.stolenPercent() == null || report.stolenPercent() <= 1
                    ? null
                    : String.format(
                            Locale.ROOT, "%.1f %% of the machine's time went to other guests", report.stolenPercent());
            if (theft == null || report.otherWork() == null) {
                return theft == null ? report.otherWork() : theft;
            }
            return theft + ", " + report.otherWork();
        }
    }

    /** The stack cannot do that, and was not started. */
    record Skipped(Run run, String reason) implements Outcome {}

    /** It broke down. */
    record Failed(Run run, String reason) implements Outcome {}
}
