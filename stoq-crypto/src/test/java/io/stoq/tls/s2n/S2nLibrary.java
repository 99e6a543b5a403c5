package io.stoq.tls.s2n;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** s2n-tls, as the native library of the jar aws-crt exports it, called by name. Linux with glibc only. */
@SuppressWarnings("restricted") // native code is what it is for
final class S2nLibrary {

    static final AddressLayout POINTER = ValueLayout.ADDRESS;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final Arena ARENA = Arena.global();

    private static final Linker LINKER = Linker.nativeLinker();
    private static final String RESOURCE = "/linux/" + architecture() + "/glibc/libaws-crt-jni.so";
    private static final SymbolLookup SYMBOLS = load();

    private S2nLibrary() {}

    static boolean isAvailable() {
        return SYMBOLS != null;
    }

    /** Calls a function that returns 0 where all is well, with ints, longs, bytes, shorts and addresses. */
    static void check(String function, Object... arguments) {
        if ((int) call(function, INT, arguments) != 0) {
            throw new IllegalStateException(function + ": " + lastError());
        }
    }

    static Object call(String function, MemoryLayout result, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = layoutOf(arguments[i]);
        }
        MethodHandle handle =
                LINKER.downcallHandle(SYMBOLS.findOrThrow(function), FunctionDescriptor.of(result, layouts));
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(function, e);
        }
    }

    /** A function pointer to a method of {@code target}. */
    static MemorySegment callback(MethodHandles.Lookup lookup, Object target, String method, MemoryLayout... layouts) {
        FunctionDescriptor descriptor = FunctionDescriptor.of(INT, layouts);
        try {
            return LINKER.upcallStub(lookup.bind(target, method, descriptor.toMethodType()), descriptor, ARENA);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static MemorySegment string(String text) {
        return ARENA.allocateFrom(text);
    }

    static MemorySegment bytes(byte[] bytes) {
        return bytes.length == 0 ? MemorySegment.NULL : ARENA.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    }

    static void setErrno(int value) {
        Object location = invoke(LINKER.defaultLookup().findOrThrow("__errno_location"));
        ((MemorySegment) location).reinterpret(Integer.BYTES).set(INT, 0, value);
    }

    private static Object invoke(MemorySegment function) {
        try {
            return LINKER.downcallHandle(function, FunctionDescriptor.of(POINTER))
                    .invoke();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static String lastError() {
        MemorySegment location = (MemorySegment) call("s2n_errno_location", POINTER);
        int error = location.reinterpret(Integer.BYTES).get(INT, 0);
        MemorySegment words = (MemorySegment) call("s2n_strerror_debug", POINTER, error, string("EN"));
        return words.reinterpret(1000).getString(0);
    }

    private static MemoryLayout layoutOf(Object argument) {
        return switch (argument) {
            case Integer _ -> ValueLayout.JAVA_INT;
            case Long _ -> ValueLayout.JAVA_LONG;
            case Short _ -> ValueLayout.JAVA_SHORT;
            case Byte _ -> ValueLayout.JAVA_BYTE;
            default -> POINTER;
        };
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "armv8" : "x86_64";
    }

    /** Null where there is no library for this machine. */
    private static SymbolLookup load() {
        try (InputStream library = S2nLibrary.class.getResourceAsStream(RESOURCE)) {
            if (library == null || !System.getProperty("os.name").equals("Linux")) {
                return null;
            }
            Path file = Files.createTempFile("aws-crt", ".so");
            Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
            SymbolLookup symbols = SymbolLookup.libraryLookup(file, ARENA);
            Files.delete(file); // stays mapped
            int result = (int) LINKER.downcallHandle(symbols.findOrThrow("s2n_init"), FunctionDescriptor.of(INT))
                    .invoke();
            return result == 0 ? symbols : null;
        } catch (IOException | IllegalArgumentException e) {
            return null; // such as a C library that is not glibc
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
