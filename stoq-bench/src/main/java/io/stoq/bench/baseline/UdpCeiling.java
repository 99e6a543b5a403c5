package io.stoq.bench.baseline;

import io.stoq.bench.perf.ServerProcess;
import io.stoq.crypto.PacketProtection;
import io.stoq.protection.JcaPacketProtection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Function;

/**
 * What the machine allows: each datagram sealed and opened by STOQ's packet protection, and moved by STOQ's sockets, on the
 * same event loops; a window instead of QUIC. Header protection, acknowledgements and streams are left out.
 */
public final class UdpCeiling implements Baseline {

    private final String name;
    private final Function<BulkLoad, PacketProtection> protection;

    private UdpCeiling(String name, Function<BulkLoad, PacketProtection> protection) {
        this.name = name;
        this.protection = protection;
    }

    /** By what seals STOQ's packets. */
    static UdpCeiling best() {
        return new UdpCeiling("ceiling", BulkLoad::protection);
    }

    /** By SunJCE, whatever else there is. */
    static UdpCeiling jca() {
        return new UdpCeiling("ceiling-jca", load -> JcaPacketProtection.create());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void requireValid(Tuning tuning, String congestion) {
        CeilingSide.windowBytes(name, tuning);
    }

    @Override
    public String aead(BulkLoad load) {
        return protection.apply(load).toString();
    }

    @Override
    public BulkServer serve(BulkLoad load) throws IOException {
        return CeilingSide.listen(name, load, protection.apply(load));
    }

    @Override
    public BulkPeer connect(BulkLoad load, ServerProcess.Greeting server) throws IOException {
        return CeilingSide.connect(
                name, load, protection.apply(load), new InetSocketAddress(InetAddress.ofLiteral("::1"), server.port()));
    }
}
