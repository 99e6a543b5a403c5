package io.stoq.transport.io.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Map;

/**
 * Whether native sockets work in this process: the machine, its C types, permission, and the numbers of {@link
 * Linux}.
 */
public final class Platform {

    private static final String UNAVAILABLE_REASON = probe();

    private Platform() {}

    /** Why native sockets cannot be used, as a clause; null when they can. Found once. */
    public static String unavailableReason() {
        return UNAVAILABLE_REASON;
    }

    private static String probe() {
        try {
            String reason = machineReason(System.getProperty("os.name"), System.getProperty("os.arch"));
            return reason != null ? reason : socketReason();
        } catch (LinkageError | RuntimeException e) {
            return reasonOf(e);
        }
    }

    /** @return why the struct layouts of this package do not hold on a machine, or null */
    static String machineReason(String os, String architecture) {
        String arch = architecture.toLowerCase(Locale.ROOT);
        if (!os.equals("Linux")) {
            return "it needs Linux, this is " + os;
        }
        if (!arch.equals("amd64") && !arch.equals("x86_64") && !arch.equals("aarch64")) {
            return "it knows x86_64 and aarch64, this is " + architecture;
        }
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            return "it needs a little-endian machine";
        }
        Map<String, MemoryLayout> types = Linker.nativeLinker().canonicalLayouts();
        boolean lp64 = types.get("int").byteSize() == 4
                && types.get("long").byteSize() == 8
                && types.get("size_t").byteSize() == 8
                && types.get("void*").byteSize() == 8;
        return lp64 ? null : "it needs C types with 64-bit long and pointers";
    }

    /** Opens a socket and asks the kernel what it is: wrong numbers or a broken errno show here and not later. */
    private static String socketReason() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.newCallState(arena);
            if (Libc.close(state, -1) != -Errno.EBADF) {
                return "the C library does not report errors as expected";
            }
            int fd = Libc.socket(state, Linux.AF_INET6, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0);
            if (fd == -Errno.EAFNOSUPPORT) {
                return "the kernel has no IPv6; enable it";
            }
            if (fd < 0) {
                return "an IPv6 UDP socket cannot be opened: " + Errno.describe(-fd);
            }
            try {
                boolean asExpected = option(arena, state, fd, Linux.SO_DOMAIN) == Linux.AF_INET6
                        && option(arena, state, fd, Linux.SO_TYPE) == Linux.SOCK_DGRAM
                        && option(arena, state, fd, Linux.SO_PROTOCOL) == Linux.IPPROTO_UDP;
                return asExpected ? null : "the kernel's socket options are not numbered as expected";
            } finally {
                Libc.close(state, fd);
            }
        }
    }

    private static int option(Arena arena, MemorySegment state, int fd, int name) {
        MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
        int result = Libc.getsockopt(state, fd, Linux.SOL_SOCKET, name, value, length);
        return result < 0 ? result : value.get(ValueLayout.JAVA_INT, 0);
    }

    private static String reasonOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof IllegalCallerException
                ? "native access is denied; allow it with --enable-native-access"
                : "the C library cannot be called: " + root;
    }
}
