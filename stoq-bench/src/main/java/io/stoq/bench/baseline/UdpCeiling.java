package io.stoq.bench.baseline;

import io.stoq.bench.perf.ServerProcess;
import io.stoq.crypto.PacketProtection;
import io.stoq.protection.JcaPacketProtection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * What the machine allows: each datagram sealed and opened by STOQ's packet protection, and moved by STOQ's sockets, on the
 * same event loops; a window instead of QUIC. Header protection, acknowledgements and streams are left out.
 */
public final class UdpCeiling implements Baseline {

    private final String name;
    private final Supplier<PacketProtection> protection;

    private UdpCeiling(String name, Supplier<PacketProtection> protection) {
        this.name = name;
        this.protection = protection;
    }

    /** By the packet protection that STOQ uses where nothing is said. */
    static UdpCeiling best() {
        return new UdpCeiling("ceiling", JcaPacketProtection::create);
    }

    /** By SunJCE, whatever else there is. */
    static UdpCeiling jca() {
        return new UdpCeiling("ceiling-jca", JcaPacketProtection::create);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void requireValid(BulkLoad load) {
        CeilingSide.windowBytes(name, load);
    }

    @Override
    public BulkServer serve(BulkLoad load) throws IOException {
        return CeilingSide.listen(name, load, protection.get());
    }

    @Override
    public BulkPeer connect(BulkLoad load, ServerProcess.Greeting server) throws IOException {
        return CeilingSide.connect(
                name, load, protection.get(), new InetSocketAddress(InetAddress.ofLiteral("::1"), server.port()));
    }
}
