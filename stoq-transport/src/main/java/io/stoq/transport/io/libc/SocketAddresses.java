package io.stoq.transport.io.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.stoq.transport.io.AddressCache;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/**
 * Addresses to and from {@code struct sockaddr_in6}: family at 0, port at 2 and address at 8 in network order, scope
 * at 24.
 *
 * <p>Confined to one socket's loop. What was written last for an address object is kept by identity, so that a send
 * to a known peer reads no {@link InetAddress}.
 */
final class SocketAddresses {

    static final int BYTES = 28;

    private static final long PORT = 2;
    private static final long FLOW_INFO = 4;
    private static final long ADDRESS = 8;
    private static final long SCOPE = 24;

    /** {@code struct in6_pktinfo}: the address at 0, the interface index at 16. */
    static final int PACKET_INFO_BYTES = 20;

    private static final int KNOWN = 256;

    private static final ValueLayout.OfLong NETWORK_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private final AddressCache remotes = new AddressCache(KNOWN);
    private final AddressCache locals = new AddressCache(KNOWN);

    private final InetSocketAddress[] known = new InetSocketAddress[KNOWN];
    private final byte[] knownBytes = new byte[KNOWN * 16];
    private final int[] knownScopes = new int[KNOWN];

    private InetAddress local;
    private final byte[] localBytes = new byte[16];
    private int localScope;

    /**
     * @return the address, the same object while it stays in the cache; null when it is no IPv6 address to answer to
     */
    InetSocketAddress readRemote(MemorySegment memory) {
        if (memory.get(JAVA_SHORT, 0) != Linux.AF_INET6) {
            return null;
        }
        return remotes.of(
                memory.get(NETWORK_LONG, ADDRESS),
                memory.get(NETWORK_LONG, ADDRESS + 8),
                memory.get(NETWORK_SHORT, PORT) & 0xffff,
                memory.get(JAVA_INT, SCOPE));
    }

    /** Reads a {@code struct in6_pktinfo}. */
    InetAddress readLocal(MemorySegment memory, long at) {
        InetSocketAddress address = locals.of(
                memory.get(NETWORK_LONG, at), memory.get(NETWORK_LONG, at + 8), 0, memory.get(JAVA_INT, at + 16));
        return address == null ? null : address.getAddress();
    }

    void writeRemote(InetSocketAddress remote, MemorySegment memory) {
        int slot = System.identityHashCode(remote) & KNOWN - 1;
        if (known[slot] != remote) {
            System.arraycopy(bytesOf(remote.getAddress()), 0, knownBytes, slot * 16, 16);
            knownScopes[slot] = ((Inet6Address) remote.getAddress()).getScopeId();
            known[slot] = remote;
        }
        write(memory, knownBytes, slot * 16, remote.getPort(), knownScopes[slot]);
    }

    void writeLocal(InetAddress source, MemorySegment memory, long at) {
        if (local != source) {
            System.arraycopy(bytesOf(source), 0, localBytes, 0, 16);
            localScope = ((Inet6Address) source).getScopeId();
            local = source;
        }
        MemorySegment.copy(localBytes, 0, memory, JAVA_BYTE, at, 16);
        memory.set(JAVA_INT, at + 16, localScope);
    }

    /** Writes without keeping anything. */
    static void write(InetSocketAddress address, MemorySegment memory) {
        Inet6Address ip = (Inet6Address) address.getAddress();
        write(memory, ip.getAddress(), 0, address.getPort(), ip.getScopeId());
    }

    private static void write(MemorySegment memory, byte[] address, int at, int port, int scope) {
        memory.set(JAVA_SHORT, 0, (short) Linux.AF_INET6);
        memory.set(NETWORK_SHORT, PORT, (short) port);
        memory.set(JAVA_INT, FLOW_INFO, 0);
        MemorySegment.copy(address, at, memory, JAVA_BYTE, ADDRESS, 16);
        memory.set(JAVA_INT, SCOPE, scope);
    }

    private static byte[] bytesOf(InetAddress address) {
        if (address instanceof Inet6Address) {
            return address.getAddress();
        }
        throw new IllegalArgumentException(address + " is no IPv6 address; STOQ is IPv6 only");
    }
}
