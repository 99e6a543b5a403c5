package io.stoq.bench.perf;

import io.stoq.CloseReason;
import io.stoq.ConnectionHandler;
import io.stoq.ConnectionStatistics;
import io.stoq.StoqConnection;
import io.stoq.StoqException;
import io.stoq.StoqStream;
import io.stoq.StreamEvents;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The server's side of the perf protocol, for any number of connections. */
public final class PerfService implements ConnectionHandler {

    private final Tally tally = new Tally();
    private final Set<StoqConnection> connections = ConcurrentHashMap.newKeySet();
    private final PacketTotals ended = new PacketTotals();
    private final LongAdder established = new LongAdder();
    private final LongAdder uncleanEnds = new LongAdder();
    private final boolean verify;

    /** @param verify whether what clients send is compared with the pattern; only STOQ's clients send it */
    public PerfService(boolean verify) {
        this.verify = verify;
    }

    @Override
    public void onConnected(StoqConnection connection) {
        established.increment();
        connections.add(connection);
    }

    @Override
    public StreamEvents onStream(StoqStream stream) {
        boolean echo = stream.connection().applicationProtocol().equals(PerfProtocol.ECHO_ALPN);
        return echo ? new EchoResponder(tally) : new Responder();
    }

    @Override
    public boolean onDatagram(StoqConnection connection, ByteBuffer data) {
        tally.receivedDatagrams.increment();
        tally.receivedBytes.add(data.remaining());
        return true;
    }

    @Override
    public void onClosed(StoqConnection connection, CloseReason reason) {
        connections.remove(connection);
        boolean clean = reason instanceof CloseReason.Application application
                && application.byPeer()
                && application.code() == PerfProtocol.DONE;
        if (!clean) {
            uncleanEnds.increment();
        }
        ended.add(connection.statistics());
    }

    /** Connections that are open. */
    public int connections() {
        return connections.size();
    }

    /** Connections so far whose handshake was completed. */
    public long established() {
        return established.sum();
    }

    /** Connections so far that ended otherwise than by the client's word that all is done. */
    public long uncleanEnds() {
        return uncleanEnds.sum();
    }

    /** Packets of all connections so far. */
    PacketTotals packets() {
        PacketTotals totals = new PacketTotals();
        totals.add(ended);
        for (StoqConnection connection : connections) {
            ConnectionStatistics statistics = connection.statistics();
            totals.add(statistics);
        }
        return totals;
    }

    Tally tally() {
        return tally;
    }

    /** One stream of a client. */
    private final class Responder implements StreamEvents {

        private int headerBytes;
        private long wantedBytes;
        private long position;
        private PatternWriter answer;

        @Override
        public void onData(StoqStream stream, ByteBuffer data) {
            while (headerBytes < PerfProtocol.HEADER_BYTES && data.hasRemaining()) {
                wantedBytes = wantedBytes << 8 | data.get() & 0xff;
                headerBytes++;
            }
            int length = data.remaining();
            if (verify && !Pattern.matches(data, position)) {
                tally.mismatches.increment();
            }
            position += length;
            tally.receivedBytes.add(length);
            data.position(data.limit());
        }

        @Override
        public void onFinished(StoqStream stream) {
            // A stream that ends within its header asks for nothing.
            long bytes = headerBytes < PerfProtocol.HEADER_BYTES ? 0 : wantedBytes;
            if (stream.isBidirectional()) {
                answer(stream, bytes);
            } else if (bytes != 0) {
                stream.connection().openStreamAsync(false).thenAccept(back -> {
                    back.handler(this);
                    answer(back, bytes);
                });
            }
        }

        @Override
        public void onReset(StoqStream stream, long code) {
            if (stream.isBidirectional()) {
                stream.reset(code);
            }
        }

        @Override
        public void onWritable(StoqStream stream) {
            pump();
        }

        private void answer(StoqStream stream, long bytes) {
            answer = new PatternWriter(stream, bytes, tally);
            pump();
        }

        private void pump() {
            try {
                answer.pump();
            } catch (StoqException e) {
                // The client wants no more of the answer, which is how unlimited ones end.
                answer.stop();
            }
        }
    }
}
