package io.stoq.transport.io.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One {@code struct msghdr} with what it points to: a socket address, one piece of data, control messages. Allocated
 * once and reused; the pointers stay but for the data's.
 */
final class MessageHeader {

    /** Room for every control message that is ever asked for, and more: {@code MSG_CTRUNC} would cost a whole train. */
    static final int CONTROL_BYTES = 256;

    /** {@code struct cmsghdr}: its length with data at 0 (8 bytes), level at 8, type at 12; data follow. */
    static final int CONTROL_HEADER_BYTES = 16;

    private static final long NAME = 0;
    private static final long NAME_LENGTH = 8;
    private static final long IOV = 16;
    private static final long IOV_COUNT = 24;
    private static final long CONTROL = 32;
    private static final long CONTROL_LENGTH = 40;
    private static final long FLAGS = 48;
    private static final long BYTES = 56;

    final MemorySegment struct;
    final MemorySegment name;
    final MemorySegment control;
    private final MemorySegment iov;

    MessageHeader(Arena arena) {
        struct = arena.allocate(BYTES, Long.BYTES);
        name = arena.allocate(SocketAddresses.BYTES, Long.BYTES);
        control = arena.allocate(CONTROL_BYTES, Long.BYTES);
        iov = arena.allocate(16, Long.BYTES);
        struct.set(ADDRESS, NAME, name);
        struct.set(JAVA_INT, NAME_LENGTH, SocketAddresses.BYTES);
        struct.set(ADDRESS, IOV, iov);
        struct.set(JAVA_LONG, IOV_COUNT, 1);
        struct.set(ADDRESS, CONTROL, control);
    }

    void data(long address, long length) {
        iov.set(JAVA_LONG, 0, address);
        iov.set(JAVA_LONG, 8, length);
    }

    int controlLength() {
        return (int) struct.get(JAVA_LONG, CONTROL_LENGTH);
    }

    void controlLength(int bytes) {
        struct.set(JAVA_LONG, CONTROL_LENGTH, bytes);
    }

    void nameLength(int bytes) {
        struct.set(JAVA_INT, NAME_LENGTH, bytes);
    }

    int flags() {
        return struct.get(JAVA_INT, FLAGS);
    }

    /** Writes the header of a control message; returns where its data go. */
    int putControl(int at, int level, int type, int dataBytes) {
        control.set(JAVA_LONG, at, CONTROL_HEADER_BYTES + dataBytes);
        control.set(JAVA_INT, at + 8, level);
        control.set(JAVA_INT, at + 12, type);
        return at + CONTROL_HEADER_BYTES;
    }

    /** Where a control message starts that follows one ending at {@code end}. */
    static int aligned(int end) {
        return end + 7 & -8;
    }
}
