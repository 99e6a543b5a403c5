package io.stoq.protection.ipsecmb;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Binds the functions of one implementation in the library.
 *
 * <p>A C pointer may be bound as a number or as a segment. Heap memory has to be a segment, and the calls are "critical" so
 * that it may. Native memory goes in as a number, which is never an object.
 */
record Binder(SymbolLookup library, LibraryVersion version, GcmImplementation implementation) {

    private static final FunctionDescriptor EXPAND = FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG);

    /** {@code void f(const void *key, struct gcm_key_data *expanded)} */
    MethodHandle expand(String name) throws UnusableException {
        return bind(name, EXPAND);
    }

    /**
     * {@code void f(const struct gcm_key_data *, struct gcm_context_data *, uint8_t *out, const uint8_t *in, uint64_t
     * length, const uint8_t *iv, const uint8_t *aad, uint64_t aad_length, uint8_t *tag, uint64_t tag_length)}
     */
    MethodHandle crypt(String name, MemoryLayout out, MemoryLayout in, MemoryLayout header) throws UnusableException {
        return bind(
                name,
                FunctionDescriptor.ofVoid(
                        JAVA_LONG, JAVA_LONG, out, in, JAVA_LONG, JAVA_LONG, header, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    /**
     * {@code void f(const struct gcm_key_data *, struct gcm_context_data *, const uint8_t *iv, const uint8_t *aad, uint64_t
     * aad_length)}
     */
    MethodHandle begin(String name, MemoryLayout header) throws UnusableException {
        return bind(name, FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, header, JAVA_LONG));
    }

    /**
     * {@code void f(const struct gcm_key_data *, struct gcm_context_data *, uint8_t *out, const uint8_t *in, uint64_t length)}
     */
    MethodHandle update(String name, MemoryLayout out) throws UnusableException {
        return bind(name, FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, out, ADDRESS, JAVA_LONG));
    }

    /** {@code void f(const struct gcm_key_data *, struct gcm_context_data *, uint8_t *tag, uint64_t tag_length)} */
    MethodHandle end(String name) throws UnusableException {
        return bind(name, FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    @SuppressWarnings("restricted") // binding C functions is what this class is for
    private MethodHandle bind(String name, FunctionDescriptor type) throws UnusableException {
        String symbol = name + implementation.suffix;
        MemorySegment function = library.find(symbol)
                .orElseThrow(() -> new UnusableException(
                        "ipsec-mb " + version + " has no function " + symbol + "; install another version"));
        return Linker.nativeLinker().downcallHandle(function, type, Linker.Option.critical(true));
    }
}
