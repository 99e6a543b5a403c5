package io.stoq.endpoint;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

/** A socket address as a map key; comparable, so that a map with colliding keys stays logarithmic. */
record AddressKey(long high, long low, int port) implements Comparable<AddressKey> {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    static AddressKey of(InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        if (bytes.length != 16) {
            throw new IllegalArgumentException(address + " is not an IPv6 address; STOQ is IPv6 only");
        }
        return new AddressKey((long) LONG.get(bytes, 0), (long) LONG.get(bytes, 8), address.getPort());
    }

    /** The 18 bytes that tokens are bound to. */
    byte[] bytes() {
        byte[] bytes = new byte[18];
        LONG.set(bytes, 0, high);
        LONG.set(bytes, 8, low);
        bytes[16] = (byte) (port >>> 8);
        bytes[17] = (byte) port;
        return bytes;
    }

    @Override
    public int compareTo(AddressKey other) {
        int order = Long.compare(high, other.high);
        order = order != 0 ? order : Long.compare(low, other.low);
        return order != 0 ? order : Integer.compare(port, other.port);
    }
}
