package io.stoq.transport.io.libc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class PlatformTest {

    @Test
    void linuxOnBothMachinesIsKnown() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "asks the linker of this machine");
        assertNull(Platform.machineReason("Linux", "amd64"));
        assertNull(Platform.machineReason("Linux", "aarch64"));
    }

    @Test
    void otherMachinesAreNamed() {
        assertEquals("it needs Linux, this is Mac OS X", Platform.machineReason("Mac OS X", "aarch64"));
        assertEquals("it knows x86_64 and aarch64, this is riscv64", Platform.machineReason("Linux", "riscv64"));
    }

    @Test
    void theProbeIsOkOnLinuxOrSaysWhy() {
        if (!System.getProperty("os.name").equals("Linux")) {
            assertNotNull(Platform.unavailableReason());
        }
    }

    @Test
    void errorsHaveNames() {
        assertEquals("EMSGSIZE (90)", Errno.describe(Errno.EMSGSIZE));
        assertEquals("errno (77)", Errno.describe(77));
    }
}
