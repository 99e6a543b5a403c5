package io.stoq.bench.perf;

import io.stoq.bench.perf.Measurement.Moment;
import io.stoq.bench.terminal.Screen;
import io.stoq.bench.terminal.Units;
import io.stoq.transport.StoqTransport;
import java.io.IOException;
import org.HdrHistogram.Histogram;

/** One measurement with small messages from the client's side: puts the load on, watches it, takes it off, and reports. */
public final class MessageClient {

    private MessageClient() {}

    /**
     * @param server where the server's counters come from, or null
     * @throws IOException where the connection cannot be opened, or ends before its time, or messages cannot be counted
     */
    public static MessageReport run(
            StoqTransport transport,
            PerfLoad.Connector connector,
            Measurement.Side server,
            MessageShape shape,
            PerfReport.Settings settings,
            int seconds,
            Screen screen)
            throws IOException, InterruptedException {
        if (shape.kind() != MessageKind.ECHO && server == null) {
            throw new IOException("messages are counted by the server that receives them, and its counters are out of"
                    + " reach from here: use --message-kind echo, or run 'stoq perf' on one machine");
        }
        try (MessageLoad load = MessageLoad.start(transport, connector, shape)) {
            long[] sentAtStart = new long[1];
            Runnable onWarm = () -> {
                load.onWarm();
                sentAtStart[0] = load.sent();
            };
            Window window = new Measurement(
                            load::snapshot, server, Direction.UP, screen, (from, to) -> text(shape, from, to))
                    .run(settings.warmupSeconds(), seconds, onWarm);
            long sent = load.sent() - sentAtStart[0];
            Histogram times = load.times().take();
            load.stop();
            return MessageReport.of(window, shape, settings, sent, times);
        } finally {
            screen.clearStatus();
        }
    }

    private static String text(MessageShape shape, Moment from, Moment to) {
        return Units.count(Math.round(MessageReport.perSecond(shape, from, to))) + " messages/s";
    }
}
