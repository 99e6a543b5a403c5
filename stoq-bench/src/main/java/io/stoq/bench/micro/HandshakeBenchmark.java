package io.stoq.bench.micro;

import io.stoq.crypto.TlsEvent;
import io.stoq.crypto.TlsSession;
import io.stoq.tls.Identity;
import io.stoq.tls.StoqTls;
import io.stoq.tls.Trust;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What TLS of one handshake costs, both sides together, without packets: full, and resumed by a ticket. RFC 8446 §2. */
public class HandshakeBenchmark extends MicroBenchmark {

    private static final String NAME = "server.example";

    @Param({"false", "true"})
    public boolean resumed;

    @Param({"x25519", "X25519MLKEM768"})
    public String group;

    private StoqTls client;
    private StoqTls server;

    @Setup
    public void prepare() {
        Identity identity = Identity.selfSigned(NAME);
        server = StoqTls.builder()
                .identity(identity)
                .applicationProtocols("bench")
                .keyExchangeGroups(group)
                .build();
        client = StoqTls.builder()
                .trust(Trust.certificates(identity.certificates().getFirst()))
                .applicationProtocols("bench")
                .keyExchangeGroups(group)
                .sessionCache(resumed ? 4 : 0)
                .build();
        shake();
    }

    @Benchmark
    public boolean handshake() {
        boolean went = shake();
        if (went != resumed) {
            throw new IllegalStateException("resumed: " + went);
        }
        return went;
    }

    /** Returns whether the session was resumed. */
    private boolean shake() {
        TlsSession asking = client.clientSession(NAME, new byte[0]);
        TlsSession answering = server.serverSession(new byte[0]);
        asking.run();
        pass(asking, answering);
        answering.run();
        pass(answering, asking);
        asking.run();
        TlsEvent.Complete complete = pass(asking, answering);
        answering.run();
        pass(answering, asking); // the tickets
        asking.run();
        asking.destroy();
        answering.destroy();
        return complete.resumed();
    }

    private static TlsEvent.Complete pass(TlsSession from, TlsSession to) {
        TlsEvent.Complete complete = null;
        for (TlsEvent event = from.pollEvent(); event != null; event = from.pollEvent()) {
            if (event instanceof TlsEvent.CryptoData data) {
                to.onCrypto(data.level(), data.bytes(), 0, data.bytes().length);
            } else if (event instanceof TlsEvent.Complete done) {
                complete = done;
            }
        }
        return complete;
    }
}
