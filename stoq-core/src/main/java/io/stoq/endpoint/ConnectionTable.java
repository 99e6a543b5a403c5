package io.stoq.endpoint;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Connection ids that this endpoint issued, to connections: open addressing over 8-byte keys. Confined to one loop.
 *
 * <p>All keys are random numbers of our own, so a peer cannot make them collide; what it looks up is another matter, and
 * costs a probe of an expected length below two.
 */
final class ConnectionTable {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long MIX = 0x9e3779b97f4a7c15L;

    private long[] keys = new long[16];
    private ConnectionEntry[] values = new ConnectionEntry[16];
    private int size;

    static long key(byte[] cid, int at) {
        return (long) LONG.get(cid, at);
    }

    ConnectionEntry find(long key) {
        int mask = keys.length - 1;
        int slot = slot(key, mask);
        while (values[slot] != null) {
            if (keys[slot] == key) {
                return values[slot];
            }
            slot = slot + 1 & mask;
        }
        return null;
    }

    void put(long key, ConnectionEntry value) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        int mask = keys.length - 1;
        int slot = slot(key, mask);
        while (values[slot] != null && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        size += values[slot] == null ? 1 : 0;
        keys[slot] = key;
        values[slot] = value;
    }

    void remove(long key) {
        int mask = keys.length - 1;
        int slot = slot(key, mask);
        while (values[slot] != null && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        if (values[slot] == null) {
            return;
        }
        size--;
        // Close the gap, so that no tombstones pile up over many short connections.
        int gap = slot;
        int next = slot + 1 & mask;
        while (values[next] != null) {
            int home = slot(keys[next], mask);
            if ((next - home & mask) >= (next - gap & mask)) {
                keys[gap] = keys[next];
                values[gap] = values[next];
                gap = next;
            }
            next = next + 1 & mask;
        }
        values[gap] = null;
    }

    int size() {
        return size;
    }

    private static int slot(long key, int mask) {
        return (int) (key * MIX >>> 32) & mask;
    }

    private void grow() {
        long[] oldKeys = keys;
        ConnectionEntry[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new ConnectionEntry[oldKeys.length * 2];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                put(oldKeys[i], oldValues[i]);
            }
        }
    }
}
