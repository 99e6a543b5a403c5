package io.stoq.protection.ipsecmb;

/**
 * The implementations of AES-GCM in the library, fastest first: how their functions' names end, and which processor
 * features the library itself asks for before it uses them ({@code IMB_CPUFLAGS_...} in its header).
 */
enum GcmImplementation {
    VAES_AVX512("vaes_avx512", Cpu.AVX512 | Cpu.VAES | Cpu.VPCLMULQDQ | Cpu.GFNI | Cpu.AVX512_IFMA | Cpu.SHANI),
    AVX512("avx512", Cpu.AVX512),
    AVX2("avx_gen4", Cpu.AVX2),
    SSE("sse", Cpu.SSE);

    final String suffix;
    private final long required;

    GcmImplementation(String suffix, long required) {
        this.suffix = suffix;
        this.required = required;
    }

    /** @param features what {@code imb_get_feature_flags} says of this machine */
    boolean runsOn(long features, LibraryVersion version) {
        // From 2.0 on the library also looks whether the operating system saves the wide registers.
        boolean asksSystem = version.major() >= 2 && this != SSE;
        long all = asksSystem ? required | Cpu.XSAVE_BY_SYSTEM : required;
        return (features & all) == all;
    }

    /** Feature bits that all versions since 1.3 number alike ({@code IMB_FEATURE_...}). */
    private static final class Cpu {

        static final long SHANI = 1L;
        static final long AESNI = 1L << 1;
        static final long PCLMULQDQ = 1L << 2;
        static final long CMOV = 1L << 3;
        static final long SSE4_2 = 1L << 4;
        static final long AVX = 1L << 5;
        static final long AVX512_SKYLAKE = 31L << 7;
        static final long VAES = 1L << 12;
        static final long VPCLMULQDQ = 1L << 13;
        static final long GFNI = 1L << 16;
        static final long AVX512_IFMA = 1L << 17;
        static final long BMI2 = 1L << 18;
        static final long XSAVE_BY_SYSTEM = 3L << 26;

        static final long SSE = AESNI | PCLMULQDQ | CMOV | SSE4_2;
        static final long AVX2 = SSE | AVX | 1L << 6 | BMI2;
        static final long AVX512 = AVX2 | AVX512_SKYLAKE;
    }
}
