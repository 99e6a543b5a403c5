package io.stoq.protection.ipsecmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The library as it is installed, and libraries that are not as they should be: the real one with a function replaced. */
class LibraryTest {

    private static final LibraryVersion ANY_VERSION = new LibraryVersion(1, 3, 0);

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
    }

    /** The installed library's functions. */
    @SuppressWarnings("restricted") // replaced functions need the real ones around them
    private SymbolLookup installed() {
        assumeTrue(
                Library.machineReason(System.getProperty("os.name"), System.getProperty("os.arch")) == null,
                "ipsec-mb is for Linux on x86_64");
        for (String name : Library.NAMES) {
            try {
                return SymbolLookup.libraryLookup(name, arena);
            } catch (IllegalArgumentException e) {
                // Perhaps the other one.
            }
        }
        assumeTrue(false, "skipped, since ipsec-mb is not installed (Debian: libipsec-mb1)");
        return null;
    }

    /** A library as {@code real}, in which {@code name} is something else, or missing. */
    private static SymbolLookup with(SymbolLookup real, String name, MemorySegment replacement) {
        return symbol -> symbol.equals(name) ? Optional.ofNullable(replacement) : real.find(symbol);
    }

    @SuppressWarnings("restricted") // asks the real library
    private static long features(SymbolLookup library) throws Throwable {
        return (long) Linker.nativeLinker()
                .downcallHandle(
                        library.find("imb_get_feature_flags").orElseThrow(),
                        FunctionDescriptor.of(ValueLayout.JAVA_LONG))
                .invokeExact();
    }

    /** A C function that ignores its arguments and returns {@code result}. */
    @SuppressWarnings("restricted") // a library that misbehaves as wanted
    private MemorySegment returning(Object result, FunctionDescriptor type) {
        MethodType javaType = type.toMethodType();
        MethodHandle constant = MethodHandles.constant(javaType.returnType(), result);
        MethodHandle function = MethodHandles.dropArguments(constant, 0, javaType.parameterList());
        return Linker.nativeLinker().upcallStub(function, type, arena);
    }

    private static String reason(SymbolLookup library) {
        return assertThrows(UnusableException.class, new Library(library)::gcm).getMessage();
    }

    @Test
    void theInstalledOnePassesAllTests() throws Exception {
        GcmFunctions gcm = new Library(installed()).gcm();
        SelfTest.require(gcm);
        assertTrue(gcm.toString().matches("ipsec-mb [12]\\.\\d+\\.\\d+ \\w+"), gcm::toString);
    }

    @ParameterizedTest
    @EnumSource(GcmImplementation.class)
    void eachImplementationThatThisProcessorRunsPassesAllTests(GcmImplementation implementation) throws Throwable {
        SymbolLookup library = installed();
        long features = features(library);
        assumeTrue(implementation.runsOn(features, ANY_VERSION), () -> "this processor does not run " + implementation);
        SelfTest.require(GcmFunctions.bind(library, ANY_VERSION, implementation));
    }

    @Test
    void oneThatIsNotInstalledIsToldOfWithThePackage() {
        String reason = assertThrows(UnusableException.class, () -> Library.open(List.of("libNo.so.1", "libNo.so.2")))
                .getMessage();
        assertTrue(reason.startsWith("libNo.so.1 and libNo.so.2 cannot be loaded; install the package libipsec-mb1"));
    }

    @Test
    void anotherLibraryIsNotTakenForIt() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"));
        Library libc = Library.open(List.of("libc.so.6"));
        String reason = assertThrows(UnusableException.class, libc::gcm).getMessage();
        assertTrue(reason.startsWith("the library found has no function imb_get_version"), reason);
    }

    @ParameterizedTest
    @CsvSource({"0x10200, 1.2.0", "0x3700, 0.55.0", "0x30000, 3.0.0"})
    void versionsThatAreNotKnownAreRefused(String packed, String version) {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT);
        MemorySegment function = returning(Integer.decode(packed), type);
        String reason = reason(with(installed(), "imb_get_version", function));
        assertTrue(reason.startsWith("ipsec-mb " + version + " is installed, and 1.3 up to 2.x is known"), reason);
    }

    @Test
    void oneThatFailsItsOwnSelfTestIsRefused() {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        String reason = reason(with(installed(), "imb_get_errno", returning(2027, type)));
        assertTrue(reason.contains("failed its self-test with error 2027"), reason);
    }

    @Test
    void oneThatCannotAllocateIsRefused() {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
        String reason = reason(with(installed(), "alloc_mb_mgr", returning(MemorySegment.NULL, type)));
        assertTrue(reason.contains("could not allocate"), reason);
    }

    @Test
    void aProcessorWithoutAesIsToldOf() {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_LONG);
        String reason = reason(with(installed(), "imb_get_feature_flags", returning(0L, type)));
        assertTrue(reason.contains("has no AES-GCM for this processor"), reason);
    }

    @Test
    void theNextImplementationServesWhereOneIsNotExported() throws Exception {
        SymbolLookup library = installed();
        GcmImplementation first = new Library(library).gcm().implementation();
        assumeTrue(first != GcmImplementation.SSE, "there is no other one");
        GcmFunctions gcm = new Library(with(library, "aes_gcm_enc_128_" + first.suffix, null)).gcm();
        assertTrue(gcm.implementation().ordinal() > first.ordinal());
        SelfTest.require(gcm);
    }

    @Test
    void oneThatLacksPartOfAnImplementationIsRefused() throws Exception {
        SymbolLookup library = installed();
        String name = "aes_gcm_dec_256_" + new Library(library).gcm().implementation().suffix;
        assertTrue(reason(with(library, name, null)).contains("has no function " + name));
    }

    @ParameterizedTest
    @CsvSource({
        "aes_gcm_enc_128_, aes_gcm_enc_192_",
        "aes_gcm_enc_256_, aes_gcm_dec_256_",
        "aes_gcm_dec_128_, aes_gcm_enc_128_",
        "aes_gcm_dec_256_, aes_gcm_dec_192_",
        "aes_gcm_pre_128_, aes_gcm_pre_192_"
    })
    void oneThatComputesAnythingElseIsRefused(String function, String replacement) throws Exception {
        SymbolLookup real = installed();
        String suffix = new Library(real).gcm().implementation().suffix;
        SymbolLookup wrong =
                with(real, function + suffix, real.find(replacement + suffix).orElseThrow());
        GcmFunctions gcm = new Library(wrong).gcm();
        String reason = assertThrows(UnusableException.class, () -> SelfTest.require(gcm))
                .getMessage();
        assertTrue(reason.contains("gives wrong results on this machine"), reason);
    }

    @ParameterizedTest
    @CsvSource({"Linux, aarch64", "Windows 11, amd64", "Mac OS X, x86_64", "Linux, riscv64"})
    void otherMachinesAreToldOf(String os, String architecture) {
        assertEquals(
                "it needs Linux on x86_64, this is " + os + " on " + architecture,
                Library.machineReason(os, architecture));
    }

    @Test
    void linuxOnX86IsFit() {
        assertNull(Library.machineReason("Linux", "amd64"));
        assertNull(Library.machineReason("Linux", "x86_64"));
    }

    @Test
    void fromTwoOnTheSystemHasToSaveWideRegisters() {
        long avx2 = 0b1111111L | 1L << 18;
        assertTrue(GcmImplementation.AVX2.runsOn(avx2, new LibraryVersion(1, 5, 0)));
        assertFalse(GcmImplementation.AVX2.runsOn(avx2, new LibraryVersion(2, 0, 1)));
        assertTrue(GcmImplementation.AVX2.runsOn(avx2 | 3L << 26, new LibraryVersion(2, 0, 1)));
        assertTrue(GcmImplementation.SSE.runsOn(avx2, new LibraryVersion(2, 0, 1)));
    }
}
