package io.stoq.protection.ipsecmb;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * AES-GCM by one implementation of the library, bound.
 *
 * <p>The one-shot functions take {@code (key, context, out, in, length, iv, aad, aad length, tag, tag length)}. Memory that
 * only this package sees goes in as a number, the callers' as a segment, which may be of the heap: the calls are "critical".
 *
 * @param version of the library
 */
record GcmFunctions(
        LibraryVersion version,
        GcmImplementation implementation,
        MethodHandle expand128,
        MethodHandle expand256,
        MethodHandle encrypt128,
        MethodHandle encrypt256,
        MethodHandle decrypt128,
        MethodHandle decrypt256) {

    private static final FunctionDescriptor EXPAND = FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG);
    private static final FunctionDescriptor CRYPT = FunctionDescriptor.ofVoid(
            JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    static GcmFunctions bind(SymbolLookup library, LibraryVersion version, GcmImplementation implementation)
            throws UnusableException {
        Binder binder = new Binder(library, version, implementation.suffix);
        return new GcmFunctions(
                version,
                implementation,
                binder.bind("aes_gcm_pre_128_", EXPAND),
                binder.bind("aes_gcm_pre_256_", EXPAND),
                binder.bind("aes_gcm_enc_128_", CRYPT),
                binder.bind("aes_gcm_enc_256_", CRYPT),
                binder.bind("aes_gcm_dec_128_", CRYPT),
                binder.bind("aes_gcm_dec_256_", CRYPT));
    }

    @Override
    public String toString() {
        return "ipsec-mb " + version + " (" + implementation.suffix + ")";
    }

    private record Binder(SymbolLookup library, LibraryVersion version, String suffix) {

        @SuppressWarnings("restricted") // binding C functions is what this class is for
        MethodHandle bind(String name, FunctionDescriptor type) throws UnusableException {
            var function = library.find(name + suffix)
                    .orElseThrow(() -> new UnusableException(
                            "ipsec-mb " + version + " has no function " + name + suffix + "; install another version"));
            return Linker.nativeLinker().downcallHandle(function, type, Linker.Option.critical(true));
        }
    }
}
