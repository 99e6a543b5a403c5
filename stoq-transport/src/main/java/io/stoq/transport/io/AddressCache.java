package io.stoq.transport.io;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;

/**
 * Makes one {@link InetSocketAddress} of equal raw IPv6 addresses, so that the engine may compare by identity first and
 * receiving allocates nothing for a known peer. Confined to one socket's loop.
 *
 * <p>Direct mapped and bounded: whoever sends from many addresses makes entries displace each other, which costs an
 * allocation each and no memory. The seed keeps a sender from choosing whose entry that is.
 */
public final class AddressCache {

    private static final long SEED = new SecureRandom().nextLong();
    private static final long MAPPED_PREFIX = 0xffffL;

    private final InetSocketAddress[] addresses;
    private final long[] highs;
    private final long[] lows;
    private final int[] scopes;
    private final int shift;

    /** @param entries a power of two, 2 or more */
    public AddressCache(int entries) {
        if (entries < 2 || Integer.bitCount(entries) != 1) {
            throw new IllegalArgumentException("entries " + entries + " is no power of two above 1");
        }
        addresses = new InetSocketAddress[entries];
        highs = new long[entries];
        lows = new long[entries];
        scopes = new int[entries];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(entries);
    }

    /**
     * @param high the address's first 8 bytes, in network order
     * @param low its last 8 bytes
     * @param scope the interface that a link-local address belongs to; ignored for others
     * @return the address, the same object as last time where it was not displaced; null for a v4-mapped one
     */
    public InetSocketAddress of(long high, long low, int port, int scope) {
        int slot = slotOf(high, low, port);
        InetSocketAddress known = addresses[slot];
        if (known != null
                && highs[slot] == high
                && lows[slot] == low
                && known.getPort() == port
                && scopes[slot] == scope) {
            return known;
        }
        return remember(slot, high, low, port, scope);
    }

    /**
     * The cached address equal to the given one; null when that is no IPv6 address. For receivers that know objects
     * only.
     */
    public InetSocketAddress of(InetSocketAddress address) {
        if (!(address.getAddress() instanceof Inet6Address ip)) {
            return null;
        }
        byte[] bytes = ip.getAddress();
        return of(longAt(bytes, 0), longAt(bytes, 8), address.getPort(), ip.getScopeId());
    }

    private InetSocketAddress remember(int slot, long high, long low, int port, int scope) {
        if (high == 0 && low >>> 32 == MAPPED_PREFIX) {
            return null;
        }
        InetSocketAddress address = new InetSocketAddress(ipOf(high, low, scope), port);
        addresses[slot] = address;
        highs[slot] = high;
        lows[slot] = low;
        scopes[slot] = scope;
        return address;
    }

    private int slotOf(long high, long low, int port) {
        long mixed = (high ^ SEED) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 32 ^ low) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 29 ^ port) * 0x94d049bb133111ebL;
        return (int) (mixed >>> shift);
    }

    private static InetAddress ipOf(long high, long low, int scope) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (high >>> 56 - 8 * i);
            bytes[8 + i] = (byte) (low >>> 56 - 8 * i);
        }
        boolean linkLocal = high >>> 54 == 0xfe80 >>> 6;
        try {
            return linkLocal && scope != 0
                    ? Inet6Address.getByAddress(null, bytes, scope)
                    : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("16 bytes always make an address", e);
        }
    }

    private static long longAt(byte[] bytes, int at) {
        long value = 0;
        for (int i = at; i < at + 8; i++) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }
}
