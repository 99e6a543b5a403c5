package io.stoq.protection.ipsecmb;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Locale;

/**
 * The shared library: finds it, asks it for its version, its self-test and the processor's features, and binds the fastest
 * AES-GCM that it has for this machine. Any thread.
 */
final class Library {

    /** By which the dynamic linker knows the library; the number is its major version. */
    static final List<String> NAMES = List.of("libIPSec_MB.so.2", "libIPSec_MB.so.1");

    private static final String HOW_TO_INSTALL =
            "install the package libipsec-mb1 (Debian, Ubuntu; libipsec-mb2 in newer ones) or intel-ipsec-mb (Fedora, RHEL)";

    private final SymbolLookup symbols;

    Library(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /** Loads the first of {@code names} that is there, for the life of the process. */
    @SuppressWarnings("restricted") // loading a library is what this class is for
    static Library open(List<String> names) throws UnusableException {
        for (String name : names) {
            try {
                return new Library(SymbolLookup.libraryLookup(name, Arena.global()));
            } catch (IllegalArgumentException e) {
                // Not this one.
            }
        }
        throw new UnusableException(String.join(" and ", names) + " cannot be loaded; " + HOW_TO_INSTALL);
    }

    /** Why the library cannot even be looked for on such a machine, or null. */
    static String machineReason(String os, String architecture) {
        String arch = architecture.toLowerCase(Locale.ROOT);
        if (!os.equals("Linux") || !arch.equals("amd64") && !arch.equals("x86_64")) {
            return "it needs Linux on x86_64, this is " + os + " on " + architecture;
        }
        return null;
    }

    /** The fastest AES-GCM of the library that runs here; not tested yet. */
    GcmFunctions gcm() throws UnusableException {
        try {
            LibraryVersion version = LibraryVersion.of((int)
                    function("imb_get_version", FunctionDescriptor.of(JAVA_INT)).invokeExact());
            // Since 1.3 the library tests itself; 3.0 is not released.
            if (!version.isAtLeast(1, 3) || version.isAtLeast(3, 0)) {
                throw new UnusableException("ipsec-mb " + version + " is installed, and 1.3 up to 2.x is known; "
                        + (version.isAtLeast(3, 0) ? "install one of these" : HOW_TO_INSTALL));
            }
            requireSelfTest(version);
            long features = (long) function("imb_get_feature_flags", FunctionDescriptor.of(JAVA_LONG))
                    .invokeExact();
            return fastest(version, features);
        } catch (UnusableException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call into ipsec-mb failed", e);
        }
    }

    private GcmFunctions fastest(LibraryVersion version, long features) throws UnusableException {
        for (GcmImplementation implementation : GcmImplementation.values()) {
            boolean isThere =
                    symbols.find("aes_gcm_enc_128_" + implementation.suffix).isPresent();
            if (isThere && implementation.runsOn(features, version)) {
                return GcmFunctions.bind(symbols, version, implementation);
            }
        }
        throw new UnusableException("ipsec-mb " + version + " has no AES-GCM for this processor, which needs AES-NI and"
                + " PCLMULQDQ at least");
    }

    /** Making a manager runs the known-answer tests of the library itself, which reports by its error number. */
    private void requireSelfTest(LibraryVersion version) throws Throwable {
        MethodHandle initialize = function("init_mb_mgr_auto", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
        MethodHandle errorNumber = function("imb_get_errno", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        MethodHandle free = function("free_mb_mgr", FunctionDescriptor.ofVoid(ADDRESS));
        MemorySegment manager = (MemorySegment) function("alloc_mb_mgr", FunctionDescriptor.of(ADDRESS, JAVA_LONG))
                .invokeExact(0L);
        if (manager.equals(MemorySegment.NULL)) {
            throw new UnusableException("ipsec-mb " + version + " could not allocate its state");
        }
        try {
            initialize.invokeExact(manager, MemorySegment.NULL);
            int error = (int) errorNumber.invokeExact(manager);
            if (error != 0) {
                throw new UnusableException("ipsec-mb " + version + " failed its self-test with error " + error
                        + "; reinstall it, or install another version");
            }
        } finally {
            free.invokeExact(manager);
        }
    }

    @SuppressWarnings("restricted") // binding C functions is what this class is for
    private MethodHandle function(String name, FunctionDescriptor type) throws UnusableException {
        MemorySegment address = symbols.find(name)
                .orElseThrow(() -> new UnusableException("the library found has no function " + name
                        + ", so it is not ipsec-mb 1.3 or newer; " + HOW_TO_INSTALL));
        return Linker.nativeLinker().downcallHandle(address, type);
    }
}
