package io.stoq.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MachineTest {

    @Test
    void thisMachineIsDescribed() {
        Machine machine = Machine.here();
        assertFalse(machine.processor().isBlank());
        assertEquals(Runtime.getRuntime().availableProcessors(), machine.processors());
        assertTrue(machine.java().contains(Runtime.version().toString()));
        assertTrue(machine.kernel().startsWith(System.getProperty("os.name")));
        if (machine.socketBuffers() != null) {
            assertTrue(
                    machine.socketBuffers().matches("net\\.core\\.rmem_max \\d{4,}, wmem_max \\d{4,}"),
                    machine::toString);
        }
    }
}
