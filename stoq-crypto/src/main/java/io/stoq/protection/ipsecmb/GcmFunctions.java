package io.stoq.protection.ipsecmb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** AES-GCM by one implementation in the library, bound. */
record GcmFunctions(
        LibraryVersion version,
        GcmImplementation implementation,
        MethodHandle expand128,
        MethodHandle expand256,
        SealFunction seal128,
        SealFunction seal256,
        PieceFunctions pieces128,
        PieceFunctions pieces256,
        OpenFunction open128,
        OpenFunction open256) {

    static GcmFunctions bind(SymbolLookup library, LibraryVersion version, GcmImplementation implementation)
            throws UnusableException {
        Binder binder = new Binder(library, version, implementation);
        return new GcmFunctions(
                version,
                implementation,
                binder.expand("aes_gcm_pre_128_"),
                binder.expand("aes_gcm_pre_256_"),
                SealFunction.bind(binder, "aes_gcm_enc_128_"),
                SealFunction.bind(binder, "aes_gcm_enc_256_"),
                PieceFunctions.bind(binder, 128),
                PieceFunctions.bind(binder, 256),
                OpenFunction.bind(binder, "aes_gcm_dec_128_"),
                OpenFunction.bind(binder, "aes_gcm_dec_256_"));
    }

    void expand(byte[] key, GcmSlot slot) {
        try {
            if (key.length == 32) {
                expand256.invokeExact(MemorySegment.ofArray(key), slot.key);
            } else {
                expand128.invokeExact(MemorySegment.ofArray(key), slot.key);
            }
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** As in {@code ipsec-mb 1.3.0 vaes_avx512}. */
    @Override
    public String toString() {
        return "ipsec-mb " + version + " " + implementation.suffix;
    }

    static IllegalStateException failed(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        if (e instanceof RuntimeException exception) {
            throw exception;
        }
        return new IllegalStateException("a call into ipsec-mb failed", e);
    }
}
