package io.stoq.transport.io.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library calls that a socket needs. Each returns what the kernel would: a result that is not negative, or the
 * error number negated, which is also the convention of io_uring. Any thread; a call state belongs to one thread at a
 * time.
 *
 * <p>Loading this class fails where native access is denied; {@link Platform} asks first.
 */
final class Libc {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_AT = CALL_STATE.byteOffset(PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND = call("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKNAME =
            call("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SETSOCKOPT =
            call("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKOPT =
            call("getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SENDMSG =
            call("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVMSG =
            call("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

    private Libc() {}

    /** Where a call leaves its error number; one for each thread that calls. */
    static MemorySegment newCallState(Arena arena) {
        return arena.allocate(CALL_STATE);
    }

    static int socket(MemorySegment state, int domain, int type, int protocol) {
        try {
            return result(state, (int) SOCKET.invokeExact(state, domain, type, protocol));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int close(MemorySegment state, int fd) {
        try {
            return result(state, (int) CLOSE.invokeExact(state, fd));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int bind(MemorySegment state, int fd, MemorySegment address) {
        try {
            return result(state, (int) BIND.invokeExact(state, fd, address, (int) address.byteSize()));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** @param length an int: the room in {@code address} before, the address's length after */
    static int getsockname(MemorySegment state, int fd, MemorySegment address, MemorySegment length) {
        try {
            return result(state, (int) GETSOCKNAME.invokeExact(state, fd, address, length));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int setsockopt(MemorySegment state, int fd, int level, int option, MemorySegment value) {
        try {
            return result(state, (int) SETSOCKOPT.invokeExact(state, fd, level, option, value, (int) value.byteSize()));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int getsockopt(
            MemorySegment state, int fd, int level, int option, MemorySegment value, MemorySegment length) {
        try {
            return result(state, (int) GETSOCKOPT.invokeExact(state, fd, level, option, value, length));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int sendmsg(MemorySegment state, int fd, MemorySegment header, int flags) {
        try {
            return result(state, (int) (long) SENDMSG.invokeExact(state, fd, header, flags));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int recvmsg(MemorySegment state, int fd, MemorySegment header, int flags) {
        try {
            return result(state, (int) (long) RECVMSG.invokeExact(state, fd, header, flags));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int result(MemorySegment state, int returned) {
        return returned < 0 ? -state.get(JAVA_INT, ERRNO_AT) : returned;
    }

    @SuppressWarnings("restricted") // binding C functions is what this class is for
    private static MethodHandle call(String name, FunctionDescriptor type) {
        MemorySegment symbol = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no " + name));
        return LINKER.downcallHandle(symbol, type, Linker.Option.captureCallState("errno"));
    }

    private static IllegalStateException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a call into the C library failed", e);
    }
}
